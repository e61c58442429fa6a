// SPDX-License-Identifier: MIT
#include "storage/mp4_samples.h"

#include <algorithm>
#include <bit>

#include "storage/box.h"

namespace ronin {
namespace {

// In a NAL unit there are never more than two, but for what careless cameras put behind it.
constexpr size_t kTooManyZeros = 16;

bool HasRunOfZeros(std::string_view bytes) {
  // The last of a run is hit by one of each so many.
  for (size_t at = kTooManyZeros - 1; at < bytes.size(); at += kTooManyZeros) {
    if (bytes[at] != 0) continue;
    size_t begin = at;
    while (begin > 0 && bytes[begin - 1] == 0 && at - begin < kTooManyZeros) --begin;
    size_t end = at + 1;
    while (end < bytes.size() && bytes[end] == 0 && end - begin < kTooManyZeros) ++end;
    if (end - begin >= kTooManyZeros) return true;
  }
  return false;
}

bool NalUnitsFill(std::string_view sample, int length_bytes) {
  while (!sample.empty()) {
    if (sample.size() <= size_t(length_bytes)) return false;
    uint64_t length = 0;
    for (int i = 0; i < length_bytes; ++i) length = length << 8 | uint8_t(sample[size_t(i)]);
    sample.remove_prefix(size_t(length_bytes));
    if (length == 0 || length > sample.size()) return false;
    if (HasRunOfZeros(sample.substr(0, size_t(length)))) return false;
    sample.remove_prefix(size_t(length));
  }
  return true;
}

bool SampleIsWhole(std::string_view sample, const Mp4SampleKind& kind) {
  if (kind.length_bytes > 0) return NalUnitsFill(sample, kind.length_bytes);
  return !kind.never_zero || sample.empty() ||
         std::ranges::any_of(sample, [](char byte) { return byte != 0; });
}

/// Goes through the samples of a fragment in the order of their runs.
class Samples {
 public:
  Samples(std::string_view fragment, uint64_t offset, const Mp4Header& header)
      : fragment_(fragment), offset_(offset), header_(header) {}

  bool AreWhole(std::string_view moof) {
    while (const auto box = NextBox(moof)) {
      if (box->type == Fourcc("traf") && !TrackIsWhole(box->body)) return false;
    }
    return true;
  }

 private:
  // ISO/IEC 14496-12, 8.8.7.
  bool TrackIsWhole(std::string_view traf) {
    const auto tfhd = FindBox(traf, Fourcc("tfhd"));
    if (!tfhd) return true;
    ByteReader reader(tfhd->body);
    reader.Skip(1);
    const uint32_t flags = reader.U24();
    const uint32_t track = reader.U32();
    const auto kind = std::ranges::find(header_.kinds, track, &Mp4SampleKind::track);
    if (kind == header_.kinds.end()) return true;
    // Relative to the moof; may wrap for nonsense, and is held against the bytes later.
    uint64_t base = 0;
    if ((flags & 0x1) != 0) {
      base = reader.U64() - offset_;
    } else if ((flags & 0x020000) == 0) {
      base = next_base_;
    }
    if ((flags & 0x2) != 0) reader.Skip(4);
    if ((flags & 0x8) != 0) reader.Skip(4);
    const uint32_t size = (flags & 0x10) != 0 ? reader.U32() : kind->default_size;
    if (!reader.ok()) return true;
    at_ = base;
    while (const auto box = NextBox(traf)) {
      if (box->type == Fourcc("trun") && !RunIsWhole(box->body, base, size, *kind)) return false;
    }
    next_base_ = at_;
    return true;
  }

  // ISO/IEC 14496-12, 8.8.8.
  bool RunIsWhole(std::string_view trun, uint64_t base, uint32_t size, const Mp4SampleKind& kind) {
    ByteReader reader(trun);
    reader.Skip(1);
    const uint32_t flags = reader.U24();
    const uint32_t samples = reader.U32();
    if ((flags & 0x1) != 0) at_ = base + uint64_t(int64_t(int32_t(reader.U32())));
    if ((flags & 0x4) != 0) reader.Skip(4);
    const bool has_duration = (flags & 0x100) != 0;
    const bool has_size = (flags & 0x200) != 0;
    const auto rest = size_t(4 * std::popcount(flags & 0xc00));
    for (uint32_t i = 0; i < samples; ++i) {
      if (has_duration) reader.Skip(4);
      const uint64_t length = has_size ? reader.U32() : size;
      reader.Skip(rest);
      if (!reader.ok() || at_ > fragment_.size() || length > fragment_.size() - at_) return true;
      if (!SampleIsWhole(fragment_.substr(size_t(at_), size_t(length)), kind)) return false;
      if (length == 0) return true;  // no loop over nothing, however many of them
      at_ += length;
    }
    return true;
  }

  const std::string_view fragment_;
  const uint64_t offset_;
  const Mp4Header& header_;
  uint64_t at_ = 0;         // of the next sample, relative to the moof
  uint64_t next_base_ = 0;  // where the data of the tracks so far ends
};

}  // namespace

bool SamplesAreWhole(std::string_view fragment, uint64_t offset, const Mp4Header& header) {
  std::string_view boxes = fragment;
  const auto moof = NextBox(boxes);
  if (!moof || moof->type != Fourcc("moof")) return true;
  return Samples(fragment, offset, header).AreWhole(moof->body);
}

}  // namespace ronin

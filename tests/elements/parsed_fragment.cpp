// SPDX-License-Identifier: MIT
#include "elements/parsed_fragment.h"

#include <numeric>

namespace ronin::testing {
namespace {

std::optional<ParsedTrack> ParseTrack(std::string_view traf, std::string_view moof_on) {
  ParsedTrack out;
  const auto tfhd = FindBody(traf, "tfhd");
  const auto tfdt = FindBody(traf, "tfdt");
  const auto trun = FindBody(traf, "trun");
  if (!tfhd || !tfdt || !trun) return std::nullopt;
  if (Number(*tfhd, 0, 4) != 0x20020) return std::nullopt;  // default-base-is-moof, flags
  out.id = uint32_t(Number(*tfhd, 4, 4));
  uint64_t first_flags = Number(*tfhd, 8, 4);
  if (Number(*tfdt, 0, 1) != 1) return std::nullopt;
  out.decode_time = Number(*tfdt, 4, 8);
  const uint64_t flags = Number(*trun, 1, 3);
  if ((flags & 0x301) != 0x301) return std::nullopt;
  const uint64_t count = Number(*trun, 4, 4);
  uint64_t payload = Number(*trun, 8, 4);
  size_t at = 12;
  const auto next = [&] {
    at += 4;
    return Number(*trun, at - 4, 4);
  };
  if ((flags & 0x4) != 0) first_flags = next();
  out.sync = (first_flags & 0x10000) == 0;
  for (uint64_t i = 0; i < count; ++i) {
    out.durations.push_back(int64_t(next()));
    const uint64_t size = next();
    out.offsets.push_back((flags & 0x800) != 0 ? int32_t(uint32_t(next())) : 0);
    if (payload + size > moof_on.size()) return std::nullopt;
    out.samples.emplace_back(moof_on.substr(payload, size));
    payload += size;
  }
  if (at != trun->size()) return std::nullopt;
  return out;
}

}  // namespace

uint64_t Number(std::string_view bytes, size_t at, size_t size) {
  uint64_t out = 0;
  for (size_t i = at; i < at + size; ++i)
    out = out << 8 | (i < bytes.size() ? uint8_t(bytes[i]) : 0);
  return out;
}

std::vector<ParsedBox> ParseBoxes(std::string_view bytes) {
  std::vector<ParsedBox> out;
  size_t at = 0;
  while (at < bytes.size()) {
    const uint64_t size = Number(bytes, at, 4);
    if (size < 8 || size > bytes.size() - at) return {};
    out.push_back({std::string(bytes.substr(at + 4, 4)), at, bytes.substr(at + 8, size - 8)});
    at += size;
  }
  return out;
}

std::optional<std::string_view> FindBody(std::string_view bytes, std::string_view path) {
  const size_t slash = path.find('/');
  for (const ParsedBox& box : ParseBoxes(bytes)) {
    if (box.type != path.substr(0, slash)) continue;
    return slash == path.npos ? box.body : FindBody(box.body, path.substr(slash + 1));
  }
  return std::nullopt;
}

int64_t ParsedTrack::duration() const {
  return std::accumulate(durations.begin(), durations.end(), int64_t(0));
}

std::vector<int64_t> ParsedTrack::pts() const {
  std::vector<int64_t> out;
  auto time = int64_t(decode_time);
  for (size_t i = 0; i < durations.size(); ++i) {
    out.push_back(time + offsets[i]);
    time += durations[i];
  }
  return out;
}

const ParsedTrack* ParsedFragment::track(uint32_t id) const {
  for (const ParsedTrack& track : tracks) {
    if (track.id == id) return &track;
  }
  return nullptr;
}

std::optional<ParsedFragment> ParseFragment(std::string_view bytes) {
  ParsedFragment out;
  auto boxes = ParseBoxes(bytes);
  if (!boxes.empty() && boxes[0].type == "prft") {
    const std::string_view body = boxes[0].body;
    if (Number(body, 0, 1) != 1 || Number(body, 4, 4) != 1) return std::nullopt;
    out.producer_time = {Number(body, 8, 8), Number(body, 16, 8)};
    boxes.erase(boxes.begin());
  }
  if (boxes.size() != 2 || boxes[0].type != "moof" || boxes[1].type != "mdat") return std::nullopt;
  const auto header = FindBody(boxes[0].body, "mfhd");
  if (!header) return std::nullopt;
  out.sequence = uint32_t(Number(*header, 4, 4));
  size_t payload = 0;
  for (const ParsedBox& box : ParseBoxes(boxes[0].body)) {
    if (box.type != "traf") continue;
    auto track = ParseTrack(box.body, bytes.substr(boxes[0].at));
    if (!track) return std::nullopt;
    for (const std::string& sample : track->samples) payload += sample.size();
    out.tracks.push_back(std::move(*track));
  }
  if (out.tracks.empty() || payload != boxes[1].body.size()) return std::nullopt;
  return out;
}

}  // namespace ronin::testing

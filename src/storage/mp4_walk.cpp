// SPDX-License-Identifier: MIT
#include "storage/mp4_walk.h"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "storage/box.h"
#include "storage/mp4_samples.h"

namespace ronin {
namespace {

constexpr uint64_t kMaxBoxInMemory = 16 << 20;
// An hour in fragments of 50 ms has 0.2 million boxes.
constexpr int kMaxBoxes = 2'000'000;
constexpr uint64_t kMaxSeconds = 366 * 86400;
constexpr size_t kLookedAt = 50;
constexpr uint64_t kMaxFragmentInMemory = 64 << 20;

// Boxes that may stand between, before and behind fragments.
bool IsHarmless(uint32_t type) {
  constexpr uint32_t kTypes[] = {Fourcc("styp"), Fourcc("prft"), Fourcc("emsg"), Fourcc("sidx"),
                                 Fourcc("free"), Fourcc("skip"), Fourcc("uuid"), Fourcc("mfra")};
  return std::ranges::find(kTypes, type) != std::end(kTypes);
}

// Such a box belongs to the fragment that follows; alone it is the beginning of a torn one.
bool IsPrefix(uint32_t type) { return type == Fourcc("prft") || type == Fourcc("emsg"); }

}  // namespace

/// False: it became shorter meanwhile.
Result<bool> Mp4Walk::ReadAt(uint64_t offset, size_t length, std::string& out) const {
  // The boxes that lead a fragment, and its `moof`, are read together.
  constexpr size_t kWindow = 4096;
  if (length > kWindow || offset >= size_) return ReadFile(offset, length, out);
  if (offset < window_at_ || offset - window_at_ + length > window_.size()) {
    const size_t most = size_t(std::min<uint64_t>(kWindow, size_ - offset));
    window_at_ = offset;
    const auto read = ReadFile(offset, std::max(most, length), window_);
    if (!read || !*read) {
      window_.clear();
      return ReadFile(offset, length, out);
    }
  }
  out.assign(window_, size_t(offset - window_at_), length);
  return true;
}

Result<bool> Mp4Walk::ReadFile(uint64_t offset, size_t length, std::string& out) const {
  out.resize(length);
  for (size_t done = 0; done < length;) {
    const ssize_t got = pread(fd_, out.data() + done, length - done, off_t(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail(ErrorFromErrno(errno, Concat("cannot read \"", path_, "\"")));
    if (got == 0) return false;
    done += size_t(got);
  }
  return true;
}

// Nothing: no whole box begins here.
Result<std::optional<Mp4Walk::Top>> Mp4Walk::NextTop(uint64_t offset) const {
  const uint64_t left = size_ - offset;
  if (left < 8) return std::nullopt;
  std::string bytes;
  const auto read = ReadAt(offset, size_t(std::min<uint64_t>(left, 16)), bytes);
  if (!read) return Fail(read.error());
  if (!*read) return std::nullopt;
  ByteReader reader(bytes);
  uint64_t size = reader.U32();
  const uint32_t type = reader.U32();
  uint64_t header = 8;
  if (size == 1) {
    size = reader.U64();
    header = 16;
  }
  if (!reader.ok() || size < header || size > left) return std::nullopt;
  return Top{type, offset + header, offset + size};
}

Status Mp4Walk::ReadMoov(const Top& box) {
  const uint64_t length = box.end - box.body;
  const auto read = length <= kMaxBoxInMemory ? ReadAt(box.body, size_t(length), buffer_) : false;
  if (!read) return Fail(read.error());
  if (!*read) return Fail(ErrorKind::kCorrupt, Concat("\"", path_, "\" has an unreadable header"));
  header_ = ReadMp4Header(buffer_);
  if (!header_->fragmented) {
    return Fail(ErrorKind::kUnsupported, Concat("\"", path_, "\" is an MP4 without fragments"));
  }
  scan_.video = header_->video;
  scan_.audio = header_->audio;
  scan_.origin = header_->origin;
  scan_.whole_bytes = box.end;
  return {};
}

Status Mp4Walk::ReadMoof(const Top& box, uint64_t offset) {
  if (in_fragment_) ++damaged_;  // the one before had no mdat
  in_fragment_ = true;
  moof_at_ = offset;
  fragment_at_ = prefix_at_.value_or(offset);
  pending_.reset();
  view_.reset();
  const uint64_t length = box.end - offset;
  if (length > kMaxBoxInMemory) return {};
  const auto read = ReadAt(offset, size_t(length), buffer_);
  if (!read) return Fail(read.error());
  if (!*read) return {};
  pending_ = ReadMp4Fragment(std::string_view(buffer_).substr(box.body - offset), *header_);
  view_ = ronin_plugin::MoofView::Read(reinterpret_cast<const uint8_t*>(buffer_.data()),
                                       buffer_.size());
  return {};
}

/// A fragment whose moof says less than our own do counts as a part of the one before.
void Mp4Walk::AddToIndex(uint64_t end) {
  media_end_ = end;
  if (!view_) return;
  const auto& first = view_->tracks.front();
  index_.Add(fragment_at_, moof_at_ - fragment_at_, end - fragment_at_, first.id, first.decode_time,
             first.sync);
  for (const auto& track : view_->tracks) {
    if (any_picture_ || track.id != header_->video_track || track.samples == 0) continue;
    any_picture_ = true;
    scan_.begin = Micros(ronin_plugin::MicrosOfFirst(track, 0, header_->video_timescale));
  }
}

void Mp4Walk::FinishFragment(const Top& mdat) {
  if (in_fragment_ && pending_) {
    last_.push_back({scan_.whole_bytes, moof_at_, mdat.end});
    if (last_.size() > kLookedAt) last_.pop_front();
    scan_.whole_bytes = mdat.end;
    scan_.damaged = damaged_;
    ++scan_.fragments;
    scan_.frames += pending_->samples;
    AddToIndex(mdat.end);
    if (pending_->samples > 0) AddTimes(*pending_);
  } else {
    // Players skip it; if nothing good follows, it is cut off with the tail.
    ++damaged_;
  }
  in_fragment_ = false;
  pending_.reset();
}

void Mp4Walk::AddTimes(const Mp4Fragment& fragment) {
  const uint64_t begin = fragment.decode_time.value_or(next_);
  if (!first_) first_ = begin;
  sum_ += fragment.duration;  // may wrap for nonsense; Duration() bounds it
  if (__builtin_add_overflow(begin, fragment.duration, &next_)) next_ = begin;
  end_ = std::max(end_, next_);
}

// From the first to the last time, gaps included; by the samples alone when the times are absurd.
Micros Mp4Walk::Duration() const {
  if (!first_ || !header_ || header_->video_timescale == 0) return {};
  const uint64_t scale = header_->video_timescale;
  uint64_t units = end_ > *first_ ? end_ - *first_ : 0;
  if (units / scale > kMaxSeconds) units = std::min(sum_, kMaxSeconds * scale);
  return Micros(int64_t(units / scale * 1'000'000 + units % scale * 1'000'000 / scale));
}

Status Mp4Walk::Visit(const Top& box, uint64_t offset) {
  if (IsPrefix(box.type)) {
    if (!prefix_at_) prefix_at_ = offset;
    return {};
  }
  if (box.type == Fourcc("moof")) {
    auto read = ReadMoof(box, offset);
    prefix_at_.reset();
    return read;
  }
  prefix_at_.reset();
  if (box.type == Fourcc("mdat")) {
    FinishFragment(box);
  } else if (!in_fragment_ && offset == scan_.whole_bytes) {
    scan_.whole_bytes = box.end;
  }
  return {};
}

Result<Mp4Scan> Mp4Walk::Summary() {
  if (!header_) {
    return Fail(ErrorKind::kCorrupt,
                Concat("\"", path_, "\" does not begin with the whole header of an MP4 file"));
  }
  scan_.torn_bytes = file_size_ - scan_.whole_bytes;
  scan_.duration = Duration();
  return scan_;
}

Status Mp4Walk::Measure() {
  struct stat info = {};
  if (fstat(fd_, &info) != 0) {
    return Fail(ErrorFromErrno(errno, Concat("cannot look at \"", path_, "\"")));
  }
  file_size_ = uint64_t(info.st_size);
  size_ = std::min(file_size_, limit_);
  return {};
}

// Nothing: it has no whole header.
Result<std::optional<Mp4Walk::Top>> Mp4Walk::FindMoov() const {
  constexpr int kMostBoxes = 8;  // it is the second one
  uint64_t offset = 0;
  for (int boxes = 0; offset < size_ && boxes < kMostBoxes; ++boxes) {
    const auto box = NextTop(offset);
    if (!box) return Fail(box.error());
    if (!*box || (offset == 0) != ((*box)->type == Fourcc("ftyp"))) break;
    if ((*box)->type == Fourcc("moov")) return *box;
    offset = (*box)->end;
  }
  return std::nullopt;
}

Result<std::optional<Mp4Origin>> Mp4Walk::ReadOrigin() {
  if (auto measured = Measure(); !measured) return Fail(std::move(measured.error()));
  const auto moov = FindMoov();
  if (!moov) return Fail(moov.error());
  if (!*moov || (*moov)->end - (*moov)->body > kMaxBoxInMemory) return std::nullopt;
  const auto read = ReadAt((*moov)->body, size_t((*moov)->end - (*moov)->body), buffer_);
  if (!read) return Fail(read.error());
  return *read ? ReadMp4Header(buffer_).origin : std::nullopt;
}

/// By its last box, which says where the `mfra` that it ends begins.
Result<bool> Mp4Walk::EndsWithIndex() const {
  constexpr size_t kLast = 16;
  std::string bytes;
  if (size_ < kLast) return false;
  if (const auto read = ReadAt(size_ - kLast, kLast, bytes); !read || !*read) return read;
  ByteReader last(bytes);
  const bool is_mfro = last.U32() == kLast && last.U32() == Fourcc("mfro");
  last.U32();  // version and flags
  const uint64_t length = last.U32();
  if (!is_mfro || length < kLast || length > size_) return false;
  const auto index = NextTop(size_ - length);
  if (!index) return Fail(index.error());
  return *index && (*index)->type == Fourcc("mfra") && (*index)->end == size_;
}

Result<std::optional<Mp4Scan>> Mp4Walk::ReadEnds() {
  if (auto measured = Measure(); !measured) return Fail(std::move(measured.error()));
  const auto ends = EndsWithIndex();
  if (!ends) return Fail(ends.error());
  const auto moov = *ends ? FindMoov() : std::nullopt;
  if (!moov) return Fail(moov.error());
  if (!*moov) return std::nullopt;
  if (auto read = ReadMoov(**moov); !read) return Fail(std::move(read.error()));
  scan_.whole_bytes = file_size_;
  return scan_;
}

std::string Mp4Walk::Index() const {
  const auto bytes = index_.Write();
  return {bytes.begin(), bytes.end()};
}

Result<Mp4Scan> Mp4Walk::CheckIndex() {
  if (!scan_.origin || index_.empty()) return scan_;
  const std::string index = Index();
  std::string found;
  const uint64_t kept = scan_.whole_bytes - media_end_;
  const auto read = ReadAt(media_end_, size_t(std::min<uint64_t>(kept, index.size())), found);
  if (!read) return Fail(read.error());
  if (!*read || found == index) return scan_;
  // A power cut may leave zeros instead of it. What another program added stays.
  const bool begun = std::equal(found.begin(), found.end(), index.begin(),
                                [](char is, char was) { return is == was || is == '\0'; });
  if (!begun) return scan_;
  scan_.whole_bytes = media_end_;
  scan_.torn_bytes = file_size_ - media_end_;
  scan_.unindexed = true;
  return scan_;
}

Result<Mp4Scan> Mp4Walk::Run() {
  if (auto measured = Measure(); !measured) return Fail(std::move(measured.error()));
  uint64_t offset = 0;
  for (int boxes = 0; offset < size_ && boxes < kMaxBoxes; ++boxes) {
    const auto next = NextTop(offset);
    if (!next) return Fail(next.error());
    const std::optional<Top>& box = *next;
    if (!box || (offset == 0) != (box->type == Fourcc("ftyp"))) break;
    if (box->type == Fourcc("moov") && !header_) {
      if (auto read = ReadMoov(*box); !read) return Fail(std::move(read.error()));
    } else if (header_) {
      const bool media = box->type == Fourcc("moof") || box->type == Fourcc("mdat");
      if (!media && !IsHarmless(box->type)) break;
      if (auto seen = Visit(*box, offset); !seen) return Fail(std::move(seen.error()));
    } else if (offset != 0 && !IsHarmless(box->type)) {
      break;  // media before the header: not ours
    }
    offset = box->end;
  }
  return Summary();
}

Result<uint64_t> Mp4Walk::EndOfWholeSamples() {
  std::string bytes;
  for (auto place = last_.rbegin(); place != last_.rend(); ++place) {
    const uint64_t length = place->end - place->moof;
    const auto read = length <= kMaxFragmentInMemory ? ReadAt(place->moof, size_t(length), bytes)
                                                     : Result<bool>(false);
    if (!read) return Fail(read.error());
    if (*read && !SamplesAreWhole(bytes, place->moof, *header_)) continue;
    return place == last_.rbegin() ? limit_ : place->end;
  }
  return last_.empty() || last_.size() == kLookedAt ? limit_ : last_.front().before;
}

}  // namespace ronin

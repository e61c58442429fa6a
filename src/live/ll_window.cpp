// SPDX-License-Identifier: MIT
#include "live/ll_window.h"

#include <algorithm>
#include <utility>

#include <glib.h>

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kWholeSegment = 980ms;  // at least, if GOPs allow it; a second less some jitter
constexpr Nanos kLongestWait = 2500ms;  // for the end of the first GOP
constexpr size_t kToMeasure = 6;        // frames
constexpr size_t kSpare = 2;            // segments that are kept but listed no more
constexpr int kListedTargets = 10;      // how much is listed, in target durations

/// What stands in the place of media that never was: a segment without any (ISO 14496-12, 8.16.2).
constexpr unsigned char kNothing[] = {0,   0,   0, 20, 's', 't', 'y', 'p', 'm', 's',
                                      'd', 'h', 0, 0,  0,   0,   'm', 's', 'd', 'h'};

GRef<GBytes> Join(const std::vector<GRef<GBytes>>& pieces) {
  if (pieces.size() == 1) return pieces.front();
  gsize size = 0;
  for (const auto& piece : pieces) size += g_bytes_get_size(piece.Get());
  auto* out = static_cast<guint8*>(g_malloc(std::max<gsize>(size, 1)));
  gsize at = 0;
  for (const auto& piece : pieces) {
    gsize length = 0;
    const auto* data = static_cast<const guint8*>(g_bytes_get_data(piece.Get(), &length));
    std::copy_n(data, length, out + at);
    at += length;
  }
  return Adopt(g_bytes_new_take(out, size));
}

/// How far beyond the newest part a client may ask (RFC 8216bis, 6.2.5.2).
int64_t PartsAhead(const LlPace& pace) {
  if (pace.part_target >= 1s) return 3;
  return (3s + pace.part_target - 1ns) / pace.part_target;
}

}  // namespace

LlWindow::LlWindow(Options options)
    : options_(std::move(options)), next_number_(options_.first_number) {}

LlSegment* LlWindow::open() {
  return segments_.empty() || segments_.back().whole ? nullptr : &segments_.back();
}

const LlSegment* LlWindow::open() const {
  return segments_.empty() || segments_.back().whole ? nullptr : &segments_.back();
}

void LlWindow::Begin(GRef<GBytes> init) {
  End();
  early_.clear();
  // Named after the segment it is for: no two of one stream are alike.
  newest_init_ = next_number_;
  inits_[newest_init_] = std::move(init);
  discontinuity_ = !segments_.empty();
}

void LlWindow::End() {
  if (open() != nullptr) {
    ClosePart(true);
    CloseSegment();
  }
  needs_keyframe_ = true;
  last_decode_ = 0ns;
  lasts_ = 0ns;
  usual_frames_ = 0;
}

void LlWindow::Add(const Chunk& chunk) {
  if (needs_keyframe_ && !chunk.key) return;
  needs_keyframe_ = false;
  if (pace_) {
    Take(chunk);
    return;
  }
  early_.push_back(chunk);
  if (!ChoosePace()) return;
  for (const Chunk& early : std::exchange(early_, {})) Take(early);
}

/// The median of what passed between the early frames.
Nanos LlWindow::UsualFrame() const {
  std::vector<Nanos> between;
  for (size_t i = 1; i < early_.size(); ++i) {
    between.push_back(early_[i].decode_time - early_[i - 1].decode_time);
  }
  if (between.empty()) return early_.front().duration;
  const auto middle = between.begin() + std::ptrdiff_t(between.size() / 2);
  std::nth_element(between.begin(), middle, between.end());
  return *middle;
}

bool LlWindow::ChoosePace() {
  const Chunk& first = early_.front();
  const Chunk& newest = early_.back();
  std::optional<Nanos> gop = options_.gop;
  uint64_t bytes = 0;
  for (const Chunk& chunk : early_) {
    bytes += g_bytes_get_size(chunk.bytes.Get());
    if (!gop && chunk.key && &chunk != &first) gop = chunk.decode_time - first.decode_time;
  }
  const bool late =
      newest.decode_time - first.decode_time >= kLongestWait || bytes > options_.memory / 3;
  if (!late && !(gop && early_.size() >= kToMeasure)) return false;
  pace_ = LlPace::For(UsualFrame(), gop);
  OpenGap(first);
  return true;
}

void LlWindow::OpenGap(const Chunk& chunk) {
  const auto target = std::chrono::seconds(pace_->target_s);
  segments_.push_back({.number = next_number_++,
                       .init = newest_init_,
                       .start = chunk.taken - target,
                       .duration = target,
                       .joined = Adopt(g_bytes_new_static(kNothing, sizeof kNothing)),
                       .gap = true,
                       .whole = true});
}

bool LlWindow::EndsSegment(const Chunk& chunk) const {
  const LlSegment* segment = open();
  return segment != nullptr && chunk.key && (elapsed_ >= kWholeSegment || !segment->independent);
}

void LlWindow::Take(const Chunk& chunk) {
  const Nanos passed =
      last_decode_ == 0ns ? chunk.duration : std::max<Nanos>(chunk.decode_time - last_decode_, 0ns);
  last_decode_ = chunk.decode_time;
  if (EndsSegment(chunk)) {
    usual_frames_ = open()->independent ? open()->frames : 0;
    ClosePart(true);
    CloseSegment();
  }
  if (open() == nullptr) OpenSegment(chunk);
  LlSegment& segment = *open();
  frames_.push_back(chunk.bytes);
  has_keyframe_ = has_keyframe_ || chunk.key;
  lasts_ += passed;
  elapsed_ += passed;
  ++segment.frames;
  if (lasts_ < pace_->enough()) return;
  ClosePart(false);
  if (segment.duration + pace_->part_target > pace_->most_segment() ||
      segment.bytes > options_.memory / 3) {
    CloseSegment();
  }
}

void LlWindow::OpenSegment(const Chunk& chunk) {
  if (slow_frame_ > 0ns) {
    // Parts of two kinds in one playlist would break the rule of 85 %.
    pace_ = pace_->WithFrame(slow_frame_);
    for (LlSegment& segment : segments_) segment.parts_are_listed = false;
    slow_frame_ = 0ns;
    lasts_ = 0ns;
  }
  elapsed_ = 0ns;
  segments_.push_back({.number = next_number_++,
                       .init = newest_init_,
                       .start = chunk.taken,
                       .independent = chunk.key,
                       .discontinuity = std::exchange(discontinuity_, false)});
}

void LlWindow::ClosePart(bool last) {
  if (frames_.empty()) return;
  // What is said of a part stays within the rules; what that is wrong by is made good by the next
  // ones, so that jitter adds up to nothing. Times in the media itself are right in any case.
  const Nanos least = last ? Nanos(1ms) : pace_->least_part();
  const Nanos said = std::clamp(lasts_, least, pace_->part_target);
  lasts_ = std::clamp<Nanos>(lasts_ - said, -pace_->part_target, pace_->part_target);
  LlSegment& segment = *open();
  segment.parts.push_back(
      {Join(std::exchange(frames_, {})), said, std::exchange(has_keyframe_, false)});
  const gsize size = g_bytes_get_size(segment.parts.back().bytes.Get());
  segment.duration += said;
  segment.bytes += size;
  bytes_ += size;
  Forget();
}

void LlWindow::CloseSegment() {
  LlSegment& segment = *open();
  segment.whole = true;
  const Nanos frame = elapsed_ / int64_t(segment.frames);
  if (frame > pace_->part_target) slow_frame_ = frame;
  Forget();
}

/// The oldest segment of those that are listed.
size_t LlWindow::FirstListed() const {
  const Nanos wanted = std::chrono::seconds(kListedTargets * pace_->target_s);
  Nanos listed{};
  size_t out = segments_.size();
  while (out > 0 && listed < wanted) listed += segments_[--out].duration;
  return out;
}

void LlWindow::Forget() {
  playlist_.clear();
  delta_.clear();
  while (segments_.size() > 2 && (bytes_ > options_.memory || FirstListed() > kSpare)) {
    const LlSegment& oldest = segments_.front();
    bytes_ -= oldest.bytes;
    gone_discontinuities_ += oldest.discontinuity ? 1 : 0;
    segments_.pop_front();
  }
  inits_.erase(inits_.begin(), inits_.lower_bound(segments_.front().init));
}

bool LlWindow::ready() const {
  if (segments_.empty()) return false;
  const LlSegment* segment = open();
  if (segment == nullptr) return segments_.size() > 1;
  // Players begin that far from the end, and that must not be in the gap.
  return segments_.size() > 2 || segment->duration > pace_->hold_back() + pace_->part_target;
}

LlPartId LlWindow::next() const {
  const LlSegment* segment = open();
  if (segment == nullptr) return {next_number_, 0};
  // At the length of the GOP before, a keyframe is due, and that begins the next segment.
  if (frames_.empty() && segment->frames == usual_frames_) return {next_number_, 0};
  return {segment->number, int64_t(segment->parts.size())};
}

const std::string& LlWindow::Playlist(bool delta) const {
  std::string& out = delta ? delta_ : playlist_;
  if (out.empty() && !segments_.empty()) {
    out = WriteLlPlaylist({.segments = segments_,
                           .first = FirstListed(),
                           .pace = *pace_,
                           .gone_discontinuities = gone_discontinuities_,
                           .next = next(),
                           .query = options_.query},
                          delta);
  }
  return out;
}

LlWindow::Look LlWindow::LookFor(int64_t segment, std::optional<int64_t> part) const {
  if (segments_.empty()) return Look::kLater;
  const auto whole = std::ptrdiff_t(segments_.size()) - (open() != nullptr ? 1 : 0);
  const LlSegment& last = segments_[size_t(std::max<std::ptrdiff_t>(whole, 1) - 1)];
  const int64_t current = open() != nullptr ? open()->number : next_number_;
  if (segment == current - 1 && part && *part >= int64_t(last.parts.size())) {
    // That segment ended before it, so it is the first part of the next one.
    return LookFor(current, 0);
  }
  if (segment < current) return Look::kThere;
  if (segment > current + 1) return Look::kInvalid;
  if (!part) return Look::kLater;
  const int64_t parts = segment == current && open() != nullptr ? int64_t(open()->parts.size()) : 0;
  if (*part < parts) return Look::kThere;
  return *part < parts + PartsAhead(*pace_) ? Look::kLater : Look::kInvalid;
}

LlWindow::FoundPart LlWindow::Part(LlPartId id) const {
  for (const LlSegment& segment : segments_) {
    if (segment.number != id.segment) continue;
    const auto parts = int64_t(segment.parts.size());
    if (id.part >= 0 && id.part < parts) return {segment.parts[size_t(id.part)].bytes};
    return {.later = !segment.whole && id.part == parts};
  }
  return {.later = id == LlPartId{next_number_, 0}};
}

GRef<GBytes> LlWindow::Segment(int64_t number) {
  for (LlSegment& segment : segments_) {
    if (segment.number != number || !segment.whole) continue;
    if (segment.joined) return segment.joined;
    std::vector<GRef<GBytes>> pieces;
    for (const LlPart& part : segment.parts) pieces.push_back(part.bytes);
    segment.joined = Join(pieces);
    gsize at = 0;
    for (LlPart& part : segment.parts) {
      const gsize size = g_bytes_get_size(part.bytes.Get());
      part.bytes = Adopt(g_bytes_new_from_bytes(segment.joined.Get(), at, size));
      at += size;
    }
    return segment.joined;
  }
  return {};
}

GRef<GBytes> LlWindow::Init(std::optional<int64_t> number) const {
  const auto found = inits_.find(number.value_or(newest_init_));
  return found == inits_.end() ? GRef<GBytes>() : found->second;
}

}  // namespace ronin::live

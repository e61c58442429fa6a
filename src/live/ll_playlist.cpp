// SPDX-License-Identifier: MIT
#include "live/ll_playlist.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include "base/time_text.h"

namespace ronin::live {
namespace {

constexpr size_t kWithParts =
    2;  // whole segments whose parts are listed; older ones are taken whole

/// Grows a text by printf; a playlist is written many times per second.
class Text {
 public:
  [[gnu::format(printf, 2, 3)]] void Add(const char* format, ...) {
    char line[512];
    va_list args;
    va_start(args, format);
    const int length = std::vsnprintf(line, sizeof line, format, args);
    va_end(args);
    text_.append(line, size_t(std::clamp(length, 0, int(sizeof line) - 1)));
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

void AddHead(Text& out, const LlListing& listing) {
  const LlPace& pace = listing.pace;
  int64_t discontinuities = listing.gone_discontinuities;
  bool independent = true;
  for (size_t i = 0; i < listing.segments.size(); ++i) {
    const LlSegment& segment = listing.segments[i];
    if (i < listing.first) {
      discontinuities += segment.discontinuity ? 1 : 0;
    } else {
      independent = independent && (segment.independent || segment.gap);
    }
  }
  out.Add(
      "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:%d\n"
      "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=%.5f,CAN-SKIP-UNTIL=%d.0\n"
      "#EXT-X-PART-INF:PART-TARGET=%.5f\n"
      "#EXT-X-MEDIA-SEQUENCE:%lld\n#EXT-X-DISCONTINUITY-SEQUENCE:%lld\n",
      pace.target_s, InSeconds(pace.hold_back()), int(pace.skip_until().count()),
      InSeconds(pace.part_target),
      static_cast<long long>(listing.segments[listing.first].number),  // NOLINT: printf
      static_cast<long long>(discontinuities));                        // NOLINT: printf
  if (independent) out.Add("#EXT-X-INDEPENDENT-SEGMENTS\n");
}

/// How many of the listed segments are further from the end than the skip boundary.
size_t Skipped(const LlListing& listing) {
  Nanos behind{};  // from the end of the segment to the end of the playlist
  size_t i = listing.segments.size();
  while (i > listing.first && behind <= listing.pace.skip_until()) {
    behind += listing.segments[--i].duration;
  }
  // The one at which the boundary was passed reaches over it.
  return i - listing.first;
}

void AddSegment(Text& out, const LlListing& listing, size_t index, bool tell_init) {
  const LlSegment& segment = listing.segments[index];
  const auto number = static_cast<long long>(segment.number);  // NOLINT: printf
  const char* query = listing.query.c_str();
  if (segment.discontinuity) out.Add("#EXT-X-DISCONTINUITY\n");
  if (tell_init) {
    out.Add("#EXT-X-MAP:URI=\"init.mp4%s%cid=%lld\"\n", query, *query == '\0' ? '?' : '&',
            static_cast<long long>(segment.init));  // NOLINT: printf
  }
  out.Add("#EXT-X-PROGRAM-DATE-TIME:%s\n", FormatUtc(segment.start).c_str());
  const size_t newer = listing.segments.size() - 1 - index;
  if (segment.parts_are_listed && newer <= kWithParts) {
    for (size_t i = 0; i < segment.parts.size(); ++i) {
      const LlPart& part = segment.parts[i];
      out.Add("#EXT-X-PART:DURATION=%.5f,URI=\"%lld.%zu.m4s%s\"%s\n", InSeconds(part.duration),
              number, i, query, part.has_keyframe ? ",INDEPENDENT=YES" : "");
    }
  }
  if (!segment.whole) return;
  out.Add("%s#EXTINF:%.5f,\n%lld.m4s%s\n", segment.gap ? "#EXT-X-GAP\n" : "",
          InSeconds(segment.duration), number, query);
}

}  // namespace

std::string WriteLlPlaylist(const LlListing& listing, bool delta) {
  Text out;
  AddHead(out, listing);
  const size_t skipped = delta ? Skipped(listing) : 0;
  if (skipped > 0) out.Add("#EXT-X-SKIP:SKIPPED-SEGMENTS=%zu\n", skipped);
  int64_t init = skipped > 0 ? listing.segments[listing.first + skipped - 1].init : 0;
  for (size_t i = listing.first + skipped; i < listing.segments.size(); ++i) {
    AddSegment(out, listing, i, listing.segments[i].init != init);
    init = listing.segments[i].init;
  }
  out.Add("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"%lld.%lld.m4s%s\"\n",
          static_cast<long long>(listing.next.segment),  // NOLINT: printf
          static_cast<long long>(listing.next.part), listing.query.c_str());
  return out.Take();
}

}  // namespace ronin::live

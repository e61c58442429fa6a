// SPDX-License-Identifier: MIT
#include "live/hls_window.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

#include <glib.h>

#include "base/text.h"
#include "base/time_text.h"

namespace ronin::live {
namespace {

struct Listed {
  std::string name;
  Micros duration;
};

/// The segments of a playlist with their durations, in order.
std::vector<Listed> ReadPlaylist(std::string_view text) {
  constexpr std::string_view kInfo = "#EXTINF:";
  std::vector<Listed> out;
  Micros duration{};
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with(kInfo)) {
      const double seconds =
          g_ascii_strtod(std::string(line.substr(kInfo.size())).c_str(), nullptr);
      duration = Micros(int64_t(seconds * 1e6));
    } else if (!line.empty() && line[0] != '#') {
      out.push_back({std::string(line), duration});
    }
  }
  return out;
}

std::string Seconds(Micros duration) {
  char out[32];
  std::snprintf(out, sizeof out, "%.3f", double(duration.count()) / 1e6);
  return out;
}

}  // namespace

void HlsWindow::Begin(WallTime start) {
  std::lock_guard lock(mutex_);
  waiting_.clear();
  last_listed_.clear();
  next_start_ = start;
  discontinuity_ = !entries_.empty();
}

void HlsWindow::AddSegment(const std::string& name, GRef<GBytes> bytes) {
  constexpr size_t kMaxSegments = 2;
  std::lock_guard lock(mutex_);
  if (waiting_.size() >= kMaxSegments) waiting_.erase(waiting_.begin());
  waiting_[name] = std::move(bytes);
}

bool HlsWindow::TakePlaylist(std::string_view text) {
  const auto listed = ReadPlaylist(text);
  std::lock_guard lock(mutex_);
  auto first = listed.begin();
  const auto known = std::find_if(listed.begin(), listed.end(),
                                  [&](const Listed& l) { return l.name == last_listed_; });
  if (known != listed.end()) first = known + 1;
  bool news = false;
  for (; first != listed.end(); ++first) {
    if (waiting_.find(first->name) == waiting_.end()) continue;
    Append(first->name, first->duration);
    last_listed_ = first->name;
    news = true;
  }
  return news;
}

void HlsWindow::Append(const std::string& name, Micros duration) {
  auto node = waiting_.extract(name);
  entries_.push_back({next_sequence_++, std::move(node.mapped()), duration, next_start_,
                      std::exchange(discontinuity_, false)});
  next_start_ += duration;
  target_s_ = std::max(target_s_, int64_t(std::lround(double(duration.count()) / 1e6)));
  while (entries_.size() > kKept || (entries_.size() > 1 && Bytes() > most_)) {
    if (entries_.front().discontinuity) ++gone_discontinuities_;
    entries_.pop_front();
  }
}

uint64_t HlsWindow::Bytes() const {
  uint64_t out = 0;
  for (const Entry& entry : entries_) out += g_bytes_get_size(entry.bytes.Get());
  return out;
}

int64_t HlsWindow::newest() const {
  std::lock_guard lock(mutex_);
  return next_sequence_ - 1;
}

std::chrono::seconds HlsWindow::target() const {
  std::lock_guard lock(mutex_);
  return std::chrono::seconds(target_s_);
}

std::string HlsWindow::Playlist(bool may_block) const {
  std::lock_guard lock(mutex_);
  if (entries_.empty()) return {};
  const size_t skip = entries_.size() > kListed ? entries_.size() - kListed : 0;
  int64_t unlisted = gone_discontinuities_;
  for (size_t i = 0; i < skip; ++i) unlisted += entries_[i].discontinuity ? 1 : 0;
  std::string out =
      Concat("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:", target_s_,
             "\n#EXT-X-MEDIA-SEQUENCE:", entries_[skip].sequence,
             "\n#EXT-X-DISCONTINUITY-SEQUENCE:", unlisted, "\n#EXT-X-INDEPENDENT-SEGMENTS\n");
  if (may_block) out += "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n";
  for (size_t i = skip; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (entry.discontinuity) out += "#EXT-X-DISCONTINUITY\n";
    out +=
        Concat("#EXT-X-PROGRAM-DATE-TIME:", FormatUtc(entry.start),
               "\n#EXTINF:", Seconds(entry.duration), ",\n", entry.sequence, ".ts", query_, "\n");
  }
  return out;
}

GRef<GBytes> HlsWindow::Segment(int64_t sequence) const {
  std::lock_guard lock(mutex_);
  for (const Entry& entry : entries_) {
    if (entry.sequence == sequence) return entry.bytes;
  }
  return {};
}

}  // namespace ronin::live

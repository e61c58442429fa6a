// SPDX-License-Identifier: MIT
#include "live/feed_intake.h"

#include <utility>

#include "base/log.h"
#include "live/init_reader.h"
#include "mp4/moof_view.h"

namespace ronin::live {
namespace {

using Lock = std::unique_lock<std::mutex>;
using std::chrono::nanoseconds;

GRef<GBytes> CopyOf(GstBuffer* buffer) {
  gpointer data = nullptr;
  gsize size = 0;
  gst_buffer_extract_dup(buffer, 0, gsize(-1), &data, &size);
  return Adopt(g_bytes_new_take(data, size));
}

nanoseconds Nanoseconds(uint64_t units, uint32_t timescale) {
  return nanoseconds(gst_util_uint64_scale(units, GST_SECOND, timescale));
}

/// When the frame was taken, if the buffer says so.
std::optional<WallTime> TakenAt(GstBuffer* buffer) {
  static GstStaticCaps unix_time = GST_STATIC_CAPS("timestamp/x-unix");
  GstCaps* caps = gst_static_caps_get(&unix_time);
  const auto* meta = gst_buffer_get_reference_timestamp_meta(buffer, caps);
  gst_caps_unref(caps);
  if (meta == nullptr) return std::nullopt;
  return FromMicros(int64_t(meta->timestamp / 1000));
}

/// Nothing when it is no fragment.
std::optional<Chunk> ReadChunk(GstBuffer* buffer, uint32_t timescale) {
  Chunk out{.bytes = CopyOf(buffer)};
  gsize size = 0;
  const auto* data = static_cast<const uint8_t*>(g_bytes_get_data(out.bytes.Get(), &size));
  const auto view = ronin_plugin::MoofView::Read(data, size);
  if (!view || view->tracks.empty()) return std::nullopt;
  const auto& video = view->tracks.front();
  out.key = video.sync;
  out.decode_time = Nanoseconds(video.decode_time, timescale);
  out.duration = Nanoseconds(video.duration, timescale);
  out.taken =
      TakenAt(buffer).value_or(FromMicros(std::chrono::floor<Micros>(out.decode_time).count()));
  return out;
}

}  // namespace

void FeedIntake::TakeInit(GstBuffer* buffer) {
  auto init = ReadInit(CopyOf(buffer));
  timescale_ = init ? init->timescale : 0;
  if (!init) {
    log::Warning("live", init.error().Text());
    return;
  }
  Lock lock(mutex_);
  lost_ = true;  // what follows it begins with a keyframe
  news_.push_back({std::move(*init), {}});
  Wake(std::move(lock));
}

void FeedIntake::TakeChunk(GstBuffer* buffer) {
  if (timescale_ == 0) return;
  auto chunk = ReadChunk(buffer, timescale_);
  if (!chunk) return;
  chunk->number = number_++;
  const uint64_t size = g_bytes_get_size(chunk->bytes.Get());
  Lock lock(mutex_);
  if (!MakeRoom(*chunk, size)) return;
  if (news_.empty()) news_.emplace_back();
  news_.back().chunks.push_back(std::move(*chunk));
  bytes_ += size;
  Wake(std::move(lock));
}

/// Whether the chunk is taken. With the mutex held.
bool FeedIntake::MakeRoom(const Chunk& chunk, uint64_t size) {
  if (bytes_ + size > most_bytes_) {
    for (News& news : news_) {
      dropped_ += news.chunks.size();
      news.chunks.clear();
    }
    bytes_ = 0;
    lost_ = true;
  }
  if (chunk.key && size <= most_bytes_) lost_ = false;
  if (lost_) ++dropped_;
  return !lost_;
}

/// Posts outside of the lock.
void FeedIntake::Wake(Lock lock) {
  if (std::exchange(woken_, true)) return;
  lock.unlock();
  wake_();
}

void FeedIntake::SetMost(uint64_t bytes) {
  const Lock lock(mutex_);
  most_bytes_ = bytes;
}

std::vector<FeedIntake::News> FeedIntake::Drain() {
  const Lock lock(mutex_);
  woken_ = false;
  bytes_ = 0;
  return std::exchange(news_, {});
}

uint64_t FeedIntake::dropped() const {
  const Lock lock(mutex_);
  return dropped_;
}

}  // namespace ronin::live

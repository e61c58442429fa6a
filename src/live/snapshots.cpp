// SPDX-License-Identifier: MIT
#include "live/snapshots.h"

#include "base/ask.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "base/time_text.h"
#include "gst/element.h"
#include "gst/keyframe_jpeg.h"

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

constexpr auto kSnapshotLimit = 5s;
constexpr int kWidths[] = {160, 320, 640, 1280, 1920};
constexpr int kWidest = 8192;  // as the camera has it

tl::unexpected<Error> NoPicture(std::string sentence) {
  return Fail(ErrorKind::kUnavailable, std::move(sentence));
}

/// Why a camera has no keyframe.
std::string WhyNone(const camera::Camera& camera) {
  switch (camera.status()) {
    case camera::CameraStatus::kDisabled:
      return "The camera is switched off.";
    case camera::CameraStatus::kConnecting:
      return "The camera is connecting; its first picture may come in a moment.";
    case camera::CameraStatus::kOnline:
      return "The camera's keyframes are too large; lower its bit rate, or raise "
             "camera_memory_mib.";
    case camera::CameraStatus::kOffline:
      break;
  }
  return Concat("The camera is offline since ", FormatUtc(camera.status_since()), ". ",
                camera.last_error() ? camera.last_error()->message : "");
}

/// A sentence for what a decoder says.
Error Explained(const Error& error) {
  return {error.kind, Concat("There is no snapshot: ", error.message, "."), error.cause};
}

}  // namespace

Snapshots::~Snapshots() { Stop(); }

int Snapshots::WidthFor(int wanted) {
  for (const int width : kWidths) {
    if (wanted <= width) return width;
  }
  return kWidest;
}

std::optional<WallTime> Snapshots::Newest(int64_t camera_id) const {
  const auto found = streams_.find(camera_id);
  if (found == streams_.end()) return std::nullopt;
  const auto newest = found->second.slot->newest();
  return newest.sample ? std::optional(newest.taken) : std::nullopt;
}

void Snapshots::Request(const camera::Camera& camera, int width, Reply reply) {
  RONIN_ASSERT_MAIN_THREAD();
  const int64_t id = camera.record().id;
  const auto taken = Newest(id);
  if (!taken || *stopped_) {
    reply(NoPicture(taken ? "The recorder is stopping." : WhyNone(camera)));
    return;
  }
  const JpegCache::Picture* known = cache_.Find(id, width);
  if (known != nullptr && known->taken == *taken) {
    reply(known->jpeg.map([&](const auto& jpeg) { return Snapshot{jpeg, *taken}; }));
    return;
  }
  const Key key(id, width);
  if (decoding_.count(key) == 0) {
    if (decoding_.size() >= kMostDecoding) {
      reply(NoPicture("Too many snapshots are being made; try again in a moment."));
      return;
    }
    Decode(key, streams_.at(id).slot);
  }
  Decoding& decoding = decoding_[key];
  if (decoding.replies.size() >= kMostWaiting) {
    reply(NoPicture("Too many wait for this snapshot; try again in a moment."));
    return;
  }
  decoding.replies.push_back(std::move(reply));
  if (decoding.limit.active()) return;
  decoding.limit = Source::After(kSnapshotLimit, [this, key] {
    Answer(key, NoPicture("Making the snapshot takes too long; try again in a moment."));
  });
}

/// Takes the keyframe when its turn has come, so that what waited is not old.
void Snapshots::Decode(Key key, const std::shared_ptr<KeyframeSlot>& slot) {
  Ask(
      worker_, mailbox_,
      [slot, width = key.second, stopped = stopped_]() -> JpegCache::Picture {
        const auto keyframe = slot->newest();
        if (*stopped || !keyframe.sample) return {NoPicture("The recorder is stopping."), {}};
        auto jpeg = gst::JpegOfKeyframe(keyframe.sample.Get(), {.max_width = width});
        if (!jpeg) return {tl::unexpected(Explained(jpeg.error())), keyframe.taken};
        return {std::move(jpeg), keyframe.taken};
      },
      [this, key, slot](JpegCache::Picture picture) {
        const auto snapshot = picture.jpeg.map([&](const auto& jpeg) {
          return Snapshot{jpeg, picture.taken};
        });
        const auto stream = streams_.find(key.first);
        if (stream != streams_.end() && stream->second.slot == slot) {
          cache_.Put(key.first, key.second, std::move(picture));
        }
        Answer(key, snapshot);
        decoding_.erase(key);
      });
}

void Snapshots::Answer(Key key, const Result<Snapshot>& snapshot) {
  Decoding& decoding = decoding_.at(key);
  decoding.limit.Cancel();
  for (const Reply& reply : std::exchange(decoding.replies, {})) reply(snapshot);
}

std::optional<Snapshots::Snapshot> Snapshots::Last(int64_t camera_id) const {
  const JpegCache::Picture* last = last_.Find(camera_id, kLastWidth);
  if (last == nullptr) return std::nullopt;
  return Snapshot{*last->jpeg, last->taken};
}

/// Decodes the newest keyframe of a connection that is over, unless somebody had it decoded.
void Snapshots::KeepLast(int64_t camera_id, const std::shared_ptr<KeyframeSlot>& slot) {
  const auto newest = slot->newest();
  if (*stopped_ || !newest.sample) return;
  const JpegCache::Picture* known = cache_.Find(camera_id, kLastWidth);
  if (known != nullptr && known->taken == newest.taken) {
    if (known->jpeg) last_.Put(camera_id, kLastWidth, *known);
    return;
  }
  if (!last_to_be_.insert(camera_id).second) return;
  Ask(
      worker_, mailbox_,
      [sample = newest.sample, taken = newest.taken, stopped = stopped_]() -> JpegCache::Picture {
        if (*stopped) return {NoPicture("The recorder is stopping."), {}};
        return {gst::JpegOfKeyframe(sample.Get(), {.max_width = kLastWidth}), taken};
      },
      [this, camera_id](JpegCache::Picture picture) {
        last_to_be_.erase(camera_id);
        if (picture.jpeg) last_.Put(camera_id, kLastWidth, std::move(picture));
      });
}

void Snapshots::Stop() {
  *stopped_ = true;
  for (const auto& [key, decoding] : decoding_) {
    Answer(key, NoPicture("The recorder is stopping."));
  }
}

void Snapshots::OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) {
  if (camera.kind() != StreamKind::kMain) return;
  Entry& entry = streams_[camera.record().id];
  entry.slot = std::make_shared<KeyframeSlot>(largest_);
  entry.probe = gst::PadProbe(
      gst::StaticPad(stream.video_tee(), "sink"), GST_PAD_PROBE_TYPE_BUFFER,
      [slot = entry.slot, facts = stream.facts()](GstPad* pad, GstPadProbeInfo* info) {
        GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
        slot->Take(pad, buffer, facts->clock.ToWall(GST_BUFFER_PTS(buffer)));
        return GST_PAD_PROBE_OK;
      });
}

void Snapshots::OnStreamEnding(camera::Camera& camera, camera::Stream&,
                               std::function<void()> done) {
  if (camera.kind() == StreamKind::kMain) {
    const int64_t id = camera.record().id;
    if (const auto found = streams_.find(id); found != streams_.end()) {
      KeepLast(id, found->second.slot);
      streams_.erase(found);
    }
    cache_.Drop(id);
  }
  done();
}

}  // namespace ronin::live

// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/mailbox.h"
#include "base/result.h"
#include "base/source.h"
#include "base/worker.h"
#include "camera/camera.h"
#include "gst/pad_probe.h"
#include "live/jpeg_cache.h"
#include "live/keyframe_slot.h"

namespace ronin::live {

/// The newest keyframe of each camera (of its main stream) as a JPEG. Only what somebody asks for
/// is decoded, each keyframe once for each width whoever asks, one at a time on a worker. Thread:
/// main; a probe on each camera's video keeps a reference to the newest keyframe.
class Snapshots final : public camera::StreamListener {
 public:
  static constexpr size_t kMostDecoding = 128;  ///< that wait for the worker
  static constexpr size_t kMostWaiting = 64;    ///< requests for one of them
  static constexpr int kLastWidth = 640;        ///< of what stays of a camera that is away

  struct Snapshot {
    GRef<GBytes> jpeg;
    WallTime taken{};  ///< tells it from others of the camera
  };
  using Reply = std::function<void(Result<Snapshot>)>;

  /// @param worker  outlives this; decodes
  /// @param memory  bytes, of each camera; see MemoryShares
  explicit Snapshots(Worker& worker, uint64_t memory = camera::kCameraMemory)
      : worker_(worker), largest_(camera::SharesOf(memory, StreamKind::kMain).keyframe) {}
  ~Snapshots() override;

  /// The width that is made for a wanted one: the next larger of a few, so that every client finds
  /// what another has asked for. No picture is wider than the camera's.
  static int WidthFor(int wanted);

  /// When the newest keyframe was taken; nothing while the camera sends none.
  std::optional<WallTime> Newest(int64_t camera_id) const;
  /// The newest keyframe, at most `width` wide (of WidthFor()). `reply` is called once, within 5 s,
  /// perhaps during the call. Errors: with a sentence why there is no picture.
  void Request(const camera::Camera& camera, int width, Reply reply);
  /// What a camera saw last before its connection ended, kLastWidth wide; nothing before the first
  /// end, and for one of hundreds that are away for long.
  std::optional<Snapshot> Last(int64_t camera_id) const;
  /// Tells all who wait that nothing comes any more, and decodes no more.
  void Stop();

  void OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) override;
  void OnStreamEnding(camera::Camera& camera, camera::Stream& stream,
                      std::function<void()> done) override;

 private:
  struct Entry {
    std::shared_ptr<KeyframeSlot> slot;  // shared: probe, worker
    gst::PadProbe probe;
  };
  struct Decoding {
    std::vector<Reply> replies;
    Source limit;
  };
  using Key = std::pair<int64_t, int>;  // camera and width
  void Decode(Key key, const std::shared_ptr<KeyframeSlot>& slot);
  void Answer(Key key, const Result<Snapshot>& snapshot);
  void KeepLast(int64_t camera_id, const std::shared_ptr<KeyframeSlot>& slot);

  Worker& worker_;
  const uint64_t largest_;  // keyframe, in bytes
  std::map<int64_t, Entry> streams_;
  std::map<Key, Decoding> decoding_;  // until the worker is done, also when nobody waits any more
  JpegCache cache_;
  JpegCache last_;                // of cameras that are away, and how they were before
  std::set<int64_t> last_to_be_;  // that the worker has still to decode
  std::shared_ptr<std::atomic<bool>> stopped_ = std::make_shared<std::atomic<bool>>(false);
  Mailbox mailbox_;
};

}  // namespace ronin::live

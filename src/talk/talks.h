// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mailbox.h"
#include "camera/cameras.h"
#include "talk/talk.h"

namespace ronin::talk {

/// Who speaks to which camera: one at a time to each. And which cameras can be spoken to, which is
/// asked when somebody wants to know, and remembered for as long as the camera's connection lasts.
/// Thread: main.
class Talks {
 public:
  static constexpr size_t kMost = 16;        ///< talks at once
  static constexpr size_t kMostLooks = 4;    ///< cameras that are asked at once
  static constexpr size_t kMostAsking = 64;  ///< who wait for one camera's answer
  static constexpr size_t kMostHeld = 8;     ///< that are over, but whose connections do not end

  /// All outlive this.
  struct Context {
    const Clock& clock;
    gst::Reaper& reaper;
    camera::Cameras& cameras;
    TalkLimits limits;
  };
  explicit Talks(const Context& context);
  ~Talks();
  Talks(const Talks&) = delete;
  Talks& operator=(const Talks&) = delete;

  /// Whether a camera can be spoken to, or why not.
  struct Answer {
    std::optional<BackChannel> channel;
    std::string reason;  ///< a sentence, when there is no channel
  };
  using Asked = std::function<void(Result<Answer>)>;

  /// Calls `asked` once, now or within limits.connect.
  /// Errors: kNotFound, kUnavailable when many others ask, or this is stopping.
  void Look(int64_t camera_id, Asked asked);

  /// Begins a talk; gives its number. What keeps it from beginning comes as its `ended`, from the
  /// loop: "unknown_camera", "disabled", "offline", "busy" (somebody else speaks), …
  uint64_t Start(int64_t camera_id, int sample_rate_hz, Talk::Events events);
  /// See Talk::Push; of one that has ended, it does nothing.
  void Push(uint64_t number, std::string_view samples);
  /// Ends a talk with code "stopped", unless it has ended.
  void End(uint64_t number);
  /// Forgets a talk without an event, since nobody is there any more.
  void Drop(uint64_t number);

  /// Ends all, and begins no further ones.
  void Stop();

  size_t size() const { return talks_.size(); }

 private:
  struct Running {
    int64_t camera_id;
    std::unique_ptr<Talk> talk;
  };
  /// A camera that is being asked.
  struct LookUp {
    std::unique_ptr<TalkConnection> connection;
    std::vector<Asked> asking;
    Source limit;
  };
  /// What it said, in which of its connections.
  struct Known {
    std::weak_ptr<camera::StreamFacts> connection;
    Answer answer;
  };

  std::optional<TalkEnd> Hindrance(int64_t camera_id) const;
  std::optional<Answer> Remembered(const camera::Camera& camera);
  void BeginLook(const camera::Camera& camera, Asked asked);
  void Looked(int64_t camera_id, Result<Answer> answer, bool remember);
  void Watch();
  void Bury(std::unique_ptr<Talk> talk);

  const Context context_;
  std::map<uint64_t, Running> talks_;
  std::map<int64_t, LookUp> looks_;
  std::map<int64_t, Known> known_;
  uint64_t next_ = 1;
  bool stopped_ = false;
  Source watch_;
  Mailbox mailbox_;
};

}  // namespace ronin::talk

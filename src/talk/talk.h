// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/mailbox.h"
#include "base/source.h"
#include "talk/talk_connection.h"
#include "talk/voice_encoder.h"

namespace ronin::talk {

/// How long what may take.
struct TalkLimits {
  std::chrono::milliseconds connect{10'000};  ///< until the camera takes sound
  std::chrono::milliseconds stall{5'000};     ///< while it does not take what it was sent
  std::chrono::milliseconds silence{60'000};  ///< without a word
};

/// Why a talk is over: a code of the API and a sentence for people.
struct TalkEnd {
  std::string code;
  std::string detail;
};

/// One person speaks to one camera: connects to its back channel, encodes what is pushed, and ends
/// by itself when the camera does or nobody says anything. Thread: main.
class Talk {
 public:
  struct Events {
    std::function<void(const BackChannel&)> ready;  ///< sound is heard from now on; once
    /// So much was not sent, since it comes faster than the camera takes it; at most once a second.
    std::function<void(std::chrono::milliseconds)> dropped;
    std::function<void(TalkEnd)> ended;  ///< last event; it may destroy this
  };

  /// @param sample_rate_hz  of what is pushed, 8000 to 48000
  /// @param clock, reaper   outlive it
  Talk(const camera::RtspSource& source, int sample_rate_hz, TalkLimits limits, const Clock& clock,
       gst::Reaper& reaper, Events events);
  ~Talk();
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  /// Samples of 16 bits, little-endian, mono; a whole number. What comes before `ready` is not
  /// sent: the camera's codec is not known.
  void Push(std::string_view samples);
  /// Ends it now, with `ended`, unless it has ended.
  void End(TalkEnd end);

  /// Ends it now without an event.
  void Abandon();

  /// Of the camera's password; nullptr when nothing was connected.
  std::shared_ptr<camera::PasswordUse> password() const;

  /// What its pipelines are called at the reaper.
  static constexpr const char* kName = "the voice to a camera";

 private:
  struct Sent {
    std::atomic<int64_t> packets{0};
  };
  void OnReady(const BackChannel& channel);
  void Watch();
  void Retire();

  const int sample_rate_hz_;
  const TalkLimits limits_;
  const Clock& clock_;
  gst::Reaper& reaper_;
  Events events_;
  std::unique_ptr<TalkConnection> connection_;
  std::unique_ptr<VoiceEncoder> encoder_;                  // from `ready` on
  std::shared_ptr<Sent> sent_ = std::make_shared<Sent>();  // shared with the encoder's thread
  const MonoTime began_;
  MonoTime last_word_;
  MonoTime last_sent_;    // when a packet was seen to have gone, or nothing waited
  MonoTime last_told_{};  // that something was dropped
  int64_t packets_seen_ = 0;
  Source watch_;
  Mailbox mailbox_;
};

/// Whether samples hold a word, and not only the noise of a room: one of them is louder than 1 %.
bool HoldsSound(std::string_view samples);

}  // namespace ronin::talk

// SPDX-License-Identifier: MIT
#include "talk/talk.h"

#include <cstdlib>
#include <utility>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"

namespace ronin::talk {
namespace {

using namespace std::chrono_literals;

constexpr auto kWatch = 250ms;
constexpr auto kTellDropped = 1s;

/// "60 s"
std::string Seconds(std::chrono::milliseconds time) {
  return Concat(std::chrono::duration_cast<std::chrono::seconds>(time).count(), " s");
}

}  // namespace

bool HoldsSound(std::string_view samples) {
  constexpr int kNoise = 327;
  for (size_t i = 0; i + 1 < samples.size(); i += 2) {
    const auto low = static_cast<unsigned char>(samples[i]);
    const auto high = static_cast<unsigned char>(samples[i + 1]);
    if (std::abs(int(int16_t(uint16_t(low | (high << 8))))) > kNoise) return true;
  }
  return false;
}

Talk::Talk(const camera::RtspSource& source, int sample_rate_hz, TalkLimits limits,
           const Clock& clock, gst::Reaper& reaper, Events events)
    : sample_rate_hz_(sample_rate_hz),
      limits_(limits),
      clock_(clock),
      reaper_(reaper),
      events_(std::move(events)),
      began_(clock.Mono()),
      last_word_(began_),
      last_sent_(began_) {
  RONIN_ASSERT_MAIN_THREAD();
  auto made =
      TalkConnection::Create(source, TalkConnection::Purpose::kTalk, clock,
                             {.described = nullptr,
                              .ready = [this](const BackChannel& channel) { OnReady(channel); },
                              .failed =
                                  [this](camera::CameraError error) {
                                    End({std::move(error.code), std::move(error.message)});
                                  }});
  if (!made) {
    // From the loop, since nobody knows this yet.
    mailbox_.Post([this, text = made.error().Text()] { End({"server_error", text}); });
    return;
  }
  connection_ = std::move(*made);
  connection_->Play();
  watch_ = Source::Every(kWatch, [this] { Watch(); });
}

Talk::~Talk() { Retire(); }

std::shared_ptr<camera::PasswordUse> Talk::password() const {
  return connection_ ? connection_->password() : nullptr;
}

void Talk::OnReady(const BackChannel& channel) {
  auto encoder = VoiceEncoder::Create(
      channel, sample_rate_hz_,
      [sent = sent_, send = connection_->Sender()](GstSample* packet) {
        send(packet);
        ++sent->packets;
      },
      [this](const Error& error) {
        End({"server_error", error.Text()});
      });
  if (!encoder) {
    End({"server_error", encoder.error().message});
    return;
  }
  encoder_ = std::move(*encoder);
  last_word_ = last_sent_ = clock_.Mono();
  const auto ready = events_.ready;  // a copy: it may end this
  ready(channel);
}

void Talk::Push(std::string_view samples) {
  RONIN_ASSERT_MAIN_THREAD();
  if (!encoder_) return;
  const MonoTime now = clock_.Mono();
  if (HoldsSound(samples)) last_word_ = now;
  encoder_->Push(samples, now);
}

void Talk::Watch() {
  const MonoTime now = clock_.Mono();
  if (connection_ && connection_->IsFlooded()) {
    End({"not_rtsp", "What the camera sends has no end, and is no answer; restart the camera."});
    return;
  }
  if (!encoder_) {
    if (now - began_ > limits_.connect) {
      End({"timeout",
           "The camera takes the connection, but not the sound; try again, or restart "
           "the camera."});
    }
    return;
  }
  const int64_t packets = sent_->packets;
  if (std::exchange(packets_seen_, packets) != packets || encoder_->waiting() == 0ms) {
    last_sent_ = now;
  }
  if (now - last_sent_ > limits_.stall) {
    End({"stalled", "The camera does not take the sound any more; try again."});
    return;
  }
  if (now - last_word_ > limits_.silence) {
    End({"silent", Concat("Nothing was said for ", Seconds(limits_.silence), ".")});
    return;
  }
  if (now - last_told_ < kTellDropped) return;
  const auto dropped = encoder_->TakeDropped();
  if (dropped == 0ms) return;
  last_told_ = now;
  events_.dropped(dropped);
}

void Talk::End(TalkEnd end) {
  RONIN_ASSERT_MAIN_THREAD();
  if (!events_.ended) return;
  const auto ended = std::exchange(events_.ended, nullptr);
  Retire();
  ended(std::move(end));
}

void Talk::Abandon() {
  events_.ended = nullptr;
  Retire();
}

void Talk::Retire() {
  watch_.Cancel();
  gst::Reaper::Remains remains{.what = kName,
                               .consequence =
                                   "it is left behind; while several are, nobody can "
                                   "speak to a camera"};
  // Behind the connection: only when that is ended, a packet that hangs in it comes back.
  if (encoder_) remains.elements.push_back(encoder_->Release());
  encoder_.reset();
  if (connection_) connection_->Retire(reaper_, std::move(remains));
  connection_.reset();
}

}  // namespace ronin::talk

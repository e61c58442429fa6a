// SPDX-License-Identifier: MIT
#include "camera/camera.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "camera/camera_url.h"
#include "gst/element.h"

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

constexpr auto kWatchInterval = 250ms;
constexpr auto kEndLimit = 2500ms;
constexpr auto kStable = 10s;
constexpr auto kKnockInterval = 1s;
// A camera that ended the stream in this time may have missed requests; old versions of rtspsrc
// send none while media comes by TCP.
constexpr Micros kSessionMin = 20s;
constexpr Micros kSessionMax = 150s;
constexpr auto kKeepAliveInterval = 15s;
// A camera that is there and has worked may send again at any moment.
constexpr std::chrono::milliseconds kWaitForSilent{1000};
// Of this camera, that do not end.
constexpr size_t kMostHeld = 2;

/// Nothing answers at the camera's address.
bool IsAway(const CameraError& error) {
  return error.code == "unreachable" || error.code == "refused" || error.code == "timeout";
}

/// The camera is there, but sends nothing now. Each attempt then takes some seconds by itself.
bool IsSilent(const CameraError& error) {
  return error.code == "no_video" || error.code == "stalled" || error.code == "busy";
}

}  // namespace

std::string_view ToString(CameraStatus status) {
  switch (status) {
    case CameraStatus::kDisabled:
      return "disabled";
    case CameraStatus::kConnecting:
      return "connecting";
    case CameraStatus::kOnline:
      return "online";
    case CameraStatus::kOffline:
      return "offline";
  }
  return "offline";
}

Camera::Camera(CameraRecord record, StreamKind kind, const Context& context)
    : record_(std::move(record)),
      kind_(kind),
      context_(context),
      status_since_(context.clock.Now()) {}

Camera::~Camera() {
  if (pipeline_) Retire();
}

void Camera::Start() {
  RONIN_ASSERT_MAIN_THREAD();
  if (wanted()) {
    ConnectInTurn();
  } else {
    SetStatus(CameraStatus::kDisabled);  // tells so, too
  }
}

void Camera::Change(CameraRecord record) {
  RONIN_ASSERT_MAIN_THREAD();
  const auto connection = [this](const CameraRecord& r) {
    return std::tuple(r.address(kind_), r.username, r.password, r.can_connect(kind_), r.transport,
                      r.record_audio, r.tls_fingerprint);
  };
  const bool was_wanted = wanted();
  const bool other = connection(record) != connection(record_);
  record_ = std::move(record);
  if (was_wanted != wanted() || (other && wanted())) {
    Restart();
  } else {
    if (other) sighting_.reset();
    SetStatus(status_);  // tells
  }
}

/// Ends what is, and begins anew if it is wanted.
void Camera::Restart() {
  StopWaiting();
  back_off_.Reset();
  last_error_.reset();
  sighting_.reset();
  lost_ = false;
  SetStatus(CameraStatus::kDisabled);
  if (pipeline_) {
    EndConnection([this] { ConnectInTurn(); });
  } else {
    ConnectInTurn();
  }
}

bool Camera::wanted() const {
  if (!record_.enabled || kind_ == StreamKind::kMain) return record_.enabled;
  return record_.sub_url && (!taken_.expired() || (record_.record && record_.record_sub));
}

std::shared_ptr<void> Camera::Take() {
  RONIN_ASSERT_MAIN_THREAD();
  if (auto taken = taken_.lock()) return taken;
  // Whoever lets go of it may do so while this, or the one who tells, is being destroyed.
  std::shared_ptr<void> taken(
      this, [sender = mailbox_.sender(), this](void*) { sender.Post([this] { Released(); }); });
  taken_ = taken;
  if (status_ == CameraStatus::kDisabled) ConnectInTurn();
  return taken;
}

void Camera::Released() {
  if (!wanted() && status_ != CameraStatus::kDisabled) Restart();
}

std::string Camera::name() const {
  return kind_ == StreamKind::kMain ? record_.name : Concat(record_.name, " (sub stream)");
}

void Camera::Stop(std::function<void()> done) {
  RONIN_ASSERT_MAIN_THREAD();
  StopWaiting();
  SetStatus(CameraStatus::kDisabled);
  EndConnection(std::move(done));
}

/// Nothing happens by itself any more: no attempt, no watch, no question to the camera.
void Camera::StopWaiting() {
  retry_.Cancel();
  next_knock_.Cancel();
  knock_.Cancel();
  watch_.Cancel();
  keep_alive_timer_.Cancel();
  reachability_.Cancel();
}

/// Connects when no more cameras do so at once than is good for the machine and the network.
void Camera::ConnectInTurn() {
  if (!wanted() || pipeline_) return;
  if (status_ == CameraStatus::kDisabled) SetStatus(CameraStatus::kConnecting);
  next_knock_.Cancel();
  knock_.Cancel();
  if (!record_.can_connect(kind_)) {
    LackCredentials();
    return;
  }
  ConnectPace& pace = kind_ == StreamKind::kMain ? *context_.pace : *context_.sub_pace;
  const auto wait = pace.Take(context_.clock.Mono());
  if (wait == 0ms) {
    Connect();
  } else {
    retry_ = Source::After(wait, [this] { Connect(); });
  }
}

bool Camera::RetryNow() {
  // With a connection, or one that is just ending, its end begins the next.
  if (!wanted() || pipeline_ || ending_) return false;
  ConnectInTurn();
  return true;
}

/// There is nothing to try again until they are entered anew.
void Camera::LackCredentials() {
  begun_ = true;
  last_error_ = DamagedCredentials(record_, context_.clock.Now());
  log::Error("camera", Concat("camera ", name(), ": ", last_error_->message),
             {{"CAMERA", record_.name}});
  SetStatus(CameraStatus::kOffline);
}

void Camera::Connect() {
  begun_ = true;
  if (pipeline_) return;
  retry_.Cancel();
  if (context_.reaper.Held(ConnectionName()) >= kMostHeld) {
    Failed({"stuck",
            "The last connections to the camera have not ended, so that no new one begins; trying "
            "again. If it stays so, restart the recorder.",
            context_.clock.Now()});
    return;
  }
  const RtspSource source = MakeSource();
  const auto wait = WaitForPassword(source);
  if (wait > PasswordTries::kSoon) {
    Failed({"unauthorized", PasswordTries::kSentence, context_.clock.Now()}, wait);
    return;
  }
  if (wait > 0ms) {
    retry_ = Source::After(wait, [this] { Connect(); });
    return;
  }
  ++attempts_;
  auto made = RtspPipeline::Create(source, context_.clock,
                                   [this](GstMessage* message) { OnMessage(message); });
  if (!made) {
    Failed({"server_error", made.error().Text(), context_.clock.Now()});
    return;
  }
  pipeline_ = std::move(*made);
  last_frame_ = last_frame();
  facts_ = pipeline_->facts();
  connecting_since_ = context_.clock.Mono();
  context_.passwords->Began(source, facts_->password, connecting_since_);
  for (StreamListener* listener : context_.listeners) listener->OnStreamBuilt(*this, *pipeline_);
  pipeline_->Play();
  pauses_.Restart();
  watch_ = Source::Every(kWatchInterval, [this] { Watch(); });
}

RtspSource Camera::MakeSource() const {
  RtspSource out = SourceOf(record_, kind_);
  out.byte_stream = byte_stream_;
  out.most_unframed = SharesOf(context_.settings.memory, kind_).received;
  return out;
}

/// A sub stream that is refused for ever must not keep the main one from coming back.
std::chrono::milliseconds Camera::WaitForPassword(const RtspSource& source) const {
  const size_t most = PasswordTries::kMost - (kind_ == StreamKind::kMain ? 0 : 1);
  return context_.passwords->Wait(source, context_.clock.Mono(), most);
}

bool Camera::rests() const {
  if (pipeline_) return false;
  if (!record_.enabled || !record_.can_connect()) return true;
  return status_ == CameraStatus::kOffline && last_error_ && last_error_->code == "unauthorized";
}

void Camera::Seen(Sighting sighting) {
  const bool news = !sighting_ || sighting_->reachable != sighting.reachable;
  sighting_ = sighting;
  if (news) SetStatus(status_);  // tells
}

bool Camera::HasVideo() const { return facts_ && facts_->last_video_us != 0; }

MonoTime Camera::LastVideo() const { return MonoTime(Micros(facts_->last_video_us)); }

std::optional<MonoTime> Camera::last_frame() const {
  return HasVideo() ? std::optional(LastVideo()) : last_frame_;
}

void Camera::OnMessage(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
      if (gst::FromOptionalBranch(message)) {
        log::Warning("camera",
                     Concat("camera ", name(), ": a live view failed: ", gst::ErrorText(message)));
        break;
      }
      Told(ErrorFromMessage(message, context_.clock.Now()));
      break;
    case GST_MESSAGE_EOS:
      // When the last branch is taken off, the pipeline ends for want of sinks; the camera goes on.
      if (pipeline_ && pipeline_->Ended()) HungUp();
      break;
    case GST_MESSAGE_WARNING:
      log::Debug("camera",
                 Concat("camera ", name(), ": a warning of ", GST_MESSAGE_SRC_NAME(message)));
      break;
    default:
      break;
  }
}

void Camera::HungUp() {
  const Micros lasted = context_.clock.Mono() - connecting_since_;
  if (lasted > kSessionMin && lasted < kSessionMax) keep_alive_ = true;
  Failed({"unreachable", "The camera ended the stream; connecting again.", context_.clock.Now(),
          true});
}

/// By the pipeline. What the camera said itself needs no diagnosis.
void Camera::Told(CameraError error) {
  if (error.code == "no_video") {
    Failed(std::move(error));
  } else {
    Diagnose(std::move(error));
  }
}

void Camera::Watch() {
  const MonoTime now = context_.clock.Mono();
  const MonoTime resumed = pauses_.Look(now);
  // Its message waits for every sink, and does not come where nobody records or looks.
  if (pipeline_->Ended()) {
    HungUp();
    return;
  }
  if (!HasVideo()) {
    if (now - std::max(connecting_since_, resumed) > context_.settings.connect_timeout) {
      Diagnose({"no_video", "The camera answers, but no picture comes; connecting again.",
                context_.clock.Now()});
    }
    return;
  }
  if (status_ != CameraStatus::kOnline) GoOnline();
  if (now - connecting_since_ > kStable) back_off_.Reset();
  if (now - std::max(LastVideo(), resumed) > context_.settings.stall_timeout) {
    ++stalls_;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - LastVideo());
    Failed({"stalled", Concat("No picture for ", seconds.count(), " s; connecting again."),
            context_.clock.Now()});
  }
}

void Camera::GoOnline() {
  ++connections_;
  if (std::exchange(lost_, false)) ++reconnects_;
  log::Info("camera", Concat("camera ", name(), ": the picture comes"), {{"CAMERA", record_.name}});
  SetStatus(CameraStatus::kOnline);
  SayStuck();
  if (!keep_alive_) return;
  keep_alive_timer_ = Source::Every(kKeepAliveInterval, [this] {
    if (pipeline_) pipeline_->KeepAlive();
  });
}

/// Asks whether anything listens at the address, where that may be the reason.
void Camera::Diagnose(CameraError error) {
  if (ending_) return;  // a consequence; its answer would come when this connection is over
  if (auto refused = facts_ ? facts_->refused_certificate() : std::nullopt;
      refused && !HasVideo()) {
    Failed(DistrustedCertificate(std::move(*refused), record_.tls_fingerprint.has_value(),
                                 context_.clock.Now()));
    return;
  }
  const bool connection = error.code == "unreachable" || error.code == "no_video" ||
                          error.code == "timeout" || (error.code == "not_rtsp" && !facts_->endless);
  const auto url = ParseCameraUrl(record_.address(kind_));
  if (!connection || HasVideo() || !url) {
    Failed(std::move(error));
    return;
  }
  watch_.Cancel();
  reachability_.Start(url->host, url->port,
                      [this, error](const std::string& code, const std::string& message) {
                        const CameraError found{code, message, context_.clock.Now()};
                        Failed(code == "not_rtsp" ? WhyNothingComes(error, found) : found);
                      });
}

/// Something listens at the camera's address, but no picture comes.
CameraError Camera::WhyNothingComes(const CameraError& error, const CameraError& not_rtsp) const {
  const WallTime now = context_.clock.Now();
  if (facts_->described && error.code == "no_video") return error;
  if (error.code == "not_rtsp") return facts_->answered || connections_ > 0 ? error : not_rtsp;
  if (facts_->answered && error.by_camera) {
    return {"server_error",
            "The camera ends the connection before it sends a picture; connecting again. If that "
            "stays so, restart the camera.",
            now, true};
  }
  if (connections_ > 0 || error.code == "timeout" || error.code == "no_video") {
    // It was a camera before, or is one that is slow.
    return {connections_ > 0 ? "no_video" : "timeout",
            "The camera takes the connection but does not answer; it may be starting, or "
            "overloaded. Connecting again.",
            now};
  }
  if (!facts_->answered && record_.address(kind_).starts_with("rtsps:")) return NotTls(now);
  return not_rtsp;
}

void Camera::Failed(CameraError error, std::optional<std::chrono::milliseconds> held_back) {
  RONIN_ASSERT_MAIN_THREAD();
  if (ending_) return;
  watch_.Cancel();
  keep_alive_timer_.Cancel();
  reachability_.Cancel();
  lost_ = lost_ || status_ == CameraStatus::kOnline;
  const double spread = g_random_double();
  const bool soon = connections_ > 0 && IsSilent(error);
  const bool refused = error.code == "unauthorized";
  const auto wait = held_back ? *held_back
                    : refused
                        ? std::max(context_.settings.refused_wait, WaitForPassword(MakeSource()))
                        : back_off_.Next(spread, soon ? kWaitForSilent : BackOff::kLongest);
  if (refused && !held_back) sighting_ = Sighting{true, context_.clock.Now()};
  // Once for each new reason, so that a camera that is away for a week does not fill the log.
  const bool news = !last_error_ || last_error_->code != error.code ||
                    status_ == CameraStatus::kOnline || status_ == CameraStatus::kConnecting;
  log::Write(news ? log::Level::kWarning : log::Level::kDebug, "camera",
             Concat("camera ", name(), ": ", error.message, " Next attempt in ",
                    double(wait.count()) / 1000, " s."),
             {{"CAMERA", record_.name}});
  // No picture out of what was described: it may be hidden between start codes, or no more.
  if (error.code == "no_video" && facts_ && facts_->described) byte_stream_ = !byte_stream_;
  const bool away = IsAway(error);
  // That was a knock, too: who comes back right after it is not to wait for the back-off. What only
  // does not answer may listen all the same.
  const bool closed = error.code == "refused" || error.code == "unreachable";
  last_error_ = std::move(error);
  SetStatus(CameraStatus::kOffline);
  EndConnection([this, wait, away, closed] {
    retry_ = Source::After(wait, [this] { ConnectInTurn(); });
    was_closed_ = closed;
    if (away) next_knock_ = Source::After(kKnockInterval, [this] { Knock(); });
  });
}

/// Connects as soon as something listens again. What listens and fails all the same is left to the
/// back-off.
void Camera::Knock() {
  const auto url = ParseCameraUrl(record_.address(kind_));
  if (!url) return;
  knock_.Start(url->host, url->port, [this](const std::string& code, const std::string&) {
    const bool open = code == "not_rtsp";
    if (open && was_closed_) {
      ConnectInTurn();
    } else if (!open) {
      was_closed_ = true;
      next_knock_ = Source::After(kKnockInterval, [this] { Knock(); });
    }
  });
}

void Camera::EndConnection(std::function<void()> then) {
  if (ending_) {
    after_end_ = std::move(then);  // Stop() while a failed connection ends: it does not come back
    return;
  }
  if (!pipeline_) {
    mailbox_.Post(std::move(then));
    return;
  }
  facts_->password->Ended();
  ending_ = true;
  after_end_ = std::move(then);
  listeners_left_ = context_.listeners.size() + 1;
  // A listener that answers after the deadline must not count for the next connection.
  const auto one_done = [this, connection = ++ended_connections_, sender = mailbox_.sender()] {
    sender.Post([this, connection] {
      if (!ending_ || connection != ended_connections_) return;
      if (--listeners_left_ == 0) ConnectionEnded();
    });
  };
  for (StreamListener* listener : context_.listeners) {
    listener->OnStreamEnding(*this, *pipeline_, one_done);
  }
  end_deadline_ = Source::After(kEndLimit, [this] {
    log::Warning("camera", Concat("camera ", name(),
                                  ": closing its files takes long; going on without waiting"));
    ConnectionEnded();
  });
  one_done();
}

void Camera::ConnectionEnded() {
  end_deadline_.Cancel();
  ending_ = false;
  Retire();
  if (const auto then = std::exchange(after_end_, nullptr)) then();
}

void Camera::Retire() {
  pipeline_->Retire(
      context_.reaper,
      {.what = ConnectionName(),
       .consequence = "it is left behind, and a new one begins. If that happens again and again, "
                      "restart the recorder",
       .stuck = [this, sender = mailbox_.sender()] { sender.Post([this] { SayStuck(); }); }});
  pipeline_.reset();
}

/// Only while all else is well: why it is offline, if it is, matters more.
void Camera::SayStuck() {
  if (status_ != CameraStatus::kOnline || !context_.reaper.IsStuck(ConnectionName())) return;
  last_error_ = CameraError{"stuck", "The end of an earlier connection hangs; it is left behind.",
                            context_.clock.Now()};
  SetStatus(status_);  // tells
}

std::string Camera::ConnectionName() const { return Concat("the connection to camera ", name()); }

void Camera::SetStatus(CameraStatus status) {
  if (status_ != status) {
    status_ = status;
    status_since_ = context_.clock.Now();
  }
  if (context_.on_changed) context_.on_changed(*this);
}

}  // namespace ronin::camera

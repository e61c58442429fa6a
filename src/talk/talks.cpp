// SPDX-License-Identifier: MIT
#include "talk/talks.h"

#include <algorithm>
#include <utility>

#include "base/main_thread.h"
#include "base/text.h"

namespace ronin::talk {
namespace {

using namespace std::chrono_literals;

constexpr auto kWatchCameras = 500ms;

camera::RtspSource SourceOf(const camera::Camera& camera) {
  return camera::SourceOf(camera.record(), StreamKind::kMain);
}

/// Why a camera cannot be reached now, by its own connection.
std::string WhyAway(const camera::Camera& camera) {
  if (camera.status() == camera::CameraStatus::kOffline && camera.last_error()) {
    return camera.last_error()->message;
  }
  return "The camera is not connected; try again in a moment.";
}

}  // namespace

Talks::Talks(const Context& context) : context_(context) {}

Talks::~Talks() {
  // Not by their own destructors, in which a callback might look at what is half gone.
  for (auto& [id, look] : looks_) {
    if (look.connection) look.connection->Retire(context_.reaper, {.what = Talk::kName});
  }
}

std::optional<TalkEnd> Talks::Hindrance(int64_t camera_id) const {
  if (stopped_) return TalkEnd{"stopping", "The recorder is stopping."};
  const camera::Camera* camera = context_.cameras.Find(camera_id);
  if (camera == nullptr) return TalkEnd{"unknown_camera", "There is no such camera."};
  if (!camera->record().enabled) return TalkEnd{"disabled", "The camera is switched off."};
  if (camera->status() != camera::CameraStatus::kOnline) {
    return TalkEnd{"offline", WhyAway(*camera)};
  }
  const bool taken = std::ranges::any_of(
      talks_, [&](const auto& one) { return one.second.camera_id == camera_id; });
  if (taken) return TalkEnd{"busy", "Somebody else speaks to this camera; try again later."};
  if (talks_.size() >= kMost || context_.reaper.Held(Talk::kName) >= kMost + kMostHeld) {
    return TalkEnd{"busy", "Too many people speak to cameras; try again later."};
  }
  if (context_.cameras.passwords().Wait(SourceOf(*camera), context_.clock.Mono()) > 0ms) {
    return TalkEnd{"unauthorized", camera::PasswordTries::kSentence};
  }
  return std::nullopt;
}

uint64_t Talks::Start(int64_t camera_id, int sample_rate_hz, Talk::Events events) {
  RONIN_ASSERT_MAIN_THREAD();
  const uint64_t number = next_++;
  if (auto hindrance = Hindrance(camera_id)) {
    mailbox_.Post([ended = std::move(events.ended), end = std::move(*hindrance)] { ended(end); });
    return number;
  }
  const camera::RtspSource source = SourceOf(*context_.cameras.Find(camera_id));
  events.ended = [this, number, ended = std::move(events.ended)](TalkEnd end) {
    auto over = talks_.extract(number);
    if (!over.empty()) Bury(std::move(over.mapped().talk));
    ended(std::move(end));
  };
  auto talk = std::make_unique<Talk>(source, sample_rate_hz, context_.limits, context_.clock,
                                     context_.reaper, std::move(events));
  if (const auto password = talk->password()) {
    context_.cameras.passwords().Began(source, password, context_.clock.Mono());
  }
  talks_[number] = {camera_id, std::move(talk)};
  if (!watch_.active()) watch_ = Source::Every(kWatchCameras, [this] { Watch(); });
  return number;
}

/// A camera that is removed, switched off or lost takes no more sound, even if nobody says so.
void Talks::Watch() {
  std::vector<std::pair<Talk*, TalkEnd>> over;
  for (const auto& [number, running] : talks_) {
    const camera::Camera* camera = context_.cameras.Find(running.camera_id);
    if (camera == nullptr) {
      over.push_back({running.talk.get(), {"unknown_camera", "The camera was removed."}});
    } else if (!camera->record().enabled) {
      over.push_back({running.talk.get(), {"disabled", "The camera was switched off."}});
    }
  }
  for (auto& [talk, end] : over) talk->End(std::move(end));
  if (talks_.empty()) watch_.Cancel();
}

void Talks::Push(uint64_t number, std::string_view samples) {
  const auto found = talks_.find(number);
  if (found != talks_.end()) found->second.talk->Push(samples);
}

void Talks::End(uint64_t number) {
  const auto found = talks_.find(number);
  if (found != talks_.end()) found->second.talk->End({"stopped", "The talk was ended."});
}

void Talks::Drop(uint64_t number) {
  auto over = talks_.extract(number);
  if (over.empty()) return;
  over.mapped().talk->Abandon();
  Bury(std::move(over.mapped().talk));
}

/// It is over and counts no more, but may be in the middle of a call: it dies from the loop.
void Talks::Bury(std::unique_ptr<Talk> talk) {
  // Shared only because a letter must be copyable.
  mailbox_.Post([talk = std::shared_ptr<Talk>(std::move(talk))] {});
}

void Talks::Stop() {
  stopped_ = true;
  std::vector<Talk*> all;
  for (const auto& [number, running] : talks_) all.push_back(running.talk.get());
  for (Talk* talk : all) talk->End({"stopping", "The recorder is stopping."});
  std::vector<int64_t> asked;
  for (const auto& [id, look] : looks_) asked.push_back(id);
  for (const int64_t id : asked) {
    Looked(id, Fail(ErrorKind::kUnavailable, "The recorder is stopping."), false);
  }
}

std::optional<Talks::Answer> Talks::Remembered(const camera::Camera& camera) {
  const auto found = known_.find(camera.record().id);
  if (found == known_.end()) return std::nullopt;
  const auto connection = found->second.connection.lock();
  if (connection && connection == camera.facts()) return found->second.answer;
  known_.erase(found);
  return std::nullopt;
}

void Talks::Look(int64_t camera_id, Asked asked) {
  RONIN_ASSERT_MAIN_THREAD();
  if (stopped_) return asked(Fail(ErrorKind::kUnavailable, "The recorder is stopping."));
  const camera::Camera* camera = context_.cameras.Find(camera_id);
  if (camera == nullptr) return asked(Fail(ErrorKind::kNotFound, "There is no such camera."));
  if (!camera->record().enabled) return asked(Answer{{}, "The camera is switched off."});
  if (camera->status() != camera::CameraStatus::kOnline) return asked(Answer{{}, WhyAway(*camera)});
  if (auto known = Remembered(*camera)) return asked(std::move(*known));
  if (const auto look = looks_.find(camera_id); look != looks_.end()) {
    if (look->second.asking.size() < kMostAsking) {
      look->second.asking.push_back(std::move(asked));
      return;
    }
  } else if (looks_.size() < kMostLooks && context_.reaper.Held(Talk::kName) < kMost + kMostHeld) {
    return BeginLook(*camera, std::move(asked));
  }
  asked(Fail(ErrorKind::kUnavailable, "Many cameras are being asked; try again in a moment."));
}

void Talks::BeginLook(const camera::Camera& camera, Asked asked) {
  const int64_t id = camera.record().id;
  const camera::RtspSource source = SourceOf(camera);
  auto& passwords = context_.cameras.passwords();
  if (passwords.Wait(source, context_.clock.Mono()) > 0ms) {
    return asked(Answer{{}, camera::PasswordTries::kSentence});
  }
  auto made = TalkConnection::Create(
      source, TalkConnection::Purpose::kLook, context_.clock,
      {.described =
           [this, id](const std::optional<BackChannel>& channel) {
             Looked(id, Answer{channel, channel ? "" : "The camera has no ONVIF back channel."},
                    true);
           },
       .ready = nullptr,
       .failed =
           [this, id](const camera::CameraError& error) {
             Looked(id, Answer{{}, error.message}, false);
           }});
  if (!made) return asked(Fail(std::move(made.error())));
  LookUp& look = looks_[id];
  look.connection = std::move(*made);
  look.asking.push_back(std::move(asked));
  look.limit = Source::After(context_.limits.connect, [this, id] {
    Looked(id, Answer{{}, "The camera does not answer the question for a back channel."}, false);
  });
  passwords.Began(source, look.connection->password(), context_.clock.Mono());
  look.connection->Play();
}

void Talks::Looked(int64_t camera_id, Result<Answer> answer, bool remember) {
  auto look = looks_.extract(camera_id);
  if (look.empty()) return;
  look.mapped().limit.Cancel();
  look.mapped().connection->Retire(
      context_.reaper, {.what = Talk::kName,
                        .consequence = "it is left behind; while several are, nobody can speak to "
                                       "a camera"});
  const camera::Camera* camera = context_.cameras.Find(camera_id);
  if (remember && answer && camera != nullptr && camera->facts()) {
    std::erase_if(known_, [](const auto& one) { return one.second.connection.expired(); });
    known_[camera_id] = {camera->facts(), *answer};
  }
  for (const Asked& asked : look.mapped().asking) asked(answer);
}

}  // namespace ronin::talk

// SPDX-License-Identifier: MIT
#include "demo/commands.h"

#include <array>
#include <charconv>
#include <functional>
#include <optional>
#include <sstream>

#include "base/text.h"

namespace ronin::demo {
namespace {

struct Command {
  std::string verb;
  std::string number;  // of the camera, as it was written
  std::string value;
};

using Action = bool (*)(SyntheticCamera& camera, const std::string& value);  // false: bad value

template <typename Int = int>
std::optional<Int> ToInt(const std::string& text) {
  Int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return out;
}

bool Refuse(SyntheticCamera& camera, const std::string& value) {
  using Pair = std::pair<std::string_view, Refusal>;
  constexpr std::array kRefusals = {
      Pair{"401", Refusal::kUnauthorized401}, Pair{"404", Refusal::kNotFound404},
      Pair{"453", Refusal::kBusy453}, Pair{"503", Refusal::kUnavailable503},
      Pair{"port", Refusal::kNotListening}};
  for (const auto& [name, refusal] : kRefusals) {
    if (name != value) continue;
    camera.SetRefuse(refusal);
    return true;
  }
  return false;
}

bool Audio(SyntheticCamera& camera, const std::string& value) {
  if (value != "on" && value != "off") return false;
  value == "on" ? camera.StartAudio() : camera.StopAudio();
  return true;
}

bool Drop(SyntheticCamera& camera, const std::string& value) {
  const auto count = ToInt(value);
  if (!count || *count < 0) return false;
  camera.DropFrames(*count);
  return true;
}

bool Jump(SyntheticCamera& camera, const std::string& value) {
  const auto delta = ToInt(value);
  if (delta) camera.JumpTime(std::chrono::milliseconds(*delta));
  return delta.has_value();
}

bool ClockError(SyntheticCamera& camera, const std::string& value) {
  const auto ppm = ToInt(value);
  if (ppm) camera.SetClockError(*ppm);
  return ppm.has_value();
}

bool WallClock(SyntheticCamera& camera, const std::string& value) {
  const auto off = ToInt<int64_t>(value);
  if (off) camera.SetWallClock(std::chrono::milliseconds(*off));
  return off.has_value();
}

/// For commands with "on" or "off".
template <void (SyntheticCamera::*Method)(bool)>
bool Switch(SyntheticCamera& camera, const std::string& value) {
  if (value != "on" && value != "off") return false;
  (camera.*Method)(value == "on");
  return true;
}

/// For commands without a value.
template <void (SyntheticCamera::*Method)()>
bool Call(SyntheticCamera& camera, const std::string& value) {
  if (!value.empty()) return false;
  (camera.*Method)();
  return true;
}

bool Allow(SyntheticCamera& camera, const std::string& value) {
  if (!value.empty()) return false;
  camera.SetRefuse(Refusal::kNone);
  return true;
}

struct Verb {
  std::string_view name;
  Action action;
};

constexpr std::array kVerbs = {Verb{"stall", Call<&SyntheticCamera::Stall>},
                               Verb{"resume", Call<&SyntheticCamera::Resume>},
                               Verb{"close", Call<&SyntheticCamera::CloseConnections>},
                               Verb{"drop", Drop},
                               Verb{"jump", Jump},
                               Verb{"freeze", Switch<&SyntheticCamera::FreezeTime>},
                               Verb{"clock", ClockError},
                               Verb{"markers", Switch<&SyntheticCamera::SetMarkers>},
                               Verb{"reports", Switch<&SyntheticCamera::SetReports>},
                               Verb{"wall", WallClock},
                               Verb{"refuse", Refuse},
                               Verb{"allow", Allow},
                               Verb{"audio", Audio}};

std::string SentLine(const SyntheticCamera& camera, const std::string& number) {
  const auto first = camera.sent().First();
  const auto last = camera.sent().Last();
  if (!first || !last) return Concat("sent ", number, " -1 -1 -1");
  return Concat("sent ", number, ' ', first->number, ' ', last->number, ' ', last->utc_ns);
}

tl::unexpected<Error> Bad(std::string_view what, std::string_view line) {
  return Fail(ErrorKind::kInvalidArgument, Concat(what, ": ", line));
}

}  // namespace

Result<std::string> RunCommand(std::string_view line,
                               const std::vector<SyntheticCamera*>& cameras) {
  Command command;
  std::istringstream words{std::string(line)};
  words >> command.verb >> command.number >> command.value;
  if (command.verb.empty()) return std::string();
  const auto number = ToInt(command.number);
  if (!number || *number < 1 || size_t(*number) > cameras.size()) {
    return Bad("no such camera", line);
  }
  SyntheticCamera& camera = *cameras[size_t(*number - 1)];
  if (command.verb == "sent") return SentLine(camera, command.number);
  for (const Verb& verb : kVerbs) {
    if (verb.name != command.verb) continue;
    if (!verb.action(camera, command.value)) return Bad("bad value", line);
    return std::string();
  }
  return Bad("no such command", line);
}

}  // namespace ronin::demo

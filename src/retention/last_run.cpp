// SPDX-License-Identifier: MIT
#include "retention/last_run.h"

#include "base/json.h"

namespace ronin::retention {

std::string TextOf(const LastRun& run) {
  JsonWriter json;
  json.Object().Key("at_us").Int(ToMicros(run.at)).Key("files").Int(run.deleted.files);
  return json.Key("size_bytes").Int(run.deleted.size_bytes).End().Text();
}

std::optional<LastRun> LastRunFrom(const std::string& text) {
  const auto value = JsonValue::Parse(text);
  if (!value) return std::nullopt;
  const auto number = [&](const char* name) {
    const auto member = value->Member(name);
    return member ? member->AsInt().value_or(0) : 0;
  };
  return LastRun{FromMicros(number("at_us")), {number("files"), number("size_bytes")}};
}

}  // namespace ronin::retention

// SPDX-License-Identifier: MIT
#include "config/camera_tags.h"

#include "base/json.h"

namespace ronin {

std::string TagsToText(const std::vector<std::string>& tags) {
  JsonWriter json;
  json.Array();
  for (const std::string& tag : tags) json.String(tag);
  return json.End().Text();
}

std::vector<std::string> TagsFromText(std::string_view text) {
  std::vector<std::string> out;
  const auto list = JsonValue::Parse(text);
  if (!list) return out;
  for (const JsonValue& tag : list->Elements()) {
    if (auto word = tag.AsString()) out.push_back(std::move(*word));
  }
  return out;
}

}  // namespace ronin

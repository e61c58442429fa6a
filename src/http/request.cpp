// SPDX-License-Identifier: MIT
#include "http/request.h"

#include <algorithm>

#include <glib.h>

#include "http/url_text.h"

namespace ronin::http {

Request::Request(Parts parts) : parts_(std::move(parts)), query_(ParseQuery(parts_.query)) {}

std::optional<std::string> Request::Query(std::string_view name) const {
  for (const auto& [key, value] : query_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string> Request::QueryAll(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : query_) {
    if (key == name) out.push_back(value);
  }
  return out;
}

std::vector<std::string> Request::QueryNames() const {
  std::vector<std::string> out;
  for (const auto& [key, value] : query_) {
    if (std::find(out.begin(), out.end(), key) == out.end()) out.push_back(key);
  }
  return out;
}

std::optional<std::string> Request::Header(std::string_view name) const {
  for (const auto& [key, value] : parts_.headers) {
    if (EqualsIgnoreCase(key, name)) return value;
  }
  return std::nullopt;
}

std::vector<std::string> Request::HeaderAll(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : parts_.headers) {
    if (EqualsIgnoreCase(key, name)) out.push_back(value);
  }
  return out;
}

int64_t Request::IntParam(std::string_view name) const {
  for (const auto& [key, value] : parts_.int_params) {
    if (key == name) return value;
  }
  g_error("the route has no {%.*s:int}", int(name.size()), name.data());
}

const std::string& Request::TextParam(std::string_view name) const {
  for (const auto& [key, value] : parts_.text_params) {
    if (key == name) return value;
  }
  g_error("the route has no {%.*s}", int(name.size()), name.data());
}

}  // namespace ronin::http

// SPDX-License-Identifier: MIT
#include "http/url_text.h"

#include <algorithm>

#include <glib.h>

#include "base/text.h"

namespace ronin::http {

std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) c = ' ';
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = g_ascii_xdigit_value(text[i + 1]);
      const int low = g_ascii_xdigit_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = char(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    out.push_back(c);
  }
  if (g_utf8_validate(out.data(), gssize(out.size()), nullptr) == FALSE) return std::nullopt;
  return out;
}

std::vector<std::pair<std::string, std::string>> ParseQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view field = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (field.empty()) continue;
    const size_t equals = std::min(field.find('='), field.size());
    const std::string_view name = field.substr(0, equals);
    const std::string_view value = field.substr(std::min(equals + 1, field.size()));
    out.emplace_back(PercentDecode(name, true).value_or(std::string(name)),
                     PercentDecode(value, true).value_or(std::string(value)));
  }
  return out;
}

std::optional<std::vector<std::string>> SplitPath(std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  std::vector<std::string> out;
  path.remove_prefix(1);
  if (path.empty()) return out;
  for (;;) {
    const size_t end = std::min(path.find('/'), path.size());
    std::optional<std::string> segment = PercentDecode(path.substr(0, end));
    if (!segment || segment->empty() || *segment == "." || *segment == ".." ||
        segment->find('/') != std::string::npos) {
      return std::nullopt;
    }
    out.push_back(std::move(*segment));
    if (end == path.size()) return out;
    path.remove_prefix(end + 1);
  }
}

std::optional<int64_t> ParseDigits(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && g_ascii_strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::vector<std::string_view> SplitList(std::string_view value) {
  std::vector<std::string_view> out;
  while (!value.empty()) {
    const size_t end = std::min(value.find(','), value.size());
    const std::string_view part = Trim(value.substr(0, end));
    if (!part.empty()) out.push_back(part);
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return out;
}

}  // namespace ronin::http

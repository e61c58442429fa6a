// SPDX-License-Identifier: MIT
#include "http/router.h"

#include <algorithm>

#include <glib.h>

#include "http/url_text.h"

namespace ronin::http {
namespace {

std::vector<std::string_view> PatternSegments(std::string_view pattern) {
  if (pattern.empty() || pattern.front() != '/') {
    g_error("route %.*s does not begin with /", int(pattern.size()), pattern.data());
  }
  std::vector<std::string_view> out;
  pattern.remove_prefix(1);
  while (!pattern.empty()) {
    const size_t end = std::min(pattern.find('/'), pattern.size());
    if (end == 0) g_error("a route has an empty segment");
    out.push_back(pattern.substr(0, end));
    pattern.remove_prefix(std::min(end + 1, pattern.size()));
  }
  return out;
}

}  // namespace

Router::Segment Router::ParseSegment(std::string_view text) {
  Segment out;
  const size_t open = text.find('{');
  if (open == std::string_view::npos) {
    out.text = text;
    return out;
  }
  const size_t close = text.find('}', open);
  if (close == std::string_view::npos || text.find('{', close) != std::string_view::npos) {
    g_error("route segment %.*s: one {parameter} each", int(text.size()), text.data());
  }
  std::string_view name = text.substr(open + 1, close - open - 1);
  out.kind = Segment::Kind::kAny;
  if (name.ends_with(":int")) {
    out.kind = Segment::Kind::kInt;
    name.remove_suffix(4);
  }
  if (name.empty()) g_error("a route has a parameter without name");
  out.name = name;
  out.prefix = text.substr(0, open);
  out.suffix = text.substr(close + 1);
  return out;
}

bool Router::MatchSegment(const Segment& segment, const std::string& value, Match* match) {
  if (segment.kind == Segment::Kind::kText) return segment.text == value;
  std::string_view inner = value;
  if (inner.size() <= segment.prefix.size() + segment.suffix.size() ||
      !inner.starts_with(segment.prefix) || !inner.ends_with(segment.suffix)) {
    return false;
  }
  inner.remove_prefix(segment.prefix.size());
  inner.remove_suffix(segment.suffix.size());
  if (segment.kind == Segment::Kind::kAny) {
    match->text_params.emplace_back(segment.name, inner);
    return true;
  }
  const std::optional<int64_t> number = ParseDigits(inner);
  if (!number || *number < 1) return false;
  match->int_params.emplace_back(segment.name, *number);
  return true;
}

bool Router::MatchPath(const Entry& entry, const std::vector<std::string>& path, Match* match) {
  if (entry.segments.size() != path.size()) return false;
  for (size_t i = 0; i < path.size(); ++i) {
    if (!MatchSegment(entry.segments[i], path[i], match)) return false;
  }
  return true;
}

bool Router::MoreSpecific(const Entry& a, const Entry& b) {
  for (size_t i = 0; i < std::min(a.segments.size(), b.segments.size()); ++i) {
    const Segment& left = a.segments[i];
    const Segment& right = b.segments[i];
    if (left.kind != right.kind) return left.kind < right.kind;
    const size_t left_text = left.prefix.size() + left.suffix.size();
    const size_t right_text = right.prefix.size() + right.suffix.size();
    if (left_text != right_text) return left_text > right_text;
  }
  return false;
}

void Router::Add(Method method, std::string_view pattern, Handler handler) {
  if (method == Method::kHead) g_error("HEAD is served by the GET handler");
  Entry entry{method, std::string(pattern), {}, std::move(handler)};
  for (const std::string_view segment : PatternSegments(pattern)) {
    entry.segments.push_back(ParseSegment(segment));
  }
  for (const Entry& other : entries_) {
    if (other.method == method && other.pattern == pattern) {
      g_error("route %s was added twice", entry.pattern.c_str());
    }
  }
  entries_.push_back(std::move(entry));
}

Router::Match Router::Find(Method method, std::string_view path) const {
  const auto segments = SplitPath(path);
  Match best;
  if (!segments) return best;
  const Method wanted = method == Method::kHead ? Method::kGet : method;
  const Entry* found = nullptr;
  std::vector<Method> allow;
  for (const Entry& entry : entries_) {
    Match match;
    if (!MatchPath(entry, *segments, &match)) continue;
    allow.push_back(entry.method);
    if (entry.method == Method::kGet) allow.push_back(Method::kHead);
    if (entry.method != wanted || (found != nullptr && !MoreSpecific(entry, *found))) continue;
    found = &entry;
    best = std::move(match);
    best.handler = &entry.handler;
    best.pattern = entry.pattern;
  }
  if (found == nullptr) {
    std::sort(allow.begin(), allow.end());
    allow.erase(std::unique(allow.begin(), allow.end()), allow.end());
    best.allow = std::move(allow);
  }
  return best;
}

std::vector<Router::Route> Router::Routes() const {
  std::vector<Route> out;
  for (const Entry& entry : entries_) out.push_back({entry.method, entry.pattern});
  return out;
}

}  // namespace ronin::http

// SPDX-License-Identifier: MIT
#include "http/conditions.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/text.h"
#include "http/body_source.h"
#include "http/url_text.h"

namespace ronin::http {
namespace {

/// Digits only; a number that is too large stands for the largest, since it is clamped anyway.
std::optional<int64_t> Position(std::string_view text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (!digits) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size() - 1));
  return ParseDigits(text).value_or(std::numeric_limits<int64_t>::max());
}

RangeChoice Suffix(int64_t wanted, int64_t size) {
  const int64_t length = std::min(wanted, size);
  if (length == 0) return {RangeChoice::Kind::kUnsatisfiable};
  return {RangeChoice::Kind::kPart, size - length, length};
}

std::string Quoted(std::string_view etag) { return Concat('"', etag, '"'); }

}  // namespace

RangeChoice ChooseRange(std::string_view header, int64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (header.size() < kUnit.size() || !EqualsIgnoreCase(header.substr(0, kUnit.size()), kUnit)) {
    return {};
  }
  const std::string_view spec = Trim(header.substr(kUnit.size()));
  const size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return {};
  const std::optional<int64_t> last = Position(spec.substr(dash + 1));
  if (dash == 0) return last ? Suffix(*last, size) : RangeChoice{};
  const std::optional<int64_t> first = Position(spec.substr(0, dash));
  if (!first || (!last && dash + 1 != spec.size())) return {};
  if (last && *last < *first) return {};
  if (*first >= size) return {RangeChoice::Kind::kUnsatisfiable};
  const int64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {RangeChoice::Kind::kPart, *first, end - *first + 1};
}

bool EtagListed(std::string_view header, std::string_view etag) {
  if (Trim(header) == "*") return true;
  for (std::string_view part : SplitList(header)) {
    if (part.starts_with("W/")) part.remove_prefix(2);
    if (part == Quoted(etag)) return true;
  }
  return false;
}

BodyPlan PlanBody(const Request& request, int64_t size, std::string_view etag) {
  const BodyPlan whole{200, 0, size};
  const bool reading = request.method() == Method::kGet || request.method() == Method::kHead;
  if (!reading) return whole;
  if (const auto known = request.Header("If-None-Match"); known && !etag.empty()) {
    if (EtagListed(*known, etag)) return {304, 0, 0};
  }
  const auto ranges = request.HeaderAll("Range");
  if (ranges.size() != 1 || size == BodySource::kUnknownSize || request.method() == Method::kHead)
    return whole;
  // If-Range wants a strong match; a date never matches, as no Last-Modified is sent.
  const auto unless_changed = request.Header("If-Range");
  if (unless_changed && (etag.empty() || Trim(*unless_changed) != Quoted(etag))) return whole;
  const RangeChoice choice = ChooseRange(ranges[0], size);
  if (choice.kind == RangeChoice::Kind::kWhole) return whole;
  if (choice.kind == RangeChoice::Kind::kUnsatisfiable) return {416, 0, 0};
  return {206, choice.offset, choice.length};
}

}  // namespace ronin::http

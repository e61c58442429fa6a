// SPDX-License-Identifier: MIT
#include "api/policy_fields.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "base/text.h"

namespace ronin::api {
namespace {

constexpr int64_t kMaxDays = 36500;  // the store's limit
constexpr int64_t kMaxBytes = std::numeric_limits<int64_t>::max();

struct CameraLimit {
  const char* name;
  std::optional<int64_t> CameraRecord::*field;
  int64_t max;
};
constexpr CameraLimit kCameraLimits[] = {
    {"retention_days", &CameraRecord::retention_days, kMaxDays},
    {"retention_bytes", &CameraRecord::retention_bytes, kMaxBytes},
    {"retention_min_days", &CameraRecord::retention_min_days, kMaxDays},
    {"sub_retention_days", &CameraRecord::sub_retention_days, kMaxDays},
    {"sub_retention_bytes", &CameraRecord::sub_retention_bytes, kMaxBytes}};

/// The number, or nothing for null; what is wrong goes to `errors`.
std::optional<int64_t> ReadLimit(const JsonValue& value, const std::string& field, int64_t min,
                                 int64_t max, std::vector<http::FieldError>* errors) {
  if (value.IsNull()) return std::nullopt;
  const auto number = value.AsInt();
  if (number && *number >= min && *number <= max) return number;
  const std::string to = max == kMaxBytes ? "" : Concat(" to ", max);
  errors->push_back({field, Concat("must be a whole number from ", min, to, ", or null")});
  return std::nullopt;
}

PolicyFields::Camera ReadCamera(const JsonValue& value, const std::string& place,
                                std::vector<http::FieldError>* errors) {
  PolicyFields::Camera out;
  const auto id = value.Member("id");
  out.id = id ? id->AsInt().value_or(0) : 0;
  if (out.id < 1) errors->push_back({place + ".id", "must be the id of a camera"});
  for (const std::string& name : value.MemberNames()) {
    if (name == "id") continue;
    const auto* limit = std::find_if(std::begin(kCameraLimits), std::end(kCameraLimits),
                                     [&](const auto& one) { return name == one.name; });
    if (limit == std::end(kCameraLimits)) {
      errors->push_back({Concat(place, ".", name), "is not a limit of a camera"});
      continue;
    }
    out.fields.emplace_back(
        limit->field,
        ReadLimit(*value.Member(limit->name), Concat(place, ".", name), 1, limit->max, errors));
  }
  return out;
}

void ReadCameras(const JsonValue& value, PolicyFields* out) {
  constexpr size_t kMost = 10'000;
  const auto elements = value.Elements();
  if (!value.IsArray() || elements.size() > kMost) {
    out->errors.push_back({"cameras", "must be a list of cameras"});
    return;
  }
  for (size_t i = 0; i < elements.size(); ++i) {
    out->cameras.push_back(ReadCamera(elements[i], Concat("cameras[", i, "]"), &out->errors));
  }
}

}  // namespace

PolicyFields ReadPolicyFields(const JsonValue& body, bool cameras) {
  PolicyFields out;
  for (const std::string& name : body.MemberNames()) {
    if (name == "held" || name == "last_run") continue;
    if (name == "cameras" && cameras) {
      ReadCameras(*body.Member("cameras"), &out);
      continue;
    }
    const auto fields = retention::LimitFields();
    const auto limit = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& one) { return name == one.name; });
    if (limit == fields.end()) {
      out.errors.push_back({name, "is not a field of the policy"});
      continue;
    }
    out.general.emplace_back(limit->field, ReadLimit(*body.Member(limit->name), name, limit->min,
                                                     limit->max, &out.errors));
  }
  return out;
}

Status PolicyFields::ApplyTo(retention::Limits* limits) const {
  for (const auto& [field, value] : general) limits->*field = value;
  if (limits->min_days && limits->days && *limits->min_days > *limits->days) {
    return Fail(ErrorKind::kInvalidArgument, "must not be more than retention_days");
  }
  return {};
}

}  // namespace ronin::api

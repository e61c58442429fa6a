// SPDX-License-Identifier: MIT
#include "api/volume_fields.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>

#include "base/text.h"

namespace ronin::api {
namespace {

constexpr std::string_view kKnown[] = {"id",
                                       "path",
                                       "state",
                                       "sentence",
                                       "capacity_bytes",
                                       "free_bytes",
                                       "recordings_bytes",
                                       "file_count",
                                       "write_bps",
                                       "weight",
                                       "role",
                                       "move_after_days",
                                       "configured"};

void ReadPath(const JsonValue& body, const std::string& before, VolumeFields* out) {
  constexpr size_t kMaxPath = 1024;
  const auto bad = [out](std::string message) { out->errors.push_back({"path", message}); };
  const auto value = body.Member("path");
  const auto text = value ? value->AsString() : std::nullopt;
  if (value && !text) {
    bad("must be a text");
  } else if (!before.empty() && text && *text != before) {
    bad("cannot be changed; remove the volume and add it again");
  } else if (!before.empty()) {
    out->path = before;
  } else if (!text || text->empty()) {
    bad("is missing; name a folder, such as /mnt/disk2");
  } else if (text->front() != '/' || text->size() > kMaxPath) {
    bad(Concat("must be an absolute path of at most ", kMaxPath, " bytes, such as /mnt/disk2"));
  } else {
    out->path = std::filesystem::path(*text).lexically_normal().string();
    if (out->path.size() > 1 && out->path.back() == '/') out->path.pop_back();
    if (out->path == "/") bad("must be a folder of its own, such as /mnt/disk2");
  }
}

void ReadWeight(const JsonValue& body, VolumeFields* out) {
  const auto value = body.Member("weight");
  if (!value) return;
  const auto weight = value->AsInt();
  if (weight && *weight >= 0 && *weight <= 100) {
    out->use.weight = int(*weight);
  } else {
    out->errors.push_back({"weight", "must be a whole number from 0 to 100"});
  }
}

void ReadRole(const JsonValue& body, VolumeFields* out) {
  const auto value = body.Member("role");
  if (!value) return;
  if (const auto role = ParseVolumeRole(value->AsString().value_or(""))) {
    out->use.role = *role;
    if (*role == VolumeRole::kRecording) out->use.move_after_days.reset();
  } else {
    out->errors.push_back({"role", "must be recording or archive"});
  }
}

void ReadMoveAfter(const JsonValue& body, VolumeFields* out) {
  constexpr int64_t kMostDays = 36500;
  const auto value = body.Member("move_after_days");
  if (!value) return;
  out->use.move_after_days.reset();
  if (value->IsNull()) return;
  const auto days = value->AsInt();
  if (!days || *days < 0 || *days > kMostDays) {
    out->errors.push_back(
        {"move_after_days", Concat("must be a whole number from 0 to ", kMostDays, ", or null")});
  } else if (out->use.role != VolumeRole::kArchive) {
    out->errors.push_back({"move_after_days", "needs the role archive"});
  } else {
    out->use.move_after_days = *days;
  }
}

}  // namespace

VolumeFields ReadVolumeFields(const JsonValue& body, const VolumeUse& base,
                              const std::string& path) {
  VolumeFields out{.path = {}, .use = base, .errors = {}};
  for (const std::string& name : body.MemberNames()) {
    if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown)) {
      out.errors.push_back({name, "is not a field of a volume"});
    }
  }
  ReadPath(body, path, &out);
  ReadWeight(body, &out);
  ReadRole(body, &out);
  ReadMoveAfter(body, &out);
  return out;
}

}  // namespace ronin::api

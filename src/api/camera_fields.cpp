// SPDX-License-Identifier: MIT
#include "api/camera_fields.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <string_view>

#include "base/text.h"
#include "base/url_secrets.h"
#include "camera/camera_url.h"
#include "camera/tls_certificate.h"
#include "config/camera_folder.h"
#include "config/label_text.h"
#include "onvif/device_url.h"

namespace ronin::api {
namespace {

constexpr std::array kReadOnly = {"id",           "has_password", "folder",       "status",
                                  "status_since", "reachable",    "reachable_at", "last_error",
                                  "stream",       "sub",          "created",      "updated"};
constexpr std::array kWritable = {"name",
                                  "group",
                                  "tags",
                                  "url",
                                  "sub_url",
                                  "onvif_url",
                                  "username",
                                  "password",
                                  "transport",
                                  "enabled",
                                  "record",
                                  "record_sub",
                                  "schedule",
                                  "retention_days",
                                  "retention_bytes",
                                  "record_audio",
                                  "tls_fingerprint",
                                  "retention_min_days",
                                  "sub_retention_days",
                                  "sub_retention_bytes",
                                  "volume_id"};

constexpr int64_t kAnyInt = std::numeric_limits<int64_t>::max();

template <size_t N>
bool Contains(const std::array<const char*, N>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), std::string_view(name)) != names.end();
}

/// Reads the members of one object and collects what is wrong with them.
class Reader {
 public:
  Reader(const JsonValue& body, std::vector<http::FieldError>* errors)
      : body_(body), errors_(errors) {}

  size_t errors() const { return errors_->size(); }

  /// Whether the body names the field, with null or a value.
  bool Has(const char* field) const { return body_.Member(field).has_value(); }

  void Bad(const char* field, std::string message) {
    errors_->push_back({field, std::move(message)});
  }

  std::optional<std::string> Text(const char* field, size_t max_bytes) {
    const auto value = Present(field);
    if (!value) return std::nullopt;
    auto text = value->AsString();
    if (!text) {
      Bad(field, "must be a text");
    } else if (text->size() > max_bytes) {
      Bad(field, Concat("must not be longer than ", max_bytes, " bytes"));
      return std::nullopt;
    }
    return text;
  }

  /// A text of any length; empty when it is absent or null, nothing when it is no text.
  std::optional<std::string> AnyText(const char* field) {
    const auto value = Present(field);
    if (!value) return "";
    auto text = value->AsString();
    if (!text) Bad(field, "must be a text");
    return text;
  }

  void Bool(const char* field, bool* out) {
    const auto value = Present(field);
    if (!value) return;
    if (const auto flag = value->AsBool()) {
      *out = *flag;
    } else {
      Bad(field, "must be true or false");
    }
  }

  void Int(const char* field, int64_t min, int64_t max, std::optional<int64_t>* out) {
    const auto value = Present(field);
    if (!value) {
      if (Has(field)) out->reset();
      return;
    }
    if (const auto number = value->AsInt(); number && *number >= min && *number <= max) {
      *out = *number;
    } else {
      const std::string to = max == kAnyInt ? "" : Concat(" to ", max);
      Bad(field, Concat("must be a whole number from ", min, to, ", or null"));
    }
  }

  void Hours(const char* field, std::optional<Schedule>* out) {
    const auto value = Present(field);
    if (!value) {
      if (Has(field)) out->reset();
      return;
    }
    auto schedule = Schedule::Parse(*value);
    if (schedule) {
      *out = std::move(*schedule);
    } else {
      Bad(field, schedule.error().message);
    }
  }

 private:
  std::optional<JsonValue> Present(const char* field) {
    auto value = body_.Member(field);
    if (value && value->IsNull()) return std::nullopt;
    return value;
  }

  const JsonValue& body_;
  std::vector<http::FieldError>* errors_;
};

void ReadName(Reader& reader, CameraRecord* record) {
  constexpr size_t kMaxName = 100;
  record->name.clear();
  const auto name = reader.AnyText("name");
  if (!name) return;
  if (name->empty()) {
    reader.Bad("name", "is missing; give the camera a name, such as \"Front door\"");
  } else if (auto label = ReadLabel(*name, kMaxName)) {
    record->name = std::move(*label);
  } else {
    reader.Bad("name", label.error().message);
  }
}

void ReadGroup(Reader& reader, CameraRecord* record) {
  constexpr size_t kMaxGroup = 100;
  if (!reader.Has("group")) return;
  record->group.reset();
  const auto group = reader.AnyText("group");
  if (!group || group->empty()) return;
  if (auto label = ReadLabel(*group, kMaxGroup)) {
    record->group = std::move(*label);
  } else {
    reader.Bad("group", Concat(label.error().message, ", or be null"));
  }
}

/// One bad tag is told of, not each.
void ReadTags(Reader& reader, const JsonValue& body, CameraRecord* record) {
  constexpr size_t kMaxTags = 20;
  constexpr size_t kMaxTag = 50;
  const auto value = body.Member("tags");
  if (!value) return;
  record->tags.clear();
  if (value->IsNull()) return;
  const auto tags = value->Elements();
  if (!value->IsArray() || tags.size() > kMaxTags) {
    reader.Bad("tags", Concat("must be a list of at most ", kMaxTags, " texts"));
    return;
  }
  std::set<std::string> seen;
  for (const JsonValue& tag : tags) {
    const auto text = tag.AsString();
    auto label =
        text ? ReadLabel(*text, kMaxTag) : Fail(ErrorKind::kInvalidArgument, "must be a text");
    if (!label) {
      reader.Bad("tags", Concat("has a tag that ", label.error().message));
      return;
    }
    if (seen.insert(ComparisonKey(*label)).second) record->tags.push_back(std::move(*label));
  }
}

/// Which credentials have a value in a field of their own, or in the address before.
struct Said {
  bool username = false;
  bool password = false;
};

/// Reads one address; its credentials go into `record` unless the fields said other ones. What an
/// answer hid is taken from the address before, `stored`.
std::optional<std::string> ReadUrl(Reader& reader, const char* field, bool allow_loopback,
                                   const std::string& stored, const Said& said,
                                   CameraRecord* record) {
  constexpr size_t kMaxUrl = 2048;
  const auto text = reader.Text(field, kMaxUrl);
  if (!text) return std::nullopt;
  auto url = camera::ParseCameraUrl(*text);
  if (!url) {
    reader.Bad(field, url.error().message);
    return std::nullopt;
  }
  if (!allow_loopback && camera::IsLoopback(url->host)) {
    reader.Bad(field,
               "must not be an address of the recorder itself; for a test, set "
               "allow_loopback_cameras in the configuration");
    return std::nullopt;
  }
  auto filled = FillUrlSecrets(url->url, stored);
  if (!filled) {
    reader.Bad(field, filled.error().message);
    return std::nullopt;
  }
  if (url->username.empty() || said.username) return std::move(*filled);
  record->username = url->username;
  if (!said.password) record->password = url->password;
  return std::move(*filled);
}

void ReadOnvifUrl(Reader& reader, bool allow_loopback, CameraRecord* record) {
  constexpr size_t kMaxUrl = 2048;
  const size_t before = reader.errors();
  const auto text = reader.Text("onvif_url", kMaxUrl);
  if (!text) {
    if (reader.errors() == before) record->onvif_url.reset();
    return;
  }
  auto url = onvif::ParseDeviceUrl(*text);
  if (!url) {
    reader.Bad("onvif_url", url.error().message);
  } else if (!allow_loopback && camera::IsLoopback(url->host)) {
    reader.Bad("onvif_url", "must not be an address of the recorder itself");
  } else if (auto filled = FillUrlSecrets(url->url, record->onvif_url.value_or("")); !filled) {
    reader.Bad("onvif_url", filled.error().message);
  } else {
    record->onvif_url = std::move(*filled);
  }
}

void ReadFingerprint(Reader& reader, CameraRecord* record) {
  const auto text = reader.AnyText("tls_fingerprint");
  if (!text) return;
  record->tls_fingerprint = camera::ParseFingerprint(*text);
  if (record->tls_fingerprint || text->empty()) return;
  reader.Bad("tls_fingerprint",
             "must be the SHA-256 of a certificate, 64 hexadecimal digits with or without colons, "
             "or null");
}

void ReadAddresses(Reader& reader, bool allow_loopback, bool is_new, CameraRecord* record) {
  constexpr size_t kMaxCredential = 256;
  Said said;
  if (reader.Has("username")) {
    record->username = reader.Text("username", kMaxCredential).value_or("");
    said.username = !record->username.empty();
  }
  if (reader.Has("password")) {
    record->password = reader.Text("password", kMaxCredential).value_or("");
    said.password = !record->password.empty();
  }
  size_t before = reader.errors();
  if (is_new || reader.Has("url")) {
    if (auto url = ReadUrl(reader, "url", allow_loopback, record->url, said, record)) {
      record->url = *url;
    } else if (reader.errors() == before) {
      reader.Bad("url", "is missing; write it as rtsp://192.0.2.10:554/stream1");
    }
  }
  before = reader.errors();
  said.username = said.username || !record->username.empty();
  if (reader.Has("sub_url")) {
    record->sub_url =
        ReadUrl(reader, "sub_url", allow_loopback, record->sub_url.value_or(""), said, record);
  }
  reader.Bool("record_sub", &record->record_sub);
  if (record->record_sub && !record->sub_url && reader.errors() == before) {
    reader.Bad("record_sub", "needs a sub_url; give the address of the smaller stream");
  }
}

void ReadVolume(Reader& reader, const std::map<int64_t, std::string>& volumes,
                CameraRecord* record) {
  if (!reader.Has("volume_id")) return;
  const size_t before = reader.errors();
  std::optional<int64_t> id;
  reader.Int("volume_id", 1, kAnyInt, &id);
  if (reader.errors() > before) return;
  record->volume_uuid.reset();
  if (!id) return;
  if (const auto found = volumes.find(*id); found != volumes.end()) {
    record->volume_uuid = found->second;
  } else {
    reader.Bad("volume_id", "is no volume of this recorder; see GET /api/storage/volumes");
  }
}

}  // namespace

Result<JsonValue> ObjectOf(const http::Request& request) {
  auto body = JsonValue::Parse(request.body());
  if (!body || body->IsObject()) return body;
  return Fail(ErrorKind::kInvalidArgument, "The body must be a JSON object.");
}

CameraFields ReadCameraFields(const JsonValue& body, bool allow_loopback, const CameraRecord* base,
                              const std::map<int64_t, std::string>* volumes) {
  constexpr int64_t kMaxRetentionDays = 36500;  // the store's limit
  CameraFields out;
  Reader reader(body, &out.errors);
  for (const std::string& name : body.MemberNames()) {
    if (!Contains(kReadOnly, name) && !Contains(kWritable, name)) {
      out.errors.push_back({name, "is not a field of a camera"});
    }
  }
  CameraRecord& record = out.record;
  if (base != nullptr) record = *base;
  for (const std::string& name : body.MemberNames()) record.unreadable.erase(name);
  if (base == nullptr || reader.Has("name")) ReadName(reader, &record);
  ReadGroup(reader, &record);
  ReadTags(reader, body, &record);
  ReadAddresses(reader, allow_loopback, base == nullptr, &record);
  if (reader.Has("onvif_url")) ReadOnvifUrl(reader, allow_loopback, &record);
  if (reader.Has("tls_fingerprint")) ReadFingerprint(reader, &record);
  if (volumes != nullptr) ReadVolume(reader, *volumes, &record);
  if (const auto transport = reader.Text("transport", 16)) {
    if (const auto parsed = ParseTransport(*transport)) {
      record.transport = *parsed;
    } else {
      reader.Bad("transport", "must be auto, tcp, udp or compat");
    }
  }
  reader.Bool("enabled", &record.enabled);
  reader.Bool("record", &record.record);
  reader.Bool("record_audio", &record.record_audio);
  reader.Hours("schedule", &record.schedule);
  reader.Int("retention_days", 1, kMaxRetentionDays, &record.retention_days);
  reader.Int("retention_bytes", 1, kAnyInt, &record.retention_bytes);
  reader.Int("retention_min_days", 1, kMaxRetentionDays, &record.retention_min_days);
  reader.Int("sub_retention_days", 1, kMaxRetentionDays, &record.sub_retention_days);
  reader.Int("sub_retention_bytes", 1, kAnyInt, &record.sub_retention_bytes);
  if (record.retention_min_days && record.retention_days &&
      *record.retention_min_days > *record.retention_days) {
    reader.Bad("retention_min_days", "must not be more than retention_days of the same camera");
  }
  return out;
}

}  // namespace ronin::api

// SPDX-License-Identifier: MIT
#include "api/camera_import.h"

#include <algorithm>
#include <set>
#include <utility>

#include "api/camera_fields.h"
#include "base/text.h"
#include "config/camera_folder.h"
#include "config/label_text.h"
#include "secrets/passphrase_box.h"

namespace ronin::api {
namespace {

constexpr size_t kMostImported = 1000;
constexpr std::string_view kMembers[] = {"format", "cameras", "secrets", "passphrase"};

std::string TextOr(const JsonValue& object, const char* name) {
  const auto value = object.Member(name);
  return value ? value->AsString().value_or("") : "";
}

/// A text member that may be absent or null.
std::string ReadText(const JsonValue& body, const char* name, CameraImport* out) {
  const auto value = body.Member(name);
  if (!value || value->IsNull()) return "";
  auto text = value->AsString();
  if (!text) out->errors.push_back({name, "must be a text"});
  return text.value_or("");
}

void ReadParameters(const http::Request& request, CameraImport* out) {
  for (const std::string& name : request.QueryNames()) {
    if (name == "on_conflict" || name == "dry_run") continue;
    out->errors.push_back({name, "is not a parameter of an import"});
  }
  const std::string text = request.Query("on_conflict").value_or("refuse");
  if (text == "skip") {
    out->on_conflict = OnConflict::kSkip;
  } else if (text == "update") {
    out->on_conflict = OnConflict::kUpdate;
  } else if (text != "refuse") {
    out->errors.push_back({"on_conflict", "must be refuse, skip or update"});
  }
  const std::string dry_run = request.Query("dry_run").value_or("false");
  out->dry_run = dry_run == "true";
  if (!out->dry_run && dry_run != "false") {
    out->errors.push_back({"dry_run", "must be true or false"});
  }
}

/// One import under way to the database.
class Plan {
 public:
  Plan(const CameraImport& import, const std::vector<CameraRecord>& stored) : import_(import) {
    for (const CameraRecord& camera : stored) stored_[ComparisonKey(camera.name)] = camera;
  }

  void Read() {
    for (size_t i = 0; i < import_.cameras.size(); ++i) {
      ReadOne(Concat("cameras[", i, "]"), import_.cameras[i]);
    }
  }

  std::vector<http::FieldError> errors;     // fields that are bad
  std::vector<http::FieldError> conflicts;  // names that are taken
  std::vector<ImportResult::Item> items;

 private:
  using Fate = ImportResult::Fate;

  void ReadOne(const std::string& where, const JsonValue& body) {
    if (!body.IsObject()) {
      errors.push_back({where, "must be an object"});
      return;
    }
    const auto label = ReadLabel(TextOr(body, "name"), SIZE_MAX);
    const std::string key = label ? ComparisonKey(*label) : "";
    const auto known = label ? stored_.find(key) : stored_.end();
    const bool is_new = known == stored_.end();
    CameraRecord base = is_new ? CameraRecord() : known->second;
    if (const auto secrets = import_.secrets.find(key); secrets != import_.secrets.end()) {
      base.url = secrets->second.url;
      if (!secrets->second.sub_url.empty()) base.sub_url = secrets->second.sub_url;
      if (!secrets->second.onvif_url.empty()) base.onvif_url = secrets->second.onvif_url;
      base.password = secrets->second.password;
    }
    CameraFields fields = ReadCameraFields(body, import_.allow_loopback, &base);
    for (const char* field : {"name", "url"}) {
      if (!body.Member(field)) fields.errors.push_back({field, "is missing"});
    }
    for (auto& error : fields.errors) {
      errors.push_back({Concat(where, ".", error.field), std::move(error.message)});
    }
    if (!label) return;
    if (!seen_.insert(key).second) {
      errors.push_back({where + ".name", "is in this file twice"});
    }
    if (!is_new && import_.on_conflict == OnConflict::kRefuse) {
      conflicts.push_back({where + ".name", Concat("is taken by camera ", known->second.id)});
    }
    const Fate fate = is_new                                       ? Fate::kAdded
                      : import_.on_conflict == OnConflict::kUpdate ? Fate::kUpdated
                                                                   : Fate::kSkipped;
    items.push_back({fate, fate == Fate::kSkipped ? known->second : std::move(fields.record)});
  }

  const CameraImport& import_;
  std::map<std::string, CameraRecord> stored_;
  std::set<std::string> seen_;
};

}  // namespace

Result<CameraImport> ReadImport(const http::Request& request, bool allow_loopback) {
  const auto body = ObjectOf(request);
  if (!body) return Fail(body.error());
  CameraImport out;
  out.allow_loopback = allow_loopback;
  ReadParameters(request, &out);
  for (const std::string& name : body->MemberNames()) {
    if (std::find(std::begin(kMembers), std::end(kMembers), name) == std::end(kMembers)) {
      out.errors.push_back({name, "is not a part of exported cameras"});
    }
  }
  if (const auto format = body->Member("format"); format && format->AsString() != kCameraFormat) {
    out.errors.push_back({"format", Concat("must be ", kCameraFormat)});
  }
  const auto cameras = body->Member("cameras");
  if (cameras && cameras->IsArray()) out.cameras = cameras->Elements();
  if (!cameras || !cameras->IsArray() || out.cameras.size() > kMostImported) {
    out.errors.push_back({"cameras", Concat("must be a list of at most ", kMostImported)});
  }
  out.sealed = ReadText(*body, "secrets", &out);
  out.passphrase = ReadText(*body, "passphrase", &out);
  if (!out.sealed.empty() && out.passphrase.empty()) {
    out.errors.push_back({"passphrase", "is missing; without it, leave the secrets away"});
  } else if (out.sealed.empty() && !out.passphrase.empty()) {
    out.errors.push_back({"passphrase", "has no secrets to open"});
  }
  return out;
}

std::string SecretsOf(const std::vector<CameraRecord>& cameras) {
  JsonWriter json;
  json.Object();
  for (const CameraRecord& camera : cameras) {
    json.Key(camera.name.c_str()).Object().Key("url").String(camera.url);
    json.Key("sub_url").String(camera.sub_url.value_or(""));
    json.Key("onvif_url").String(camera.onvif_url.value_or(""));
    json.Key("password").String(camera.password).End();
  }
  return json.End().Text();
}

void OpenSecrets(CameraImport* import) {
  const auto text = OpenWithPassphrase(import->sealed, import->passphrase);
  const auto opened = text ? JsonValue::Parse(*text) : Fail(text.error());
  if (!opened) {
    import->errors.push_back({"passphrase", opened.error().message});
    return;
  }
  for (const std::string& name : opened->MemberNames()) {
    const auto one = opened->Member(name.c_str());
    import->secrets[ComparisonKey(name)] = {TextOr(*one, "url"), TextOr(*one, "sub_url"),
                                            TextOr(*one, "onvif_url"), TextOr(*one, "password")};
  }
}

ImportResult StoreImport(const CameraImport& import, CameraStore& store, WallTime now) {
  ImportResult out;
  const auto refuse = [&out](int status, std::vector<http::FieldError> errors, std::string why) {
    out.status = status;
    out.errors = std::move(errors);
    out.failure = std::move(why);
    return std::move(out);
  };
  const auto stored = store.List();
  if (!stored) return refuse(http::StatusOf(stored.error().kind), {}, stored.error().message);
  Plan plan(import, *stored);
  plan.Read();
  if (!plan.errors.empty()) {
    return refuse(422, std::move(plan.errors), "Some fields are not valid; nothing was imported.");
  }
  if (!plan.conflicts.empty()) {
    return refuse(409, std::move(plan.conflicts),
                  "Some names are taken; nothing was imported. Send on_conflict=skip or update.");
  }
  out.dry_run = import.dry_run;
  if (import.dry_run) {
    out.items = std::move(plan.items);
    return out;
  }
  std::vector<CameraRecord> records;
  for (const auto& item : plan.items) {
    if (item.fate != ImportResult::Fate::kSkipped) records.push_back(item.camera);
  }
  auto saved = store.SaveAll(records, now);
  if (!saved) return refuse(http::StatusOf(saved.error().kind), {}, saved.error().message);
  auto next = saved->begin();
  for (auto& item : plan.items) {
    if (item.fate != ImportResult::Fate::kSkipped) item.camera = std::move(*next++);
  }
  out.items = std::move(plan.items);
  return out;
}

}  // namespace ronin::api

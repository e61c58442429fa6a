// SPDX-License-Identifier: MIT
#include "api/camera_transfer.h"

#include <map>
#include <string_view>
#include <utility>

#include "api/camera_fields.h"
#include "api/json_views.h"
#include "api/list_query.h"
#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "secrets/passphrase_box.h"

namespace ronin::api {
namespace {

using http::Method;
using http::Response;

constexpr size_t kMaxWaiting = 4;  // each takes 64 MiB and a fifth of a second, one after the other

std::string ExportText(const std::vector<CameraRecord>& cameras, const std::string& sealed) {
  JsonWriter json;
  json.Object().Key("format").String(kCameraFormat).Key("cameras").Array();
  for (const CameraRecord& camera : cameras) {
    json.Object();
    WriteConfigured(json, camera);
    json.End();
  }
  json.End();
  if (!sealed.empty()) json.Key("secrets").String(sealed);
  return json.End().Text(true);
}

Response AsFile(std::string text) {
  return Response::Json(200, std::move(text) + "\n")
      .With("Content-Disposition", "attachment; filename=\"cameras.json\"");
}

/// The passphrase of an export, or what is wrong.
Result<std::string> ReadPassphrase(const JsonValue& body, std::vector<http::FieldError>* errors) {
  for (const std::string& name : body.MemberNames()) {
    if (name != "passphrase") errors->push_back({name, "is not a part of this request"});
  }
  const auto value = body.Member("passphrase");
  const auto text = value ? value->AsString() : std::nullopt;
  if (!text || text->size() < 8 || text->size() > 256) {
    errors->push_back({"passphrase", "must be a text of 8 to 256 bytes"});
  }
  return text.value_or("");
}

std::string_view NameOf(ImportResult::Fate fate) {
  switch (fate) {
    case ImportResult::Fate::kAdded:
      return "added";
    case ImportResult::Fate::kUpdated:
      return "updated";
    case ImportResult::Fate::kSkipped:
      return "skipped";
  }
  return "skipped";
}

}  // namespace

CameraTransfer::CameraTransfer(const ApiContext& context, Events& events)
    : context_(context), events_(events) {
  http::Router& router = context_.server.router();
  router.Add(Method::kGet, "/api/cameras/export",
             [this](const http::RequestPtr&, http::Responder responder) { Export(responder); });
  router.Add(Method::kPost, "/api/cameras/export",
             [this](const http::RequestPtr& request, http::Responder responder) {
               ExportSealed(request, responder);
             });
  router.Add(Method::kPost, "/api/cameras/import",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Import(request, responder);
             });
}

std::vector<CameraRecord> CameraTransfer::Records() const {
  std::vector<CameraRecord> out;
  for (const camera::Camera* camera : context_.cameras.All()) out.push_back(camera->record());
  return out;
}

void CameraTransfer::Export(const http::Responder& responder) {
  responder.Send(AsFile(ExportText(Records(), "")));
}

bool CameraTransfer::TooBusy(const http::Responder& responder) const {
  if (worker_.depth() < kMaxWaiting) return false;
  responder.Send(Response::Problem(503, "Others are exporting or importing; try again in a moment.")
                     .With("Retry-After", "2"));
  return true;
}

void CameraTransfer::ExportSealed(const http::RequestPtr& request,
                                  const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  std::vector<http::FieldError> errors;
  const auto passphrase = ReadPassphrase(*body, &errors);
  if (!errors.empty()) {
    responder.Send(Response::Problem(422, "The cameras cannot be exported like this.", errors));
    return;
  }
  if (TooBusy(responder)) return;
  Ask(
      worker_, mailbox_,
      [records = Records(), passphrase = *passphrase]() -> Result<std::string> {
        const auto sealed = SealWithPassphrase(SecretsOf(records), passphrase);
        if (!sealed) return Fail(sealed.error());
        return ExportText(records, *sealed);
      },
      [responder](Result<std::string> text) {
        if (text) {
          responder.Send(AsFile(std::move(*text)));
        } else {
          responder.SendError(text.error());
        }
      });
}

void CameraTransfer::Import(const http::RequestPtr& request, const http::Responder& responder) {
  auto import = ReadImport(*request, context_.allow_loopback_cameras);
  if (!import) {
    responder.Send(Response::Problem(400, import.error().message));
    return;
  }
  if (!import->errors.empty() || import->sealed.empty()) {
    Store(std::move(*import), responder);
    return;
  }
  if (TooBusy(responder)) return;
  Ask(
      worker_, mailbox_,
      [import = std::move(*import)]() mutable {
        OpenSecrets(&import);
        return std::move(import);
      },
      [this, responder](CameraImport opened) { Store(std::move(opened), responder); });
}

void CameraTransfer::Store(CameraImport import, const http::Responder& responder) {
  if (!import.errors.empty()) {
    responder.Send(Response::Problem(422, "Nothing was imported.", import.errors));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&store = context_.camera_store, import = std::move(import), now = context_.clock.Now()] {
        return StoreImport(import, store, now);
      },
      [this, responder](const ImportResult& result) { Stored(result, responder); });
}

void CameraTransfer::Stored(const ImportResult& result, const http::Responder& responder) {
  if (result.status != 200) {
    responder.Send(Response::Problem(result.status, result.failure, result.errors));
    return;
  }
  std::map<std::string_view, int64_t> counts;
  JsonWriter json;
  json.Object().Key("items").Array();
  for (const ImportResult::Item& item : result.items) {
    const int64_t id = item.camera.id;
    const std::string_view fate = NameOf(item.fate);
    ++counts[fate];
    json.Object().Key("id");
    if (id > 0) {
      json.Int(id);
    } else {
      json.Null();
    }
    json.Key("name").String(item.camera.name).Key("result").String(fate).End();
    if (result.dry_run || item.fate == ImportResult::Fate::kSkipped) continue;
    if (item.fate == ImportResult::Fate::kAdded) {
      context_.cameras.Add(item.camera);
    } else {
      context_.recorders.WillStop(id, "changed");
      context_.cameras.Change(item.camera);
    }
    events_.CameraChanged(id);
  }
  json.End();
  for (const char* fate : {"added", "updated", "skipped"}) json.Key(fate).Int(counts[fate]);
  if (!result.dry_run) {
    log::Info("api", Concat("cameras were imported: ", counts["added"], " added, ",
                            counts["updated"], " updated, ", counts["skipped"], " skipped"));
  }
  responder.Send(Response::Json(200, json.End().Text()));
}

}  // namespace ronin::api

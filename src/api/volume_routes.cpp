// SPDX-License-Identifier: MIT
#include "api/volume_routes.h"

#include <utility>

#include "api/camera_fields.h"
#include "api/list_query.h"
#include "api/volume_view.h"
#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"

namespace ronin::api {
namespace {

using namespace std::chrono_literals;
using http::Method;
using http::Response;

constexpr auto kLookLimit = 10s;  // a disk may have to spin up
constexpr size_t kMostLooks = 4;  // one that hangs holds up the others

constexpr const char* kLastTaker =
    "stays as it is: no other volume would take new recordings; give another one a weight first";

Response UnknownVolume() { return Response::Problem(404, "There is no such volume."); }

Response BadVolume(const std::vector<http::FieldError>& errors) {
  return Response::Problem(422, "Some fields of the volume are not valid.", errors);
}

}  // namespace

/// A volume that is being added.
struct VolumeRoutes::Newcomer {
  VolumeFields fields;
  JsonValue body;
  http::Responder responder;
  VolumeGate* gate = nullptr;
  Source limit;  // of the look at it
  bool over = false;
};

VolumeRoutes::VolumeRoutes(const ApiContext& context) : context_(context) {
  const auto add = [&](Method method, const char* pattern, auto member) {
    context_.server.router().Add(
        method, pattern,
        [this, member](const http::RequestPtr& request, http::Responder responder) {
          (this->*member)(request, responder);
        });
  };
  add(Method::kGet, "/api/storage/volumes", &VolumeRoutes::List);
  add(Method::kPost, "/api/storage/volumes", &VolumeRoutes::Add);
  add(Method::kPatch, "/api/storage/volumes/{id:int}", &VolumeRoutes::Change);
  add(Method::kDelete, "/api/storage/volumes/{id:int}", &VolumeRoutes::Remove);
}

VolumeGate* VolumeRoutes::Find(int64_t id) const {
  const auto disks = context_.volumes.Disks();
  const auto disk = disks.find(id);
  if (disk == disks.end()) return nullptr;
  for (const auto& gate : context_.volumes.all()) {
    if (context_.volumes.DiskOf(*gate) == disk->second) return gate.get();
  }
  return nullptr;
}

/// All of them: there are 32 at most.
void VolumeRoutes::List(const http::RequestPtr& request, const http::Responder& responder) {
  std::vector<http::FieldError> errors;
  RefuseUnknownParameters(*request, {}, &errors);
  if (!errors.empty()) {
    responder.Send(BadParameters(errors));
    return;
  }
  Ask(
      context_.database, mailbox_, [&catalog = context_.catalog] { return catalog.Totals(); },
      [this, responder](const Result<Totals>& totals) {
        if (!totals) {
          responder.SendError(totals.error());
          return;
        }
        JsonWriter json;
        BeginList(json);
        for (const auto& gate : context_.volumes.all()) WriteVolume(json, context_, *gate, *totals);
        EndList(json, std::nullopt);
        responder.Send(Response::Json(200, json.Text()));
      });
}

void VolumeRoutes::Show(const VolumeGate& gate, int status, const http::Responder& responder) {
  Ask(
      context_.database, mailbox_, [&catalog = context_.catalog] { return catalog.Totals(); },
      [this, &gate, status, responder](const Result<Totals>& totals) {
        if (!totals) {
          responder.SendError(totals.error());
          return;
        }
        JsonWriter json;
        WriteVolume(json, context_, gate, *totals);
        auto answer = Response::Json(status, json.Text());
        if (status == 201) {
          const auto id = context_.volumes.IdOf(gate.uuid()).value_or(0);
          answer = std::move(answer).With("Location", Concat("/api/storage/volumes/", id));
        }
        responder.Send(std::move(answer));
      });
}

void VolumeRoutes::Add(const http::RequestPtr& request, const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  VolumeFields fields = ReadVolumeFields(*body, VolumeUse());
  if (!fields.errors.empty()) {
    responder.Send(BadVolume(fields.errors));
    return;
  }
  for (const auto& gate : context_.volumes.all()) {
    if (gate->root() != fields.path) continue;
    responder.Send(Response::Problem(409, "This folder is a volume already."));
    return;
  }
  if (look_.depth() >= kMostLooks) {
    responder.Send(Response::Problem(503, "Other folders are being looked at; try again later.")
                       .With("Retry-After", "10"));
    return;
  }
  const auto added =
      std::make_shared<Newcomer>(Newcomer{std::move(fields), *body, responder, nullptr, Source()});
  // Whoever looks has it, and may look for ever.
  added->limit = Source::After(kLookLimit, [this, weak = std::weak_ptr(added)] {
    const auto late = weak.lock();
    if (!late || std::exchange(late->over, true)) return;
    if (late->gate != nullptr) context_.volumes.Remove(*late->gate);
    late->responder.Send(
        Response::Problem(503, "The disk of this folder does not answer; check it and try again."));
  });
  Ask(
      look_, mailbox_, [volume = Volume(added->fields.path)] { return volume.Check(); },
      [this, added](const Status& there) { Checked(added, there); });
}

/// A folder that is not even there needs no watch.
void VolumeRoutes::Checked(const std::shared_ptr<Newcomer>& added, const Status& there) {
  if (added->over) return;
  if (there) added->gate = context_.volumes.Add(added->fields.path);
  if (added->gate != nullptr) {
    added->gate->Recheck([this, sender = mailbox_.sender(), added] {
      sender.Post([this, added] {
        if (!std::exchange(added->over, true)) Looked(added);
      });
    });
    return;
  }
  added->over = true;
  added->limit.Cancel();
  if (!there) {
    added->responder.Send(BadVolume({{"path", Concat("cannot be used: ", there.error().message)}}));
    return;
  }
  added->responder.Send(Response::Problem(
      409, Concat("There are ", Volumes::kMost,
                  " volumes, with those that were removed since the last start; remove some and "
                  "start the recorder anew.")));
}

/// The disk was looked at: it is one that can be used, or it is not added.
void VolumeRoutes::Looked(const std::shared_ptr<Newcomer>& added) {
  added->limit.Cancel();
  VolumeGate& gate = *added->gate;
  if (gate.uuid().empty() || !gate.ok()) {
    const std::string why = gate.sentence();
    context_.volumes.Remove(gate);
    added->responder.Send(BadVolume({{"path", why}}));
    return;
  }
  // One that was used before is used like then, as far as the request says nothing else.
  added->fields = ReadVolumeFields(added->body, context_.volumes.UseOf(gate.uuid()));
  if (!added->fields.errors.empty()) {
    context_.volumes.Remove(gate);
    added->responder.Send(BadVolume(added->fields.errors));
    return;
  }
  Store(added);
}

void VolumeRoutes::Store(const std::shared_ptr<Newcomer>& added) {
  Ask(
      context_.database, mailbox_,
      [&store = context_.volume_store, &catalog = context_.catalog, uuid = added->gate->uuid(),
       path = added->gate->root(), use = added->fields.use,
       now = context_.clock.Now()]() -> Result<int64_t> {
        if (const auto seen = store.Seen(uuid, path, now); !seen) return seen;
        auto done = store.SetUse(uuid, use);
        if (done) done = store.SetAdded(path, true);
        if (!done) return Fail(std::move(done.error()));
        return catalog.EnsureVolume(path, uuid);
      },
      [this, added, uuid = added->gate->uuid()](const Result<int64_t>& id) {
        if (!id) {
          context_.volumes.Remove(*added->gate);
          added->responder.SendError(id.error());
          return;
        }
        log::Info("api", Concat("the volume ", added->gate->root(), " was added"));
        context_.volumes.SetCatalogId(uuid, *id);
        context_.volumes.SetUse(uuid, added->fields.use);
        context_.volumes.Admit(*added->gate);
        Show(*added->gate, 201, added->responder);
      });
}

void VolumeRoutes::Change(const http::RequestPtr& request, const http::Responder& responder) {
  VolumeGate* gate = Find(request->IntParam("id"));
  const auto body = ObjectOf(*request);
  if (gate == nullptr) {
    responder.Send(UnknownVolume());
    return;
  }
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  const std::string uuid = context_.volumes.DiskOf(*gate);
  VolumeFields fields = ReadVolumeFields(*body, context_.volumes.UseOf(uuid), gate->root());
  if (fields.errors.empty() && context_.volumes.IsLastTaker(*gate)) {
    if (fields.use.role != VolumeRole::kRecording) fields.errors.push_back({"role", kLastTaker});
    if (fields.use.weight == 0) fields.errors.push_back({"weight", kLastTaker});
  }
  if (!fields.errors.empty()) {
    responder.Send(BadVolume(fields.errors));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&store = context_.volume_store, uuid, use = fields.use] { return store.SetUse(uuid, use); },
      [this, gate, uuid, use = fields.use, responder](const Status& stored) {
        if (!stored) {
          responder.SendError(stored.error());
          return;
        }
        log::Info("api", Concat("the volume ", gate->root(), " was changed"));
        context_.volumes.SetUse(uuid, use);
        Show(*gate, 200, responder);
      });
}

void VolumeRoutes::Remove(const http::RequestPtr& request, const http::Responder& responder) {
  const int64_t id = request->IntParam("id");
  VolumeGate* gate = Find(id);
  if (gate == nullptr) {
    responder.Send(UnknownVolume());
    return;
  }
  if (context_.volumes.IsConfigured(*gate)) {
    responder.Send(Response::Problem(
        409, "The configuration names this volume; take it out of there (storage) and restart."));
    return;
  }
  if (context_.volumes.IsLastTaker(*gate)) {
    responder.Send(Response::Problem(
        409, "No other volume would take new recordings; give another one a weight first."));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&store = context_.volume_store, &catalog = context_.catalog,
       path = gate->root()]() -> Result<Totals> {
        if (auto done = store.SetAdded(path, false); !done) return Fail(std::move(done.error()));
        return catalog.Totals();
      },
      [this, gate, id, responder](const Result<Totals>& totals) {
        if (totals) {
          Removed(*gate, id, *totals, responder);
        } else {
          responder.SendError(totals.error());
        }
      });
}

void VolumeRoutes::Removed(VolumeGate& gate, int64_t id, const Totals& totals,
                           const http::Responder& responder) {
  const VolumeContent content = ContentOf(totals, id);
  context_.volumes.Remove(gate);
  log::Info("api", Concat("the volume ", gate.root(), " was removed"));
  JsonWriter json;
  json.Object().Key("id").Int(id).Key("path").String(gate.root());
  json.Key("recordings_bytes").Int(content.size_bytes).Key("file_count").Int(content.file_count);
  json.Key("sentence")
      .String(content.file_count == 0
                  ? std::string("There are no recordings on it.")
                  : Concat(content.file_count,
                           " recordings stay on it; they can be played when it is added again."));
  responder.Send(Response::Json(200, json.End().Text()));
}

}  // namespace ronin::api

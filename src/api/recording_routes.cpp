// SPDX-License-Identifier: MIT
#include "api/recording_routes.h"

#include "api/camera_fields.h"
#include "api/file_body.h"
#include "api/json_views.h"
#include "api/list_query.h"
#include "api/recording_fields.h"
#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "base/time_text.h"
#include "retention/protection.h"

namespace ronin::api {
namespace {

using http::Method;
using http::Response;

struct ListQuery {
  SegmentQuery query;
  std::vector<http::FieldError> errors;
};

void ReadTime(const http::Request& request, const char* name, std::optional<WallTime>* out,
              std::vector<http::FieldError>* errors) {
  const auto text = request.Query(name);
  if (!text) return;
  const auto time = ParseTime(*text);
  if (time) {
    *out = *time;
  } else {
    errors->push_back({name, time.error().message});
  }
}

ListQuery ReadListQuery(const http::Request& request) {
  ListQuery out;
  RefuseUnknownParameters(request, {"camera_id", "start", "end", "stream", "protected"},
                          &out.errors);
  for (const std::string& text : request.QueryAll("camera_id")) {
    if (const auto id = ReadNumber(text, 1)) {
      out.query.camera_ids.push_back(*id);
    } else {
      out.errors.push_back({"camera_id", "must be the id of a camera"});
    }
  }
  ReadTime(request, "start", &out.query.start, &out.errors);
  ReadTime(request, "end", &out.query.end, &out.errors);
  const auto stream = ParseStreamKind(request.Query("stream").value_or("main"));
  if (stream) {
    out.query.stream = *stream;
  } else {
    out.errors.push_back({"stream", "must be main or sub"});
  }
  if (const auto text = request.Query("protected")) {
    out.query.is_protected = *text == "true";
    if (*text != "true" && *text != "false") {
      out.errors.push_back({"protected", "must be true or false"});
    }
  }
  PageQuery page = ReadPageQuery(request, &out.errors);
  out.query.limit = page.limit;
  out.query.after = std::move(page.cursor);
  return out;
}

Response NoFile() {
  return Response::Problem(
      404, "The file of this recording is gone; somebody removed it from the disk.");
}

Response StorageIsAway() {
  return Response::Problem(503, "The storage of this recording is away; connect it and try again.");
}

}  // namespace

RecordingRoutes::RecordingRoutes(const ApiContext& context, Events& events)
    : context_(context), events_(events) {
  http::Router& router = context_.server.router();
  const auto add = [&](Method method, const char* pattern, auto member) {
    router.Add(method, pattern,
               [this, member](const http::RequestPtr& request, http::Responder responder) {
                 (this->*member)(request, responder);
               });
  };
  add(Method::kGet, "/api/recordings", &RecordingRoutes::List);
  add(Method::kGet, "/api/recordings/{id:int}", &RecordingRoutes::Get);
  add(Method::kPatch, "/api/recordings/{id:int}", &RecordingRoutes::Change);
  add(Method::kDelete, "/api/recordings/{id:int}", &RecordingRoutes::Delete);
  add(Method::kGet, "/api/recordings/{id:int}/stream", &RecordingRoutes::Stream);
}

void RecordingRoutes::List(const http::RequestPtr& request, const http::Responder& responder) {
  ListQuery list = ReadListQuery(*request);
  if (!list.errors.empty()) {
    responder.Send(BadParameters(list.errors));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, query = list.query] { return catalog.List(query); },
      [this, responder](Result<SegmentPage> page) {
        if (!page) {
          responder.SendError(page.error());
          return;
        }
        JsonWriter json;
        BeginList(json);
        for (Segment& segment : page->items) {
          AddSize(&segment);
          WriteRecording(json, segment);
        }
        EndList(json, page->next);
        responder.Send(Response::Json(200, json.Text()));
      });
}

void RecordingRoutes::Get(const http::RequestPtr& request, const http::Responder& responder) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, id = request->IntParam("id")] { return catalog.Get(id); },
      [this, responder](Result<Segment> segment) {
        if (segment) {
          responder.Send(Response::Json(200, View(std::move(*segment))));
        } else {
          responder.SendError(segment.error());
        }
      });
}

/// Decided on the databases' thread, as deletion is: either it is protected and stays, or it is too
/// late.
void RecordingRoutes::Change(const http::RequestPtr& request, const http::Responder& responder) {
  const auto body = ObjectOf(*request);
  if (!body) {
    responder.Send(Response::Problem(400, body.error().message));
    return;
  }
  const RecordingFields fields = ReadRecordingFields(*body);
  if (!fields.errors.empty()) {
    responder.Send(
        Response::Problem(422, "The recording cannot be changed like this.", fields.errors));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&store = context_.protection, &catalog = context_.catalog, id = request->IntParam("id"),
       wanted = fields.is_protected] {
        return wanted ? retention::SetProtection(store, catalog, id, *wanted) : catalog.Get(id);
      },
      [this, responder](Result<Segment> segment) {
        if (!segment) {
          responder.SendError(segment.error());
          return;
        }
        AddSize(&*segment);
        events_.RecordingChanged(*segment);
        responder.Send(Response::Json(200, View(*segment)));
      });
}

void RecordingRoutes::Delete(const http::RequestPtr& request, const http::Responder& responder) {
  context_.recording_deleter.Delete(request->IntParam("id"), [responder](const Status& done) {
    if (done) {
      responder.Send(Response::Empty());
    } else {
      responder.SendError(done.error());
    }
  });
}

void RecordingRoutes::Stream(const http::RequestPtr& request, const http::Responder& responder) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, id = request->IntParam("id")] { return catalog.Get(id); },
      [this, responder](Result<Segment> segment) {
        if (!segment) {
          responder.SendError(segment.error());
        } else if (segment->state == SegmentState::kMissing) {
          responder.Send(NoFile());
        } else {
          SendFile(*segment, responder);
        }
      });
}

/// The size of a file that is being written is not in its row yet.
void RecordingRoutes::AddSize(Segment* segment) const {
  if (segment->state != SegmentState::kRecording) return;
  const auto* recorder = context_.recorders.Find({segment->camera_id, segment->stream});
  const auto file = recorder != nullptr ? recorder->current_file() : std::nullopt;
  if (file && file->path.ends_with("/" + segment->rel_path)) {
    segment->size_bytes = int64_t(recorder->bytes_written());
  }
}

std::string RecordingRoutes::View(Segment segment) const {
  AddSize(&segment);
  JsonWriter json;
  WriteRecording(json, segment);
  return json.Text();
}

void RecordingRoutes::SendFile(const Segment& segment, const http::Responder& responder) {
  VolumeGate* gate = context_.volumes.Find(segment.volume_id);
  if (gate == nullptr) {
    responder.Send(StorageIsAway());
    return;
  }
  const bool open = segment.state == SegmentState::kRecording;
  FileBody::Open(
      context_.served.Serve(gate->volume().PathOf(segment.rel_path)), gate->read_worker(),
      [this, segment, gate, open, responder](Result<std::shared_ptr<FileBody>> body) {
        if (!body) {
          Missed(segment, *gate, body.error(), responder);
          return;
        }
        http::BodyOptions options{.content_type = "video/mp4",
                                  .etag = Concat(segment.id, "-", (*body)->size())};
        // A closed file never changes; one that grows is another one next time.
        options.headers.emplace_back("Cache-Control", open ? "no-store" : "private, max-age=3600");
        responder.SendBody(*body, std::move(options));
      });
}

void RecordingRoutes::Missed(const Segment& segment, VolumeGate& gate, const Error& error,
                             const http::Responder& responder) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, id = segment.id] { return catalog.Get(id); },
      [this, segment, &gate, error, responder](const Result<Segment>& now) {
        const bool moved =
            now && (now->volume_id != segment.volume_id || now->rel_path != segment.rel_path);
        if (moved) {
          SendFile(*now, responder);
        } else {
          ExplainNoFile(segment.id, gate, error, responder);
        }
      });
}

void RecordingRoutes::ExplainNoFile(int64_t id, VolumeGate& gate, const Error& error,
                                    const http::Responder& responder) {
  Ask(
      gate.read_worker(), mailbox_,
      [volume = gate.volume()] { return volume.CheckThere().has_value(); },
      [id, error, responder](bool storage_is_there) {
        if (storage_is_there && error.kind == ErrorKind::kNotFound) {
          responder.Send(NoFile());
          return;
        }
        // The path is for the log only: an answer says nothing about this machine's folders.
        log::Warning("api", Concat("recording ", id, " cannot be served: ", error.Text()));
        responder.Send(storage_is_there
                           ? Response::Problem(503,
                                               "The file of this recording cannot be read now; the "
                                               "recorder's log says why.")
                           : StorageIsAway());
      });
}

}  // namespace ronin::api

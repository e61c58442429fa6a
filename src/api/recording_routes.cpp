// SPDX-License-Identifier: MIT
#include "api/recording_routes.h"

#include <charconv>
#include <filesystem>

#include "api/file_body.h"
#include "api/json_views.h"
#include "api/list_query.h"
#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "base/time_text.h"

namespace ronin::api {
namespace {

using http::Method;
using http::Response;

std::optional<int64_t> ParseInt(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

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
  RefuseUnknownParameters(request, {"camera_id", "start", "end", "stream"}, &out.errors);
  for (const std::string& text : request.QueryAll("camera_id")) {
    if (const auto id = ParseInt(text); id && *id > 0) {
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
  PageQuery page = ReadPageQuery(request, &out.errors);
  out.query.limit = page.limit;
  out.query.after = std::move(page.cursor);
  return out;
}

/// The size of a file that is being written is not in its row yet. Database thread.
void AddSize(const Volume& volume, Segment* segment) {
  if (segment->state != SegmentState::kRecording) return;
  std::error_code error;
  const auto size = std::filesystem::file_size(volume.PathOf(segment->rel_path), error);
  if (!error) segment->size_bytes = int64_t(size);
}

Response NoFile() {
  return Response::Problem(
      404, "The file of this recording is gone; somebody removed it from the disk.");
}

/// Whether a storage folder is there. One without anything in it is the place where a disk belongs
/// that is away: the folders of the cameras stay when footage is deleted. Storage read thread.
bool HoldsSomething(const std::string& root) {
  std::error_code error;
  const std::filesystem::directory_iterator first(root, error);
  return !error && first != std::filesystem::directory_iterator();
}

}  // namespace

RecordingRoutes::RecordingRoutes(const ApiContext& context) : context_(context) {
  http::Router& router = context_.server.router();
  const auto add = [&](const char* pattern, auto member) {
    router.Add(Method::kGet, pattern,
               [this, member](const http::RequestPtr& request, http::Responder responder) {
                 (this->*member)(request, responder);
               });
  };
  add("/api/recordings", &RecordingRoutes::List);
  add("/api/recordings/{id:int}", &RecordingRoutes::Get);
  add("/api/recordings/{id:int}/stream", &RecordingRoutes::Stream);
}

void RecordingRoutes::List(const http::RequestPtr& request, const http::Responder& responder) {
  ListQuery list = ReadListQuery(*request);
  if (!list.errors.empty()) {
    responder.Send(BadParameters(list.errors));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, &volume = context_.volume, query = list.query] {
        auto page = catalog.List(query);
        if (page) {
          for (Segment& segment : page->items) AddSize(volume, &segment);
        }
        return page;
      },
      [responder](Result<SegmentPage> page) {
        if (!page) {
          responder.SendError(page.error());
          return;
        }
        JsonWriter json;
        BeginList(json);
        for (const Segment& segment : page->items) WriteRecording(json, segment);
        EndList(json, page->next);
        responder.Send(Response::Json(200, json.Text()));
      });
}

void RecordingRoutes::Get(const http::RequestPtr& request, const http::Responder& responder) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, &volume = context_.volume, id = request->IntParam("id")] {
        auto segment = catalog.Get(id);
        if (segment) AddSize(volume, &*segment);
        return segment;
      },
      [responder](Result<Segment> segment) {
        if (!segment) {
          responder.SendError(segment.error());
          return;
        }
        JsonWriter json;
        WriteRecording(json, *segment);
        responder.Send(Response::Json(200, json.Text()));
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

void RecordingRoutes::SendFile(const Segment& segment, const http::Responder& responder) {
  const bool open = segment.state == SegmentState::kRecording;
  FileBody::Open(context_.volume.PathOf(segment.rel_path), context_.read_worker,
                 [this, id = segment.id, open, responder](Result<std::shared_ptr<FileBody>> body) {
                   if (!body) {
                     ExplainNoFile(id, body.error(), responder);
                     return;
                   }
                   http::BodyOptions options{.content_type = "video/mp4",
                                             .etag = Concat(id, "-", (*body)->size())};
                   // A closed file never changes; one that grows is another one next time.
                   options.headers.emplace_back("Cache-Control",
                                                open ? "no-store" : "private, max-age=3600");
                   responder.SendBody(*body, std::move(options));
                 });
}

void RecordingRoutes::ExplainNoFile(int64_t id, const Error& error,
                                    const http::Responder& responder) {
  Ask(
      context_.read_worker, mailbox_,
      [root = context_.volume.root()] { return HoldsSomething(root); },
      [id, error, responder](bool storage_is_there) {
        if (storage_is_there && error.kind == ErrorKind::kNotFound) {
          responder.Send(NoFile());
          return;
        }
        // The path is for the log only: an answer says nothing about this machine's folders.
        log::Warning("api", Concat("recording ", id, " cannot be served: ", error.Text()));
        responder.Send(Response::Problem(
            503, storage_is_there
                     ? "The file of this recording cannot be read now; the recorder's log says why."
                     : "The storage of this recording is away; connect it and try again."));
      });
}

}  // namespace ronin::api

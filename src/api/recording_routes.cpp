// SPDX-License-Identifier: MIT
#include "api/recording_routes.h"

#include <charconv>
#include <filesystem>

#include "api/file_body.h"
#include "api/json_views.h"
#include "base/ask.h"
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
  for (const std::string& name : request.QueryNames()) {
    if (name != "camera_id" && name != "start" && name != "end" && name != "stream" &&
        name != "limit" && name != "cursor") {
      out.errors.push_back({name, "is not a parameter of this list"});
    }
  }
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
  if (const auto text = request.Query("limit")) {
    const auto limit = ParseInt(*text);
    if (limit && *limit >= 1 && *limit <= 1000) {
      out.query.limit = int(*limit);
    } else {
      out.errors.push_back({"limit", "must be a whole number from 1 to 1000"});
    }
  }
  out.query.after = request.Query("cursor").value_or("");
  return out;
}

/// The size of a file that is being written is not in its row yet. Database thread.
void AddSize(const Volume& volume, Segment* segment) {
  if (segment->state != SegmentState::kRecording) return;
  std::error_code error;
  const auto size = std::filesystem::file_size(volume.PathOf(segment->rel_path), error);
  if (!error) segment->size_bytes = int64_t(size);
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
    responder.Send(Response::Problem(400, "Some parameters are not valid.", list.errors));
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
        json.Object().Key("items").Array();
        for (const Segment& segment : page->items) WriteRecording(json, segment);
        json.End().Key("next");
        if (page->next) {
          json.String(*page->next);
        } else {
          json.Null();
        }
        json.End();
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
          responder.Send(Response::Problem(
              404, "The file of this recording is gone; somebody removed it from the disk."));
        } else {
          SendFile(*segment, responder);
        }
      });
}

void RecordingRoutes::SendFile(const Segment& segment, const http::Responder& responder) {
  const bool open = segment.state == SegmentState::kRecording;
  FileBody::Open(context_.volume.PathOf(segment.rel_path), context_.read_worker,
                 [id = segment.id, open, responder](Result<std::shared_ptr<FileBody>> body) {
                   if (!body) {
                     responder.SendError(body.error());
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

}  // namespace ronin::api

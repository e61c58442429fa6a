// SPDX-License-Identifier: MIT
#include "api/timeline_routes.h"

#include <algorithm>

#include "api/coverage_query.h"
#include "api/list_query.h"
#include "base/ask.h"
#include "base/json.h"
#include "base/time_text.h"
#include "recording/timeline.h"

namespace ronin::api {

/// What was asked for, and what is wrong with it.
struct TimelineRequest {
  std::vector<int64_t> camera_ids;
  recording::Span window;
  StreamKind stream = StreamKind::kMain;
  Micros resolution{};  // 0: exact
  std::vector<http::FieldError> errors;
};

namespace {

using namespace std::chrono_literals;
using http::Method;
using http::Response;

constexpr size_t kMaxCameras = 64;
constexpr auto kMaxRange = 24h * 4000;
constexpr auto kPieceOfTime = 24h * 400;  // that is read at once
constexpr int64_t kMaxResolution = 86400;
constexpr size_t kMaxPieces = 20'000;  // of all cameras: 2 MB of answer
constexpr size_t kMinPieces = 500;     // of one

void ReadCameras(const http::Request& request, TimelineRequest* out) {
  for (const std::string& text : request.QueryAll("camera_id")) {
    const auto id = ReadNumber(text, 1);
    if (!id) {
      out->errors.push_back({"camera_id", "must be the id of a camera"});
      return;
    }
    const auto& ids = out->camera_ids;
    if (std::find(ids.begin(), ids.end(), *id) == ids.end()) out->camera_ids.push_back(*id);
  }
  if (out->camera_ids.empty()) {
    out->errors.push_back({"camera_id", "is missing; name at least one camera"});
  } else if (out->camera_ids.size() > kMaxCameras) {
    out->errors.push_back({"camera_id", "must not name more than 64 cameras at once"});
  }
}

std::optional<WallTime> ReadTime(const http::Request& request, const char* name,
                                 TimelineRequest* out) {
  const auto text = request.Query(name);
  const auto time = text ? ParseTime(*text) : Fail(ErrorKind::kInvalidArgument, "is missing");
  if (time) return *time;
  out->errors.push_back({name, time.error().message});
  return std::nullopt;
}

TimelineRequest ReadRequest(const http::Request& request) {
  TimelineRequest out;
  for (const std::string& name : request.QueryNames()) {
    constexpr std::string_view kKnown[] = {"camera_id", "start", "end", "resolution_s", "stream"};
    if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown)) {
      out.errors.push_back({name, "is not a parameter of the timeline"});
    }
  }
  ReadCameras(request, &out);
  const auto start = ReadTime(request, "start", &out);
  const auto end = ReadTime(request, "end", &out);
  if (start && end) {
    out.window = {*start, *end};
    if (*start >= *end) {
      out.errors.push_back({"end", "must be later than start"});
    } else if (*end - *start > kMaxRange) {
      out.errors.push_back({"end", "must not be more than 4000 days after start"});
    }
  }
  if (const auto text = request.Query("resolution_s")) {
    const auto seconds = ReadNumber(*text, 1, kMaxResolution);
    if (!seconds) {
      out.errors.push_back({"resolution_s", "must be a whole number from 1 to 86400"});
    }
    out.resolution = std::chrono::seconds(seconds.value_or(0));
  }
  if (const auto stream = ParseStreamKind(request.Query("stream").value_or("main"))) {
    out.stream = *stream;
  } else {
    out.errors.push_back({"stream", "must be main or sub"});
  }
  return out;
}

/// No more than `limit` pieces, so that a camera that fails every second cannot make an answer of
/// any size; `*resolution` says how coarse that is.
recording::Coverage Bounded(recording::Coverage exact, Micros* resolution, size_t limit) {
  recording::Coverage out = *resolution > 0s ? Coarsened(exact, *resolution) : exact;
  while (out.spans.size() + out.gaps.size() > limit) {
    *resolution = std::max<Micros>(*resolution * 2, 1s);
    out = Coarsened(exact, *resolution);
  }
  return out;
}

std::string ViewOf(int64_t camera_id, const recording::Coverage& coverage, Micros resolution) {
  JsonWriter json;
  json.Object().Key("camera_id").Int(camera_id);
  json.Key("resolution_s").Int(std::chrono::floor<std::chrono::seconds>(resolution).count());
  json.Key("spans").Array();
  for (const recording::Span& span : coverage.spans) {
    json.Object().Key("start").Time(span.start).Key("end").Time(span.end).End();
  }
  json.End().Key("gaps").Array();
  for (const recording::Gap& gap : coverage.gaps) {
    json.Object().Key("start").Time(gap.start).Key("end").Time(gap.end);
    json.Key("reason").String(ToString(gap.cause.reason));
    json.Key("detail").String(gap.cause.detail).End();
  }
  json.End().Key("activity").Array().End().End();
  return json.Text();
}

}  // namespace

/// One answer under way: cameras, and pieces of long times, are read one after the other, so that
/// other work of the database thread comes in between, and a client that leaves ends it.
struct TimelineRoutes::Answer {
  TimelineRequest request;
  http::Responder responder;
  size_t next = 0;
  std::string items = {};
};

/// What is read of one camera. Either main or the database thread has it.
struct TimelineRoutes::Reading {
  recording::TimelineQuery query;  // its window: the next piece
  WallTime end{};
  Micros resolution{};
  size_t limit = 0;
  recording::Coverage whole = {};  // what came
  std::string view = {};           // once it is done

  bool done() const { return query.window.start >= end; }
  Status ReadPiece(Catalog& catalog, LedgerStore& ledger);
};

Status TimelineRoutes::Reading::ReadPiece(Catalog& catalog, LedgerStore& ledger) {
  query.window.end = std::min(query.window.start + kPieceOfTime, end);
  auto piece = ReadCoverage(catalog, ledger, query);
  if (!piece) return Fail(std::move(piece.error()));
  Extend(&whole, Bounded(std::move(*piece), &resolution, limit));
  query.window.start = query.window.end;
  if (!done()) return {};
  // Pieces that were short enough may be too many together.
  if (whole.spans.size() + whole.gaps.size() > limit || resolution > 0s) {
    whole = Bounded(std::move(whole), &resolution, limit);
  }
  view = ViewOf(query.camera_id, whole, resolution);
  return {};
}

TimelineRoutes::TimelineRoutes(const ApiContext& context) : context_(context) {
  context_.server.router().Add(Method::kGet, "/api/timeline",
                               [this](const http::RequestPtr& request, http::Responder responder) {
                                 Get(request, responder);
                               });
}

void TimelineRoutes::Get(const http::RequestPtr& request, const http::Responder& responder) {
  TimelineRequest asked = ReadRequest(*request);
  if (!asked.errors.empty()) {
    responder.Send(BadParameters(asked.errors));
    return;
  }
  for (const int64_t id : asked.camera_ids) {
    if (context_.cameras.Find(id) == nullptr) {
      responder.Send(Response::Problem(
          404, "There is no such camera.",
          {{"camera_id", "names a camera that does not exist: " + std::to_string(id)}}));
      return;
    }
  }
  Next(std::make_shared<Answer>(Answer{.request = std::move(asked), .responder = responder}));
}

void TimelineRoutes::Next(const std::shared_ptr<Answer>& answer) {
  const TimelineRequest& asked = answer->request;
  if (answer->next == asked.camera_ids.size()) {
    answer->responder.Send(
        Response::Json(200, "{\"items\":[" + answer->items + "],\"next\":null}"));
    return;
  }
  const int64_t id = asked.camera_ids[answer->next++];
  const camera::Camera* camera = context_.cameras.Find(id);
  if (camera == nullptr) {  // removed meanwhile
    Next(answer);
    return;
  }
  const size_t limit = std::max(kMinPieces, kMaxPieces / asked.camera_ids.size());
  auto query = CoverageQuery(context_, *camera, asked.window, asked.stream);
  query.resolution = asked.resolution;
  ReadOn(answer, std::make_shared<Reading>(Reading{.query = query,
                                                   .end = asked.window.end,
                                                   .resolution = asked.resolution,
                                                   .limit = limit}));
}

void TimelineRoutes::ReadOn(const std::shared_ptr<Answer>& answer,
                            const std::shared_ptr<Reading>& reading) {
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, &ledger = context_.ledger_store, reading] {
        return reading->ReadPiece(catalog, ledger);
      },
      [this, answer, reading](const Status& read) {
        if (!read) {
          answer->responder.SendError(read.error());
        } else if (answer->responder.client_gone()) {
          return;  // nobody waits for the rest
        } else if (reading->done()) {
          if (!answer->items.empty()) answer->items += ',';
          answer->items += reading->view;
          Next(answer);
        } else {
          ReadOn(answer, reading);
        }
      });
}

}  // namespace ronin::api

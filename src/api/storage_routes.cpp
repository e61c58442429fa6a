// SPDX-License-Identifier: MIT
#include "api/storage_routes.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "api/json_views.h"
#include "api/list_query.h"
#include "base/ask.h"
#include "base/json.h"
#include "base/time_text.h"
#include "recording/coverage.h"
#include "retention/forecast.h"

namespace ronin::api {
namespace {

using namespace std::chrono_literals;
using http::Method;
using http::Response;

constexpr auto kOneDay = 24h;
constexpr int kMostDaysAsked = 400;

/// Rounded down, so that 1 means all.
void WriteShare(JsonWriter& json, const char* key, const std::optional<double>& share) {
  json.Key(key);
  share ? json.Double(std::floor(*share * 1e4) / 1e4) : json.Null();
}

/// The row of the disk that is there; or, while none is, of the newest that was.
const CatalogVolume* RowOf(const VolumeGate& gate, const std::vector<CatalogVolume>& volumes) {
  const CatalogVolume* found = nullptr;
  for (const CatalogVolume& volume : volumes) {
    if (!gate.uuid().empty() && volume.uuid == gate.uuid()) return &volume;
    if (volume.path == gate.root()) found = &volume;
  }
  return found;
}

void WriteVolume(JsonWriter& json, const CatalogVolume* row, const VolumeGate* gate,
                 const StorageSums& sums, int64_t write_bps) {
  const FreeSpace space = gate != nullptr ? gate->space() : FreeSpace();
  FileSum sum;
  if (row != nullptr) {
    const auto found = sums.volumes.find(row->id);
    if (found != sums.volumes.end()) sum = found->second;
  }
  json.Object().Key("id");
  row != nullptr ? json.Int(row->id) : json.Null();
  json.Key("path").String(gate != nullptr ? gate->root() : row->path);
  json.Key("state").String(ToString(gate != nullptr ? gate->state() : VolumeState::kMissing));
  json.Key("capacity_bytes").Int(int64_t(space.total_bytes));
  json.Key("free_bytes").Int(int64_t(space.free_bytes));
  json.Key("recordings_bytes").Int(sum.size_bytes);
  json.Key("file_count").Int(sum.files);
  json.Key("write_bps").Int(write_bps).End();
}

/// A day as "2026-11-28"; what is wrong goes to `errors`.
std::optional<WallTime> ReadDay(const http::Request& request, const char* name,
                                std::vector<http::FieldError>* errors) {
  const auto text = request.Query(name);
  if (!text) {
    errors->push_back({name, "is missing; name a day, such as 2026-11-28"});
    return std::nullopt;
  }
  const auto day =
      text->size() == 10 ? ParseTime(*text + "T00:00:00Z") : Fail(ErrorKind::kInvalidArgument, "");
  if (day) return *day;
  errors->push_back({name, "must be a day, such as 2026-11-28"});
  return std::nullopt;
}

std::string DaysView(const std::vector<DayTotal>& days) {
  JsonWriter json;
  json.Object().Key("days").Array();
  for (const DayTotal& day : days) {
    json.Object().Key("day").String(FormatUtcDay(day.day)).Key("camera_id").Int(day.camera_id);
    json.Key("size_bytes").Int(day.size_bytes).Key("file_count").Int(day.files).End();
  }
  json.End().End();
  return json.Text();
}

}  // namespace

StorageRoutes::StorageRoutes(const ApiContext& context)
    : context_(context), open_files_(context.volumes), figures_(context) {
  auto& router = context_.server.router();
  router.Add(Method::kGet, "/api/storage/stats",
             [this](const http::RequestPtr&, http::Responder responder) { Stats(responder); });
  router.Add(Method::kGet, "/api/storage/days",
             [this](const http::RequestPtr& request, http::Responder responder) {
               Days(request, responder);
             });
}

/// Sums are read for each answer; how much of a day was recorded, every ten seconds at most.
void StorageRoutes::Stats(const http::Responder& responder) {
  waiting_.push_back(responder);
  const bool fresh = figures_.Refresh([this] {
    for (const http::Responder& one : std::exchange(waiting_, {})) Answer(one);
  });
  if (!fresh && figures_.values() == nullptr) return;
  for (const http::Responder& one : std::exchange(waiting_, {})) Answer(one);
}

void StorageRoutes::Answer(const http::Responder& responder) {
  Ask(
      context_.database, mailbox_, [&catalog = context_.catalog] { return ReadStored(catalog); },
      [this, responder](Result<StoredFigures> stored) {
        if (!stored) {
          responder.SendError(stored.error());
          return;
        }
        const auto shared = std::make_shared<StoredFigures>(std::move(*stored));
        open_files_.Read(shared->open, [this, responder, shared](const OpenFileSizes::Sizes& open) {
          responder.Send(Response::Json(200, StatsView(*shared, open)));
        });
      });
}

std::string StorageRoutes::StatsView(const StoredFigures& stored,
                                     const OpenFileSizes::Sizes& open) const {
  StorageSums sums = SumUp(stored, open);
  std::optional<WallTime> oldest, newest;
  for (auto& [id, camera] : sums.cameras) {
    // Of a file that grows the row knows only where it begins.
    for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
      const auto* recorder = context_.recorders.Find({id, kind});
      const bool grows = recorder != nullptr && recorder->recording() && camera.newest;
      if (grows) camera.newest = std::max(*camera.newest, recorder->recorded_until().value());
    }
    if (camera.oldest) oldest = std::min(oldest.value_or(*camera.oldest), *camera.oldest);
    if (camera.newest) newest = std::max(newest.value_or(*camera.newest), *camera.newest);
  }
  JsonWriter json;
  json.Object().Key("size_bytes").Int(sums.all.size_bytes);
  json.Key("file_count").Int(sums.all.files);
  WriteTime(json, "oldest", oldest);
  WriteTime(json, "newest", newest);
  WriteVolumes(json, stored, sums);
  WriteCameras(json, sums);
  json.Key("forecast_days");
  const auto days = DaysKept(sums);
  days ? json.Double(std::round(*days * 100) / 100) : json.Null();
  json.End();
  return json.Text();
}

void StorageRoutes::WriteVolumes(JsonWriter& json, const StoredFigures& stored,
                                 const StorageSums& sums) const {
  json.Key("volumes").Array();
  std::set<int64_t> written;
  for (const auto& gate : context_.volumes.all()) {
    const CatalogVolume* row = RowOf(*gate, stored.volumes);
    // Two folders that were the same disk in turn: its files are named once.
    if (row != nullptr && !written.insert(row->id).second) row = nullptr;
    WriteVolume(json, row, gate.get(), sums, context_.rates.OfVolume(*gate));
  }
  // What is on disks that are no longer configured is still in the sums.
  for (const CatalogVolume& row : stored.volumes) {
    const auto sum = sums.volumes.find(row.id);
    const bool has_files = sum != sums.volumes.end() && sum->second.files > 0;
    if (has_files && !written.contains(row.id)) WriteVolume(json, &row, nullptr, sums, 0);
  }
  json.End();
}

void StorageRoutes::WriteCameras(JsonWriter& json, const StorageSums& sums) const {
  std::set<int64_t> ids;  // also of cameras that were removed and have footage
  for (const camera::Camera* camera : context_.cameras.All()) ids.insert(camera->record().id);
  for (const auto& [id, sum] : sums.cameras) {
    if (sum.main.files + sum.sub.files > 0) ids.insert(id);
  }
  const auto* known = figures_.values();
  json.Key("cameras").Array();
  for (const int64_t id : ids) {
    const auto found = sums.cameras.find(id);
    const auto sum = found == sums.cameras.end() ? StorageSums::OfCamera() : found->second;
    json.Object().Key("camera_id").Int(id);
    json.Key("size_bytes").Int(sum.main.size_bytes + sum.sub.size_bytes);
    json.Key("main_bytes").Int(sum.main.size_bytes).Key("sub_bytes").Int(sum.sub.size_bytes);
    json.Key("file_count").Int(sum.main.files + sum.sub.files);
    json.Key("protected_bytes").Int(sum.protected_bytes);
    WriteTime(json, "oldest", sum.oldest);
    WriteTime(json, "newest", sum.newest);
    json.Key("bitrate_bps").Int(context_.rates.OfCamera(id));
    std::optional<double> share;
    if (known != nullptr && known->days.contains(id)) {
      share = recording::RecordedShare(known->days.at(id));
    }
    WriteShare(json, "coverage_24h", share);
    json.End();
  }
  json.End();
}

/// How many days all cameras keep at least, at the rates of now.
std::optional<double> StorageRoutes::DaysKept(const StorageSums& sums) const {
  const retention::Limits& limits = context_.sweeper.limits();
  std::vector<retention::LaneRate> lanes;
  std::set<int64_t> ids;
  for (const camera::Camera* camera : context_.cameras.All()) ids.insert(camera->record().id);
  for (const auto& [id, sum] : sums.cameras) ids.insert(id);
  for (const int64_t id : ids) {
    const camera::Camera* camera = context_.cameras.Find(id);
    const CameraRecord* record = camera != nullptr ? &camera->record() : nullptr;
    const auto sum = sums.cameras.find(id);
    const auto size = sum != sums.cameras.end() ? sum->second : StorageSums::OfCamera();
    for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
      const bool is_main = kind == StreamKind::kMain;
      lanes.push_back({.stream = {id, kind},
                       .size_bytes = is_main ? size.main.size_bytes : size.sub.size_bytes,
                       .bytes_per_day = context_.rates.OfStream({id, kind}) * 86400 / 8,
                       .limits = retention::LimitsOf(limits, record, kind)});
    }
  }
  std::vector<retention::VolumeRoom> rooms;
  for (const auto& gate : context_.volumes.all()) {
    if (!gate->ok()) continue;
    const auto reserve = int64_t(context_.reserve(*gate));
    rooms.push_back({.free_bytes = int64_t(gate->space().free_bytes) - reserve});
  }
  return retention::Foresee(lanes, rooms, limits).LeastDays();
}

void StorageRoutes::Days(const http::RequestPtr& request, const http::Responder& responder) {
  std::vector<http::FieldError> errors;
  for (const std::string& name : request->QueryNames()) {
    if (name != "start" && name != "end")
      errors.push_back({name, "is not a parameter of the days"});
  }
  const auto first = ReadDay(*request, "start", &errors);
  const auto last = ReadDay(*request, "end", &errors);
  if (first && last && *last < *first) errors.push_back({"end", "must not be before start"});
  if (first && last && *last - *first >= kOneDay * kMostDaysAsked) {
    errors.push_back({"end", "must not be more than 400 days after start"});
  }
  if (!errors.empty()) {
    responder.Send(BadParameters(errors));
    return;
  }
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, start = *first, end = *last + kOneDay] {
        return ReadDaySums(catalog, start, end);
      },
      [this, responder](Result<DaySums> read) {
        if (!read) {
          responder.SendError(read.error());
          return;
        }
        const auto shared = std::make_shared<DaySums>(std::move(*read));
        open_files_.Read(shared->open, [responder, shared](const OpenFileSizes::Sizes& open) {
          AddOpenFiles(*shared, open);
          responder.Send(Response::Json(200, DaysView(shared->days)));
        });
      });
}

}  // namespace ronin::api

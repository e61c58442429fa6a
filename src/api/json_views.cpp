// SPDX-License-Identifier: MIT
#include "api/json_views.h"

#include <algorithm>
#include <cmath>

#include "base/url_secrets.h"

namespace ronin::api {
namespace {

void WriteOptional(JsonWriter& json, const char* key, const std::optional<int64_t>& value) {
  json.Key(key);
  if (value) {
    json.Int(*value);
  } else {
    json.Null();
  }
}

void WriteOptional(JsonWriter& json, const char* key, const std::optional<std::string>& value) {
  json.Key(key);
  if (value) {
    json.String(*value);
  } else {
    json.Null();
  }
}

/// Two digits behind the point are enough for a rate.
double Rounded(double value) { return std::round(value * 100) / 100; }

void WriteError(JsonWriter& json, const camera::Camera& camera,
                const recording::CameraRecorder* recorder) {
  // What stops the recording now is more urgent than how the last connection ended.
  const bool storage = camera.status() == camera::CameraStatus::kOnline && recorder != nullptr &&
                       recorder->error().has_value();
  const auto& error = storage ? recorder->error() : camera.last_error();
  json.Key("last_error");
  if (!error) {
    json.Null();
    return;
  }
  json.Object().Key("code").String(error->code).Key("message").String(error->message);
  json.Key("at").Time(error->at);
  if (error->certificate) WriteCertificate(json, *error->certificate);
  json.End();
}

void WriteSighting(JsonWriter& json, const std::optional<camera::Camera::Sighting>& sighting) {
  if (sighting) {
    json.Key("reachable").Bool(sighting->reachable).Key("reachable_at").Time(sighting->at);
  } else {
    json.Key("reachable").Null().Key("reachable_at").Null();
  }
}

void WriteStream(JsonWriter& json, const camera::StreamFacts* facts) {
  json.Key("stream").Object().Key("video");
  const auto video = facts != nullptr ? facts->video() : std::nullopt;
  if (video) {
    const auto measured = facts->meter.Read();
    json.Object().Key("codec").String(video->codec).Key("profile").String(video->profile);
    json.Key("width").Int(video->width).Key("height").Int(video->height);
    json.Key("fps").Double(Rounded(measured.fps));
    json.Key("bitrate_bps").Int(measured.bitrate_bps);
    json.Key("keyframe_interval_s").Double(Rounded(measured.keyframe_interval_s)).End();
  } else {
    json.Null();
  }
  json.Key("audio");
  const auto audio = facts != nullptr ? facts->audio() : std::nullopt;
  if (audio) {
    json.Object().Key("codec").String(audio->codec);
    json.Key("sample_rate_hz").Int(audio->sample_rate_hz);
    json.Key("channels").Int(audio->channels).End();
  } else {
    json.Null();
  }
  json.End();
}

/// What changes by itself: the status of a stream, its last error, what it is.
void WriteState(JsonWriter& json, const camera::Camera& camera,
                const recording::CameraRecorder* recorder) {
  json.Key("status").String(StatusOf(camera, recorder));
  json.Key("status_since").Time(camera.status_since());
  WriteError(json, camera, recorder);
  WriteStream(json, camera.facts().get());
}

void WriteSub(JsonWriter& json, const ApiContext& context, int64_t camera_id) {
  const StreamId id(camera_id, StreamKind::kSub);
  const camera::Camera* sub = context.cameras.Find(id);
  json.Key("sub");
  if (sub == nullptr || !sub->record().sub_url) {
    json.Null();
    return;
  }
  json.Object();
  WriteState(json, *sub, context.recorders.Find(id));
  json.End();
}

}  // namespace

void WriteTime(JsonWriter& json, const char* key, const std::optional<WallTime>& time) {
  json.Key(key);
  if (time) {
    json.Time(*time);
  } else {
    json.Null();
  }
}

std::string_view StatusOf(const camera::Camera& camera, const recording::CameraRecorder* recorder) {
  const bool recording = recorder != nullptr && recorder->recording();
  if (camera.status() == camera::CameraStatus::kOnline && recording) return "recording";
  const bool off = camera.status() == camera::CameraStatus::kDisabled;
  if (off && camera.kind() == StreamKind::kSub && camera.record().enabled) return "idle";
  return camera::ToString(camera.status());
}

void WriteCertificate(JsonWriter& json, const camera::TlsCertificate& certificate) {
  json.Key("certificate").Object().Key("sha256").String(certificate.sha256);
  json.Key("subject").String(certificate.subject).Key("issuer").String(certificate.issuer);
  json.Key("not_after");
  if (certificate.not_after) {
    json.Time(*certificate.not_after);
  } else {
    json.Null();
  }
  json.Key("reason").String(certificate.reason).End();
}

void WriteConfigured(JsonWriter& json, const CameraRecord& record) {
  json.Key("name").String(record.name);
  WriteOptional(json, "group", record.group);
  json.Key("tags").Array();
  for (const std::string& tag : record.tags) json.String(tag);
  json.End();
  json.Key("url").String(MaskUrlSecrets(record.url));
  WriteOptional(json, "sub_url",
                record.sub_url ? std::optional(MaskUrlSecrets(*record.sub_url)) : std::nullopt);
  WriteOptional(json, "onvif_url",
                record.onvif_url ? std::optional(MaskUrlSecrets(*record.onvif_url)) : std::nullopt);
  json.Key("username").String(record.username);
  WriteOptional(json, "tls_fingerprint", record.tls_fingerprint);
  json.Key("transport").String(ToString(record.transport));
  json.Key("enabled").Bool(record.enabled).Key("record").Bool(record.record);
  json.Key("record_sub").Bool(record.record_sub).Key("record_audio").Bool(record.record_audio);
  json.Key("schedule");
  if (record.schedule) {
    record.schedule->Write(json);
  } else {
    json.Null();
  }
  WriteOptional(json, "retention_days", record.retention_days);
  WriteOptional(json, "retention_bytes", record.retention_bytes);
  WriteOptional(json, "retention_min_days", record.retention_min_days);
  WriteOptional(json, "sub_retention_days", record.sub_retention_days);
  WriteOptional(json, "sub_retention_bytes", record.sub_retention_bytes);
}

void WriteCamera(JsonWriter& json, const ApiContext& context, const camera::Camera& camera) {
  const CameraRecord& record = camera.record();
  json.Object().Key("id").Int(record.id);
  WriteConfigured(json, record);
  json.Key("volume_id");
  const auto volumes = context.volumes.Disks();
  const auto assigned = std::ranges::find_if(
      volumes, [&](const auto& volume) { return volume.second == record.volume_uuid; });
  if (assigned != volumes.end()) {
    json.Int(assigned->first);
  } else {
    json.Null();
  }
  json.Key("has_password").Bool(!record.password.empty());
  json.Key("folder").String(record.folder);
  WriteSighting(json, camera.sighting());
  WriteState(json, camera, context.recorders.Find(record.id));
  WriteSub(json, context, record.id);
  json.Key("created").Time(record.created).Key("updated").Time(record.updated).End();
}

void WriteRecording(JsonWriter& json, const Segment& segment) {
  json.Object().Key("id").Int(segment.id).Key("camera_id").Int(segment.camera_id);
  json.Key("stream").String(ToString(segment.stream)).Key("start").Time(segment.start);
  if (segment.end) {
    const double seconds = double((*segment.end - segment.start).count()) / 1e6;
    json.Key("end").Time(*segment.end).Key("duration_s").Double(std::round(seconds * 1000) / 1000);
  } else {
    json.Key("end").Null().Key("duration_s").Null();
  }
  json.Key("size_bytes").Int(segment.size_bytes).Key("path").String(segment.rel_path);
  json.Key("video");
  if (segment.video) {
    json.Object().Key("codec").String(segment.video->codec);
    json.Key("width").Int(segment.video->width).Key("height").Int(segment.video->height).End();
  } else {
    json.Null();
  }
  json.Key("audio");
  if (segment.audio) {
    json.Object().Key("codec").String(segment.audio->codec);
    json.Key("sample_rate_hz").Int(segment.audio->sample_rate_hz);
    json.Key("channels").Int(segment.audio->channels).End();
  } else {
    json.Null();
  }
  json.Key("state").String(ToString(segment.state));
  json.Key("protected").Bool(segment.is_protected);
  json.Key("suspect").Bool(segment.is_suspect);
  json.Key("camera_clock");
  if (segment.camera_clock) {
    json.Object().Key("offset_us").Int(segment.camera_clock->offset.count());
    json.Key("drift_us");
    if (segment.camera_clock->drift) {
      json.Int(segment.camera_clock->drift->count());
    } else {
      json.Null();
    }
    json.End();
  } else {
    json.Null();
  }
  WriteOptional(json, "clock_epoch", segment.clock_epoch);
  json.End();
}

}  // namespace ronin::api

// SPDX-License-Identifier: MIT
#include "api/onvif_views.h"

#include <cmath>

namespace ronin::api {
namespace {

void WriteSaid(JsonWriter& json, const char* key, double value) {
  json.Key(key);
  if (value > 0) {
    json.Double(std::round(value * 100) / 100);
  } else {
    json.Null();
  }
}

void WriteSaid(JsonWriter& json, const char* key, int64_t value) {
  json.Key(key);
  if (value > 0) {
    json.Int(value);
  } else {
    json.Null();
  }
}

}  // namespace

http::Response FailureView(const onvif::Failure& failure) {
  JsonWriter json;
  json.Object().Key("ok").Bool(false).Key("error").Object();
  json.Key("code").String(failure.code).Key("message").String(failure.message).End().End();
  return http::Response::Json(200, json.Text());
}

void WriteSaid(JsonWriter& json, const char* key, const std::string& text) {
  json.Key(key);
  if (text.empty()) {
    json.Null();
  } else {
    json.String(text);
  }
}

void WriteEncoderState(JsonWriter& json, const onvif::EncoderState& state) {
  WriteSaid(json, "codec", state.codec);
  WriteSaid(json, "width", int64_t(state.width));
  WriteSaid(json, "height", int64_t(state.height));
  WriteSaid(json, "fps", state.fps);
  WriteSaid(json, "keyframe_interval_s", state.keyframe_interval_s());
  WriteSaid(json, "bitrate_bps", int64_t(state.bitrate_kbit) * 1000);
}

std::string DeviceView(const onvif::Device& device, const onvif::DeviceFacts& facts) {
  JsonWriter json;
  json.Object().Key("ok").Bool(true).Key("onvif_url").String(device.url().url);
  WriteSaid(json, "manufacturer", facts.manufacturer);
  WriteSaid(json, "model", facts.model);
  WriteSaid(json, "firmware", facts.firmware);
  WriteSaid(json, "serial", facts.serial);
  json.Key("ptz").Bool(facts.has_ptz).Key("clock_offset_s");
  if (device.clock().known) {
    json.Double(std::round(double(device.clock().offset.count()) / 1e5) / 10);
  } else {
    json.Null();
  }
  json.Key("profiles").Array();
  for (const onvif::Profile& profile : facts.profiles) {
    json.Object().Key("token").String(profile.token).Key("name").String(profile.name);
    WriteEncoderState(json, profile.encoder);
    WriteSaid(json, "url", profile.stream_url);
    WriteSaid(json, "snapshot_url", profile.snapshot_url);
    json.End();
  }
  json.End().End();
  return json.Text();
}

}  // namespace ronin::api

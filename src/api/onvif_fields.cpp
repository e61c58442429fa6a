// SPDX-License-Identifier: MIT
#include "api/onvif_fields.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string_view>

#include "base/text.h"
#include "camera/camera_url.h"

namespace ronin::api {
namespace {

/// Reads the members of one object and collects what is wrong with them.
class OnvifFields {
 public:
  /// @param prefix  in front of the names in errors: "move."
  OnvifFields(const JsonValue& body, std::string prefix,
              std::initializer_list<std::string_view> known, FieldErrors* errors)
      : body_(body), prefix_(std::move(prefix)), errors_(errors) {
    for (const std::string& name : body.MemberNames()) {
      if (std::ranges::find(known, std::string_view(name)) == known.end())
        Bad(name, "is not a field of this request");
    }
  }

  void Bad(const std::string& field, std::string message) {
    errors_->push_back({prefix_ + field, std::move(message)});
  }

  std::optional<JsonValue> Present(const char* field) const {
    auto value = body_.Member(field);
    if (value && value->IsNull()) return std::nullopt;
    return value;
  }

  std::optional<std::string> Text(const char* field, size_t max_bytes) {
    const auto value = Present(field);
    if (!value) return std::nullopt;
    auto text = value->AsString();
    if (text && text->size() <= max_bytes) return text;
    Bad(field, Concat("must be a text of at most ", max_bytes, " bytes"));
    return std::nullopt;
  }

  std::optional<double> Number(const char* field, double min, double max) {
    const auto value = Present(field);
    if (!value) return std::nullopt;
    const auto number = value->AsDouble();
    if (number && *number >= min && *number <= max) return number;
    Bad(field, Concat("must be a number from ", min, " to ", max));
    return std::nullopt;
  }

  std::optional<int> Whole(const char* field, int min, int max) {
    const auto value = Present(field);
    if (!value) return std::nullopt;
    const auto number = value->AsInt();
    if (number && *number >= min && *number <= max) return int(*number);
    Bad(field, Concat("must be a whole number from ", min, " to ", max));
    return std::nullopt;
  }

  bool Flag(const char* field) {
    const auto value = Present(field);
    if (!value) return false;
    const auto flag = value->AsBool();
    if (!flag) Bad(field, "must be true or false");
    return flag.value_or(false);
  }

 private:
  const JsonValue& body_;
  const std::string prefix_;
  FieldErrors* errors_;
};

onvif::PtzMove ReadMove(const JsonValue& body, FieldErrors* errors) {
  OnvifFields fields(body, "move.", {"pan", "tilt", "zoom", "timeout_s"}, errors);
  onvif::PtzMove out;
  const size_t before = errors->size();
  out.pan = fields.Number("pan", -1, 1);
  out.tilt = fields.Number("tilt", -1, 1);
  out.zoom = fields.Number("zoom", -1, 1);
  if (const auto seconds = fields.Number("timeout_s", 0.1, 10)) {
    out.timeout = std::chrono::milliseconds(std::lround(*seconds * 1000));
  }
  if (errors->size() == before && !out.pan && !out.tilt && !out.zoom) {
    errors->push_back({"move", "needs pan, tilt or zoom, each from -1 to 1"});
  }
  return out;
}

}  // namespace

DeviceQuery ReadDeviceQuery(const JsonValue& body, bool allow_loopback, FieldErrors* errors) {
  constexpr size_t kLongestXAddr = 2048;
  constexpr size_t kLongestCredential = 256;
  OnvifFields fields(body, "", {"xaddr", "username", "password"}, errors);
  DeviceQuery out;
  const size_t before = errors->size();
  const auto text = fields.Text("xaddr", kLongestXAddr);
  if (text || errors->size() == before) {
    if (auto url = onvif::ParseDeviceUrl(text.value_or("")); !url) {
      fields.Bad("xaddr", url.error().message);
    } else if (!allow_loopback && camera::IsLoopback(url->host)) {
      fields.Bad("xaddr", "must not be an address of the recorder itself");
    } else {
      out.url = std::move(*url);
    }
  }
  out.credentials.username = fields.Text("username", kLongestCredential).value_or("");
  out.credentials.password = fields.Text("password", kLongestCredential).value_or("");
  return out;
}

PtzCommand ReadPtzCommand(const JsonValue& body, FieldErrors* errors) {
  constexpr size_t kLongestToken = 256;
  OnvifFields fields(body, "", {"move", "stop", "preset"}, errors);
  PtzCommand out;
  const size_t before = errors->size();
  if (const auto move = fields.Present("move")) {
    if (move->IsObject()) {
      out.move = ReadMove(*move, errors);
    } else {
      fields.Bad("move", "must be an object with pan, tilt or zoom");
    }
  }
  out.stop = fields.Flag("stop");
  out.preset = fields.Text("preset", kLongestToken);
  const int commands = int(out.move.has_value()) + int(out.stop) + int(out.preset.has_value());
  if (errors->size() == before && commands != 1) {
    fields.Bad("move", "must be sent, or \"stop\": true, or a preset; one of them");
  }
  return out;
}

ApplyCommand ReadApplyCommand(const JsonValue& body, FieldErrors* errors) {
  OnvifFields fields(body, "",
                     {"stream", "codec", "width", "height", "fps", "keyframe_interval_s",
                      "bitrate_bps", "set_clock"},
                     errors);
  ApplyCommand out;
  const size_t before = errors->size();
  const std::string stream = fields.Text("stream", 16).value_or("main");
  if (stream != "main" && stream != "sub") fields.Bad("stream", "must be main or sub");
  out.sub_stream = stream == "sub";
  out.wish.codec = fields.Text("codec", 16);
  if (out.wish.codec && *out.wish.codec != "h264" && *out.wish.codec != "h265") {
    fields.Bad("codec", "must be h264 or h265");
  }
  out.wish.width = fields.Whole("width", 16, 16384);
  out.wish.height = fields.Whole("height", 16, 16384);
  if (errors->size() == before && out.wish.width.has_value() != out.wish.height.has_value()) {
    fields.Bad("width", "and height must be sent together");
  }
  out.wish.fps = fields.Number("fps", 1, 240);
  out.wish.keyframe_interval_s = fields.Number("keyframe_interval_s", 0.1, 60);
  if (const auto bits = fields.Whole("bitrate_bps", 16'000, 1'000'000'000)) {
    out.wish.bitrate_kbit = int(std::lround(*bits / 1000.0));
  }
  out.set_clock = fields.Flag("set_clock");
  if (errors->size() == before && out.wish.empty() && !out.set_clock) {
    fields.Bad("stream", "is all that is there; say what to set, such as keyframe_interval_s");
  }
  return out;
}

}  // namespace ronin::api

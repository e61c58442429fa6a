// SPDX-License-Identifier: MIT
#include "onvif/encoder.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <glib.h>

#include "base/g_ref.h"
#include "base/text.h"

namespace ronin::onvif {
namespace {

constexpr size_t kMostCodecs = 8;
constexpr size_t kMostChoices = 64;

std::string LowerCase(const std::string& text) {
  const GCharPtr out(g_ascii_strdown(text.c_str(), -1));
  return out.get();
}

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string word; out.size() < kMostChoices && in >> word;) out.push_back(word);
  return out;
}

Limits ReadLimits(const XmlNode& node) {
  return {ReadNumber(node.TextAt("Min")), ReadNumber(node.TextAt("Max"))};
}

void ReadSizes(const XmlNode& node, CodecOptions* out) {
  for (const XmlNode& size : node.Children("ResolutionsAvailable")) {
    if (out->sizes.size() == kMostChoices) return;
    out->sizes.push_back({ReadCount(size.TextAt("Width")), ReadCount(size.TextAt("Height"))});
  }
}

/// Media2 names codecs one by one, with lists in attributes.
CodecOptions ReadNewOptions(const XmlNode& node) {
  CodecOptions out;
  out.codec = LowerCase(node.TextAt("Encoding"));
  ReadSizes(node, &out);
  for (const std::string& rate : Words(node.Attribute("FrameRatesSupported"))) {
    if (ReadNumber(rate) > 0) out.rates.push_back(ReadNumber(rate));
  }
  const auto gov = Words(node.Attribute("GovLengthRange"));
  if (gov.size() >= 2) out.gov_length = {ReadNumber(gov.front()), ReadNumber(gov.back())};
  out.bitrate_kbit = ReadLimits(node.At("BitrateRange"));
  out.profiles = Words(node.Attribute("ProfilesSupported"));
  return out;
}

/// Media1 knows H.264 only, and has the bit rates in an extension.
CodecOptions ReadOldOptions(const XmlNode& all) {
  const XmlNode node = all.At("H264");
  CodecOptions out;
  out.codec = "h264";
  ReadSizes(node, &out);
  out.rate = ReadLimits(node.At("FrameRateRange"));
  out.gov_length = ReadLimits(node.At("GovLengthRange"));
  out.bitrate_kbit = ReadLimits(all.At("Extension/H264/BitrateRange"));
  for (const XmlNode& profile : node.Children("H264ProfilesSupported")) {
    if (out.profiles.size() < kMostChoices) out.profiles.push_back(profile.Text());
  }
  return out;
}

const CodecOptions* Find(const std::vector<CodecOptions>& options, const std::string& codec) {
  const auto found = std::ranges::find(options, codec, &CodecOptions::codec);
  return found != options.end() ? &*found : nullptr;
}

double Within(const Limits& limits, double value) {
  return limits.max > 0 ? std::clamp(value, std::min(limits.min, limits.max), limits.max) : value;
}

double Nearest(const std::vector<double>& choices, double value) {
  return *std::ranges::min_element(choices, {}, [&](double c) { return std::abs(c - value); });
}

/// Of those that are not larger, the largest; else the smallest.
CodecOptions::Size FitSize(const std::vector<CodecOptions::Size>& choices,
                           CodecOptions::Size wanted) {
  const auto area = [](const CodecOptions::Size& size) {
    return int64_t(size.width) * size.height;
  };
  CodecOptions::Size smallest = choices.front();
  CodecOptions::Size best;
  for (const CodecOptions::Size& size : choices) {
    if (size.width == wanted.width && size.height == wanted.height) return size;
    if (area(size) < area(smallest)) smallest = size;
    if (size.width <= wanted.width && size.height <= wanted.height && area(size) > area(best)) {
      best = size;
    }
  }
  return area(best) > 0 ? best : smallest;
}

bool Same(double a, double b) { return std::abs(a - b) < 0.001; }

/// Fits one wish after the other.
class Fitting {
 public:
  Fitting(EncoderState now, const EncoderWish& wish, const CodecOptions& can,
          std::vector<std::string>* notes)
      : out_(std::move(now)), wish_(wish), can_(can), notes_(notes) {}

  EncoderState Run() {
    const double interval = out_.keyframe_interval_s();
    const double fps = out_.fps;
    FitPicture();
    FitRate();
    FitKeyframes(Same(fps, out_.fps) ? 0 : interval);
    FitBitrate();
    return out_;
  }

 private:
  void FitPicture() {
    const bool wanted = wish_.width && wish_.height;
    CodecOptions::Size size{wanted ? *wish_.width : out_.width,
                            wanted ? *wish_.height : out_.height};
    if (!can_.sizes.empty()) size = FitSize(can_.sizes, size);
    if (wanted && (size.width != *wish_.width || size.height != *wish_.height)) {
      notes_->push_back(Concat("The camera has no size of ", *wish_.width, "x", *wish_.height,
                               "; the nearest is ", size.width, "x", size.height, "."));
    }
    out_.width = size.width;
    out_.height = size.height;
  }

  void FitRate() {
    if (!wish_.fps) return;
    out_.fps = can_.rates.empty() ? Within(can_.rate, *wish_.fps) : Nearest(can_.rates, *wish_.fps);
    if (Same(out_.fps, *wish_.fps)) return;
    notes_->push_back(Concat("The camera cannot send ", *wish_.fps,
                             " pictures per second; the nearest is ", out_.fps, "."));
  }

  /// @param kept  seconds between keyframes that another rate must not change; 0: none
  void FitKeyframes(double kept) {
    const double interval = wish_.keyframe_interval_s.value_or(kept);
    if (interval <= 0) return;
    if (out_.fps <= 0) {
      notes_->push_back(
          "The camera does not say how many pictures per second it sends, so the "
          "keyframe interval stays.");
      return;
    }
    const double wanted = std::max(1.0, std::round(interval * out_.fps));
    out_.gov_length = int(Within(can_.gov_length, wanted));
    if (!wish_.keyframe_interval_s || Same(out_.gov_length, wanted)) return;
    notes_->push_back(Concat("The camera cannot send a keyframe every ", interval,
                             " s; the nearest is ", out_.keyframe_interval_s(), " s."));
  }

  void FitBitrate() {
    if (!wish_.bitrate_kbit) return;
    out_.bitrate_kbit = int(Within(can_.bitrate_kbit, *wish_.bitrate_kbit));
    if (out_.bitrate_kbit == *wish_.bitrate_kbit) return;
    notes_->push_back(Concat("The camera cannot send ", *wish_.bitrate_kbit,
                             " kbit/s; the nearest is ", out_.bitrate_kbit, " kbit/s."));
  }

  EncoderState out_;
  const EncoderWish& wish_;
  const CodecOptions& can_;
  std::vector<std::string>* notes_;
};

void WriteCodec(XmlNode& configuration, const std::string& codec, const CodecOptions* can) {
  const GCharPtr upper(g_ascii_strup(codec.c_str(), -1));
  configuration.At("Encoding").SetText(upper.get());
  // A profile of the old codec would be refused with the new one.
  const std::string profile = configuration.Attribute("Profile");
  if (profile.empty() || can == nullptr || can->profiles.empty()) return;
  const bool known = std::ranges::find(can->profiles, profile) != can->profiles.end();
  if (!known) configuration.SetAttribute("Profile", can->profiles.front());
}

void WriteKeyframes(XmlNode& configuration, int gov_length, const CodecOptions* can) {
  const std::string text = std::to_string(gov_length);
  if (!configuration.Attribute("GovLength").empty() ||
      !configuration.Attribute("Profile").empty()) {
    configuration.SetAttribute("GovLength", text);
    return;
  }
  XmlNode h264 = configuration.At("H264");
  if (!h264) {  // Media1, which did not send H.264 before
    h264 = configuration.At("RateControl").AddAfter("H264");
    h264.AddChild("GovLength");
    const bool main = can == nullptr || can->profiles.empty();
    h264.AddChild("H264Profile").SetText(main ? "Main" : can->profiles.front());
  }
  h264.At("GovLength").SetText(text);
}

}  // namespace

std::vector<CodecOptions> ReadEncoderOptions(const XmlNode& answer) {
  std::vector<CodecOptions> out;
  for (const XmlNode& node : answer.Children("Options")) {
    if (out.size() == kMostCodecs) break;
    if (node.At("H264")) {
      out.push_back(ReadOldOptions(node));
    } else if (node.At("Encoding")) {
      out.push_back(ReadNewOptions(node));
    }
  }
  return out;
}

EncoderState FitEncoder(const EncoderState& now, const EncoderWish& wish,
                        const std::vector<CodecOptions>& options, std::vector<std::string>* notes) {
  EncoderState begin = now;
  if (wish.codec && *wish.codec != now.codec) {
    if (Find(options, *wish.codec) != nullptr) {
      begin.codec = *wish.codec;
    } else {
      notes->push_back(Concat("The camera cannot be set to ", *wish.codec, " by ONVIF."));
    }
  }
  const CodecOptions nothing_said;
  const CodecOptions* can = Find(options, begin.codec);
  return Fitting(begin, wish, can != nullptr ? *can : nothing_said, notes).Run();
}

void WriteEncoder(XmlNode configuration, const EncoderState& before, const EncoderState& after,
                  const std::vector<CodecOptions>& options) {
  const CodecOptions* can = Find(options, after.codec);
  const bool other_codec = after.codec != before.codec;
  if (other_codec) WriteCodec(configuration, after.codec, can);
  configuration.At("Resolution/Width").SetText(std::to_string(after.width));
  configuration.At("Resolution/Height").SetText(std::to_string(after.height));
  if (!Same(after.fps, before.fps)) {
    configuration.At("RateControl/FrameRateLimit").SetText(Concat(after.fps));
    configuration.At("RateControl/EncodingInterval").SetText("1");
  }
  if (after.bitrate_kbit != before.bitrate_kbit) {
    configuration.At("RateControl/BitrateLimit").SetText(std::to_string(after.bitrate_kbit));
  }
  if (after.gov_length != before.gov_length || other_codec) {
    WriteKeyframes(configuration, std::max(1, after.gov_length), can);
  }
}

}  // namespace ronin::onvif

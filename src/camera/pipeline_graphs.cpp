// SPDX-License-Identifier: MIT
#include "camera/pipeline_graphs.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/ask.h"
#include "base/text.h"

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

constexpr auto kDrawLimit = 3s;

/// What media may say of itself. Other fields may come from the camera's own description, which
/// can hold its address, or be keys.
constexpr std::string_view kHarmless[] = {
    "media", "payload", "clock-rate", "encoding-name", "encoding-params", "packetization-mode",
    "width", "height", "framerate", "pixel-aspect-ratio", "interlace-mode", "format",
    "stream-format", "alignment", "profile", "level", "tier", "chroma-format", "parsed",
    "bit-depth-luma", "bit-depth-chroma", "colorimetry", "chroma-site", "mpegversion",
    "base-profile", "rate", "channels", "layout", "framed", "channel-mapping-family",
    "channel-mask", "systemstream", "variant",
    // of the legend
    "Element-States", "Pad-Activation", "Pad-Flags", "Pad-Task"};

/// A line of a label that is "    name: value", with the value masked unless it is harmless.
std::string MaskField(std::string_view line) {
  const std::string_view field = Trim(line);
  const size_t colon = field.find(": ");
  if (colon == std::string_view::npos) return std::string(line);
  const std::string_view name = field.substr(0, colon);
  if (std::ranges::find(kHarmless, name) != std::end(kHarmless)) return std::string(line);
  return Concat("  ", name, ": ***");
}

/// Lines of a label end with a backslash and an l; a backslash itself is written twice.
std::string MaskFields(std::string_view dot) {
  std::string out;
  size_t begin = 0;
  bool in_label = false;
  for (size_t at = 0; at + 1 < dot.size(); ++at) {
    if (dot[at] != '\\') continue;
    if (dot[at + 1] == 'l') {
      const std::string_view line = dot.substr(begin, at - begin);
      out += in_label ? MaskField(line) : std::string(line);
      out += "\\l";
      begin = at + 2;
      in_label = begin < dot.size() && dot[begin] != '"';
    }
    ++at;
  }
  return out.append(dot.substr(begin));
}

}  // namespace

std::string DotOf(GstElement* pipeline) {
  constexpr auto kDetails =
      GstDebugGraphDetails(GST_DEBUG_GRAPH_SHOW_MEDIA_TYPE | GST_DEBUG_GRAPH_SHOW_CAPS_DETAILS |
                           GST_DEBUG_GRAPH_SHOW_STATES);
  const GCharPtr dot(gst_debug_bin_to_dot_data(GST_BIN(pipeline), kDetails));
  return dot ? MaskFields(dot.get()) : "";
}

void PipelineGraphs::Draw(const Stream& stream, Done done) {
  if (drawing_ >= kMost) {
    done(std::nullopt);
    return;
  }
  ++drawing_;
  const uint64_t number = next_++;
  waiting_[number] = {std::move(done),
                      Source::After(kDrawLimit, [this, number] { Answer(number, std::nullopt); })};
  Ask(
      worker_, mailbox_, [pipeline = Share(stream.pipeline())] { return DotOf(pipeline.Get()); },
      [this, number](std::string dot) {
        --drawing_;
        const bool good = !dot.empty() && dot.size() <= kMostBytes;
        Answer(number, good ? std::optional(std::move(dot)) : std::nullopt);
      });
}

void PipelineGraphs::Answer(uint64_t number, std::optional<std::string> dot) {
  const auto waiting = waiting_.extract(number);
  if (!waiting.empty()) waiting.mapped().done(std::move(dot));
}

}  // namespace ronin::camera

// SPDX-License-Identifier: MIT
#include "fleet/rtsp_request.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <glib.h>

#include "base/text.h"

namespace ronin::bench {
namespace {

constexpr size_t kMostHeader = 16'384;
constexpr size_t kMostBody = 65'536;

std::string_view TakeLine(std::string_view& rest) {
  const size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = Trim(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

bool IsNamed(std::string_view name, std::string_view what) {
  return name.size() == what.size() &&
         g_ascii_strncasecmp(name.data(), what.data(), name.size()) == 0;
}

/// Gives false when the head is no RTSP request. `*body`: bytes that follow it.
bool ReadHead(std::string_view head, RtspRequest* out, size_t* body) {
  const std::string_view first = TakeLine(head);
  const size_t space = first.find(' ');
  const size_t version = first.rfind(" RTSP/1.");
  if (space == std::string_view::npos || version == std::string_view::npos || version <= space) {
    return false;
  }
  out->method = first.substr(0, space);
  out->url = first.substr(space + 1, version - space - 1);
  while (!head.empty()) {
    const std::string_view line = TakeLine(head);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = Trim(line.substr(colon + 1));
    if (IsNamed(name, "CSeq")) out->sequence = value;
    if (IsNamed(name, "Transport")) out->transport = value;
    if (IsNamed(name, "Content-Length")) {
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), *body);
      if (error != std::errc() || *body > kMostBody) return false;
    }
  }
  return true;
}

}  // namespace

Taken TakeRequest(std::string& received, RtspRequest* out) {
  if (received.empty()) return Taken::kNothing;
  if (received.front() == '$') {
    if (received.size() < 4) return Taken::kNothing;
    const size_t size = size_t(uint8_t(received[2])) << 8U | uint8_t(received[3]);
    if (received.size() < 4 + size) return Taken::kNothing;
    received.erase(0, 4 + size);
    return Taken::kPacket;
  }
  const size_t end = received.find("\r\n\r\n");
  if (end == std::string::npos) {
    return received.size() > kMostHeader ? Taken::kGarbage : Taken::kNothing;
  }
  *out = {};
  size_t body = 0;
  if (!ReadHead(std::string_view(received).substr(0, end), out, &body)) return Taken::kGarbage;
  if (received.size() < end + 4 + body) return Taken::kNothing;
  received.erase(0, end + 4 + body);
  return Taken::kRequest;
}

}  // namespace ronin::bench

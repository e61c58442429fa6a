// SPDX-License-Identifier: MIT
#include <algorithm>
#include <sstream>

#include <glib.h>

#include "base/g_ref.h"
#include "onvif/device_url.h"
#include "onvif/discovery.h"
#include "onvif/xml.h"

namespace ronin::onvif {
namespace {

constexpr size_t kMostMatches = 16;
constexpr size_t kMostWords = 64;
constexpr size_t kMostXAddrs = 8;
constexpr size_t kLongestScope = 200;
constexpr std::string_view kScope = "onvif://www.onvif.org/";

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string word; out.size() < kMostWords && in >> word;) out.push_back(word);
  return out;
}

/// "Front%20door" decoded, on one line, of bounded length.
std::string Decode(const std::string& text) {
  const GCharPtr decoded(g_uri_unescape_string(text.c_str(), nullptr));
  const GCharPtr valid(g_utf8_make_valid(decoded ? decoded.get() : text.c_str(), -1));
  std::string out = valid.get();
  if (out.size() > kLongestScope) {
    out.resize(
        size_t(g_utf8_find_prev_char(valid.get(), valid.get() + kLongestScope) - valid.get()));
  }
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

void ReadScope(const std::string& scope, FoundDevice* out) {
  if (!scope.starts_with(kScope)) return;
  const size_t end = scope.find('/', kScope.size());
  if (end == std::string::npos) return;
  const std::string kind = scope.substr(kScope.size(), end - kScope.size());
  std::string* const where = kind == "name"                            ? &out->name
                             : kind == "hardware"                      ? &out->model
                             : kind == "location"                      ? &out->location
                             : kind == "manufacturer" || kind == "mfr" ? &out->manufacturer
                                                                       : nullptr;
  if (where != nullptr && where->empty()) *where = Decode(scope.substr(end + 1));
}

void ReadXAddrs(const std::string& text, const std::string& sender, FoundDevice* out) {
  std::optional<std::string> elsewhere;
  for (const std::string& address : Split(text)) {
    const auto url = ParseDeviceUrl(address);
    if (!url || out->xaddrs.size() == kMostXAddrs) continue;
    if (g_ascii_strcasecmp(url->host.c_str(), sender.c_str()) == 0) {
      out->xaddrs.push_back(url->url);
    } else if (!elsewhere) {
      DeviceUrl here = *url;
      here.host = sender;
      elsewhere = ServiceUrlAt(here, address);
    }
  }
  if (out->xaddrs.empty() && elsewhere) out->xaddrs.push_back(*elsewhere);
}

}  // namespace

std::vector<FoundDevice> ReadProbeMatches(std::string_view datagram, const std::string& sender) {
  std::vector<FoundDevice> out;
  const auto document = XmlDocument::Parse(datagram);
  if (!document) return out;
  for (const XmlNode& match : document->root().At("Body/ProbeMatches").Children("ProbeMatch")) {
    if (out.size() == kMostMatches) break;
    FoundDevice device;
    device.endpoint = match.TextAt("EndpointReference/Address");
    device.address = sender;
    const std::string scopes = match.TextAt("Scopes");
    // Printers and computers answer probes, too.
    const bool onvif = match.TextAt("Types").find("NetworkVideoTransmitter") != std::string::npos ||
                       scopes.find(kScope) != std::string::npos;
    for (const std::string& scope : Split(scopes)) ReadScope(scope, &device);
    ReadXAddrs(match.TextAt("XAddrs"), sender, &device);
    if (onvif && !device.xaddrs.empty()) out.push_back(std::move(device));
  }
  return out;
}

}  // namespace ronin::onvif

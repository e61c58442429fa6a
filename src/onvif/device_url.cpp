// SPDX-License-Identifier: MIT
#include "onvif/device_url.h"

#include <algorithm>

#include <gio/gio.h>

#include "base/g_ref.h"
#include "base/text.h"

RONIN_G_COUNTED(GUri, g_uri_ref, g_uri_unref)

namespace ronin::onvif {
namespace {

constexpr size_t kLongestUrl = 2048;
constexpr const char* kUsualPath = "/onvif/device_service";
constexpr auto kUriFlags = GUriFlags(G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH |
                                     G_URI_FLAGS_ENCODED_QUERY | G_URI_FLAGS_SCHEME_NORMALIZE);

std::string Owned(const char* text) { return text != nullptr ? text : ""; }

GRef<GUri> ReadUri(std::string_view text) {
  const auto bad = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  if (text.empty() || text.size() > kLongestUrl || std::ranges::any_of(text, bad)) return {};
  GRef<GUri> uri = Adopt(g_uri_parse(std::string(text).c_str(), kUriFlags, nullptr));
  if (uri && Owned(g_uri_get_host(uri.Get())).empty()) return {};
  const int port = uri ? g_uri_get_port(uri.Get()) : 0;
  if (port == 0 || port > 65535) return {};
  return uri;
}

bool HasScheme(GUri* uri, const char* plain, const char* secure) {
  const std::string scheme = Owned(g_uri_get_scheme(uri));
  return scheme == plain || scheme == secure;
}

std::string Join(const std::string& scheme, const std::string& host, int port, GUri* rest,
                 const char* path = nullptr) {
  const GCharPtr out(g_uri_join(kUriFlags, scheme.c_str(), nullptr, host.c_str(), port,
                                path != nullptr ? path : g_uri_get_path(rest),
                                g_uri_get_query(rest), nullptr));
  return out.get();
}

std::optional<std::string> UrlAt(const DeviceUrl& device, std::string_view address,
                                 const char* plain, const char* secure) {
  const GRef<GUri> uri = ReadUri(Trim(address));
  if (!uri || !HasScheme(uri.Get(), plain, secure)) return std::nullopt;
  return Join(g_uri_get_scheme(uri.Get()), device.host, g_uri_get_port(uri.Get()), uri.Get());
}

}  // namespace

Result<DeviceUrl> ParseDeviceUrl(std::string_view text) {
  const auto bad = [](const char* sentence) { return Fail(ErrorKind::kInvalidArgument, sentence); };
  text = Trim(text);
  if (text.empty()) {
    return bad("The address is missing; write it as http://192.0.2.10/onvif/device_service.");
  }
  const bool host_alone = text.find("://") == std::string_view::npos;
  const GRef<GUri> uri = ReadUri(host_alone ? Concat("http://", text) : std::string(text));
  if (!uri || !HasScheme(uri.Get(), "http", "https")) {
    return bad("This is no ONVIF address; write it as http://192.0.2.10/onvif/device_service.");
  }
  if (g_uri_get_userinfo(uri.Get()) != nullptr) {
    return bad("The address must not hold a user or password; they have fields of their own.");
  }
  DeviceUrl out;
  out.scheme = g_uri_get_scheme(uri.Get());
  out.host = g_uri_get_host(uri.Get());
  const int port = g_uri_get_port(uri.Get());
  out.port = uint16_t(port > 0 ? port : out.scheme == "https" ? 443 : 80);
  const std::string path = Owned(g_uri_get_path(uri.Get()));
  const bool no_path = path.empty() || path == "/";
  out.url = Join(out.scheme, out.host, port, uri.Get(), no_path ? kUsualPath : nullptr);
  return out;
}

std::optional<std::string> ServiceUrlAt(const DeviceUrl& device, std::string_view address) {
  const GRef<GUri> uri = ReadUri(Trim(address));
  if (!uri || !HasScheme(uri.Get(), "http", "https")) return std::nullopt;
  const bool same = device.scheme == g_uri_get_scheme(uri.Get()) &&
                    g_ascii_strcasecmp(device.host.c_str(), g_uri_get_host(uri.Get())) == 0;
  const int port = same ? g_uri_get_port(uri.Get()) : int(device.port);
  return Join(device.scheme, device.host, port, uri.Get());
}

std::optional<std::string> StreamUrlAt(const DeviceUrl& device, std::string_view address) {
  return UrlAt(device, address, "rtsp", "rtsps");
}

std::optional<std::string> PictureUrlAt(const DeviceUrl& device, std::string_view address) {
  return UrlAt(device, address, "http", "https");
}

std::string StreamKey(std::string_view address) {
  const GRef<GUri> uri = ReadUri(address);
  if (!uri || !HasScheme(uri.Get(), "rtsp", "rtsps")) return {};
  const int port = g_uri_get_port(uri.Get());
  const bool secure = Owned(g_uri_get_scheme(uri.Get())) == "rtsps";
  return Concat(port > 0 ? port
                : secure ? 322
                         : 554,
                Owned(g_uri_get_path(uri.Get())), "?", Owned(g_uri_get_query(uri.Get())));
}

}  // namespace ronin::onvif

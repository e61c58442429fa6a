// SPDX-License-Identifier: MIT
#include "camera/camera_url.h"

#include <cstring>

#include <arpa/inet.h>
#include <gio/gio.h>
#include <netinet/in.h>

#include "base/g_ref.h"
#include "base/text.h"

RONIN_G_COUNTED(GUri, g_uri_ref, g_uri_unref)

namespace ronin::camera {
namespace {

tl::unexpected<Error> Bad(const char* sentence) {
  return Fail(ErrorKind::kInvalidArgument, sentence);
}

std::string Text(const char* value) { return value != nullptr ? value : ""; }

bool HasControlOrSpace(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return true;
  }
  return false;
}

/// 127.0.0.0/8 and 0.0.0.0, which Linux takes for this machine.
bool IsLoopbackV4(uint32_t address) { return address >> 24 == 127 || address == 0; }

}  // namespace

Result<CameraUrl> ParseCameraUrl(std::string_view text) {
  constexpr size_t kMaxLength = 2048;
  if (text.empty())
    return Bad("The address is missing; write it as rtsp://192.0.2.10:554/stream1.");
  if (text.size() > kMaxLength) return Bad("The address is longer than 2048 characters.");
  if (HasControlOrSpace(text)) return Bad("The address must not contain spaces.");
  GErrorPtr error;
  constexpr auto kFlags = GUriFlags(G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH |
                                    G_URI_FLAGS_ENCODED_QUERY | G_URI_FLAGS_SCHEME_NORMALIZE);
  const GRef<GUri> uri = Adopt(g_uri_parse(std::string(text).c_str(), kFlags, Out(error)));
  if (!uri) return Bad("This is not an address; write it as rtsp://192.0.2.10:554/stream1.");
  const std::string scheme = Text(g_uri_get_scheme(uri.Get()));
  if (scheme != "rtsp" && scheme != "rtsps") {
    return Bad("The address must begin with rtsp:// or rtsps://.");
  }
  CameraUrl out;
  out.host = Text(g_uri_get_host(uri.Get()));
  if (out.host.empty())
    return Bad("The address has no host; write it as rtsp://192.0.2.10/stream1.");
  const int port = g_uri_get_port(uri.Get());
  if (port == 0 || port > 65535) return Bad("The port must be between 1 and 65535.");
  out.port = port > 0 ? uint16_t(port) : (scheme == "rtsps" ? 322 : 554);
  out.username = Text(g_uri_get_user(uri.Get()));
  out.password = Text(g_uri_get_password(uri.Get()));
  const GCharPtr bare(g_uri_join(kFlags, scheme.c_str(), nullptr, out.host.c_str(), port,
                                 g_uri_get_path(uri.Get()), g_uri_get_query(uri.Get()), nullptr));
  out.url = bare.get();
  return out;
}

bool IsLoopback(const std::string& host) {
  const GCharPtr lower(g_ascii_strdown(host.c_str(), -1));
  std::string name = lower.get();
  name = name.substr(0, name.find('%'));  // "::1%lo" names an interface too
  if (name.ends_with('.')) name.pop_back();
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  // As the C library reads it: also "127.1", "0x7f000001" and "2130706433".
  in_addr v4{};
  if (inet_aton(name.c_str(), &v4) != 0) return IsLoopbackV4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, name.c_str(), &v6) != 1) return false;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    uint32_t mapped = 0;
    std::memcpy(&mapped, v6.s6_addr + 12, sizeof mapped);
    return IsLoopbackV4(ntohl(mapped));
  }
  return IN6_IS_ADDR_LOOPBACK(&v6) || IN6_IS_ADDR_UNSPECIFIED(&v6);
}

}  // namespace ronin::camera

// SPDX-License-Identifier: MIT
#include "camera/camera_url.h"

#include <gio/gio.h>

#include "base/g_ref.h"
#include "base/text.h"

RONIN_G_OBJECT(GInetAddress)
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

}  // namespace

Result<CameraUrl> ParseCameraUrl(std::string_view text) {
  constexpr size_t kMaxLength = 2048;
  if (text.empty()) return Bad("The address is missing; write it as rtsp://192.0.2.10:554/stream1.");
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
  if (out.host.empty()) return Bad("The address has no host; write it as rtsp://192.0.2.10/stream1.");
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
  const GRef<GInetAddress> address = Adopt(g_inet_address_new_from_string(host.c_str()));
  if (!address) {
    const GCharPtr lower(g_ascii_strdown(host.c_str(), -1));
    const std::string name = lower.get();
    return name == "localhost" || name.ends_with(".localhost") || name == "localhost." ||
           // Forms that the C library takes for numbers: "127.1", "0x7f000001", "2130706433".
           name.find_first_not_of("0123456789abcdefx.") == std::string::npos;
  }
  if (g_inet_address_get_is_loopback(address.Get()) != FALSE ||
      g_inet_address_get_is_any(address.Get()) != FALSE) {
    return true;
  }
  const GCharPtr text(g_inet_address_to_string(address.Get()));
  return std::string_view(text.get()).starts_with("::ffff:127.");
}

}  // namespace ronin::camera

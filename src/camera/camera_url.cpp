// SPDX-License-Identifier: MIT
#include "camera/camera_url.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>

#include "base/g_ref.h"
#include "base/text.h"

namespace ronin::camera {
namespace {

tl::unexpected<Error> Bad(const char* sentence) {
  return Fail(ErrorKind::kInvalidArgument, sentence);
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool HasOnlyDigits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whether each '%' begins an escape, and none stands for a control character: a camera's address
/// has no use for them, and they would end up in a request's lines.
Status CheckEscapes(std::string_view text) {
  for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    const int high = at + 2 < text.size() ? g_ascii_xdigit_value(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? g_ascii_xdigit_value(text[at + 2]) : -1;
    if (high < 0 || low < 0) {
      return Bad("A % must be followed by two hexadecimal digits; write a % itself as %25.");
    }
    if (IsControl(char(high * 16 + low))) {
      return Bad("The address must not contain control characters.");
    }
  }
  return {};
}

/// User or password as they are meant. Their escapes are good.
Result<std::string> Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += char(g_ascii_xdigit_value(text[i + 1]) * 16 + g_ascii_xdigit_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  if (g_utf8_validate(out.data(), gssize(out.size()), nullptr) == FALSE) {
    return Bad("User and password in the address must be UTF-8 text.");
  }
  return out;
}

/// Path and query with what is not ASCII as escapes.
std::string EscapeUnicode(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

/// What stands before the first "://".
Result<std::string> ReadScheme(std::string_view* rest) {
  const size_t mark = rest->find("://");
  if (mark == std::string_view::npos) {
    return Bad("This is not an address; write it as rtsp://192.0.2.10:554/stream1.");
  }
  const GCharPtr lower(g_ascii_strdown(rest->data(), gssize(mark)));
  rest->remove_prefix(mark + 3);
  std::string scheme = lower.get();
  if (scheme == "rtsp" || scheme == "rtsps") return scheme;
  if (scheme == "http" || scheme == "https") {
    return Bad(
        "This is the address of a web page. The address of the camera's stream begins with rtsp:// "
        "or rtsps://.");
  }
  return Bad("The address must begin with rtsp:// or rtsps://.");
}

/// Takes `user:password@` off. The last '@' counts: no host has one, a careless password may.
Status ReadCredentials(std::string_view* authority, CameraUrl* out) {
  const size_t at = authority->rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string_view info = authority->substr(0, at);
  authority->remove_prefix(at + 1);
  const size_t colon = std::min(info.find(':'), info.size());
  auto user = Unescape(info.substr(0, colon));
  auto password = Unescape(info.substr(std::min(colon + 1, info.size())));
  if (!user) return Fail(std::move(user.error()));
  if (!password) return Fail(std::move(password.error()));
  out->username = std::move(*user);
  out->password = std::move(*password);
  return {};
}

Status ReadIpv6(std::string_view* authority, CameraUrl* out) {
  const size_t close = authority->find(']');
  if (close == std::string_view::npos) return Bad("The address has a [ without its ].");
  out->host = authority->substr(1, close - 1);
  authority->remove_prefix(close + 1);
  if (out->host.find('%') != std::string::npos) {
    return Bad("An IPv6 address must not name a network interface (%eth0); leave that away.");
  }
  in6_addr address{};
  if (inet_pton(AF_INET6, out->host.c_str(), &address) != 1) {
    return Bad("What stands between [ and ] is not an IPv6 address.");
  }
  if (!authority->empty() && authority->front() != ':') {
    return Bad("After the ] of an IPv6 address only a port or the path may follow.");
  }
  return {};
}

/// A name or an IPv4 address; names in other alphabets as the DNS has them.
Status ReadHostName(std::string_view* authority, CameraUrl* out) {
  constexpr size_t kMaxHost = 253;
  const size_t end = std::min(authority->find(':'), authority->size());
  const std::string typed(authority->substr(0, end));
  authority->remove_prefix(end);
  if (typed.empty()) {
    return Bad("The address has no host; write it as rtsp://192.0.2.10/stream1.");
  }
  const GCharPtr ascii(g_hostname_to_ascii(typed.c_str()));
  out->host = ascii ? ascii.get() : "";
  const bool good = std::all_of(out->host.begin(), out->host.end(), [](char c) {
    return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
  });
  if (out->host.empty() || out->host.size() > kMaxHost || !good || out->host.front() == '.' ||
      out->host.find("..") != std::string::npos) {
    return Bad("The host must be a name, such as camera.example, or an IP address.");
  }
  return {};
}

/// @param rest  ":8554", or empty
Result<std::optional<uint16_t>> ReadPort(std::string_view rest, bool at_follows) {
  if (rest.size() <= 1) return std::nullopt;
  rest.remove_prefix(1);
  if (!HasOnlyDigits(rest)) {
    return at_follows
               ? Bad("User or password hold a character that ends the host; write / as %2F and ? "
                     "as %3F, or use the fields for user and password.")
               : Bad("The port must be a number between 1 and 65535.");
  }
  const unsigned long port = rest.size() <= 5 ? std::stoul(std::string(rest)) : 0;
  if (port < 1 || port > 65535) return Bad("The port must be between 1 and 65535.");
  return uint16_t(port);
}

/// 127.0.0.0/8 and 0.0.0.0, which Linux takes for this machine.
bool IsLoopbackV4(uint32_t address) { return address >> 24 == 127 || address == 0; }

Status CheckText(std::string_view text) {
  constexpr size_t kMaxLength = 2048;
  if (text.empty()) {
    return Bad("The address is missing; write it as rtsp://192.0.2.10:554/stream1.");
  }
  if (text.size() > kMaxLength) return Bad("The address is longer than 2048 characters.");
  if (g_utf8_validate(text.data(), gssize(text.size()), nullptr) == FALSE) {
    return Bad("The address must be UTF-8 text.");
  }
  if (std::any_of(text.begin(), text.end(), IsControl)) {
    return Bad("The address must not contain control characters.");
  }
  if (text.find(' ') != std::string_view::npos) {
    return Bad("The address must not contain spaces; write one as %20.");
  }
  if (text.find('#') != std::string_view::npos) {
    return Bad("The address must not contain #; write one as %23.");
  }
  return CheckEscapes(text);
}

}  // namespace

Result<CameraUrl> ParseCameraUrl(std::string_view text) {
  if (auto good = CheckText(text); !good) return Fail(std::move(good.error()));
  std::string_view rest = text;
  const auto scheme = ReadScheme(&rest);
  if (!scheme) return Fail(scheme.error());
  const size_t end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, end);
  rest.remove_prefix(end);
  CameraUrl out;
  if (auto read = ReadCredentials(&authority, &out); !read) return Fail(std::move(read.error()));
  const bool is_v6 = authority.starts_with('[');
  auto host = is_v6 ? ReadIpv6(&authority, &out) : ReadHostName(&authority, &out);
  if (!host) return Fail(std::move(host.error()));
  const auto port = ReadPort(authority, rest.find('@') != std::string_view::npos);
  if (!port) return Fail(port.error());
  out.port = port->value_or(*scheme == "rtsps" ? 322 : 554);
  out.url = Concat(*scheme, "://", is_v6 ? Concat('[', out.host, ']') : out.host);
  if (*port) out.url += Concat(':', **port);
  out.url += EscapeUnicode(rest);
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

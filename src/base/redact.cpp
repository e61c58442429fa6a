// SPDX-License-Identifier: MIT
#include "base/redact.h"

#include "base/url_secrets.h"

namespace ronin {
namespace {

/// True for "192.0.2.1:554" and "host.example:80", which are no user and password.
bool LooksLikeHostAndPort(std::string_view authority) {
  const size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == authority.size()) return false;
  const bool digits =
      authority.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
  return digits && (authority.find_first_of(".[") != std::string_view::npos ||
                    authority.substr(0, colon) == "localhost");
}

}  // namespace

std::string Redact(std::string_view text) {
  constexpr std::string_view kMark = "://";
  constexpr std::string_view kOutside = " \t\r\n\"'<>`";
  // What ends the authority part of an URL. An '@' may itself stand unescaped in a password,
  // so the last one before the end counts.
  constexpr std::string_view kEnd = " \t\r\n\"'<>`/?#";
  std::string out;
  out.reserve(text.size());
  for (;;) {
    const size_t mark = text.find(kMark);
    if (mark == std::string_view::npos) break;
    const size_t begin = mark + kMark.size();
    out.append(text.substr(0, begin));
    const bool camera = !out.ends_with("http://") && !out.ends_with("https://");
    text.remove_prefix(begin);
    // A '/' may stand unescaped in a password too: as long as an '@' follows before white space
    // and before the next URL, the authority is taken to reach up to it.
    size_t stop = text.find_first_of(kOutside);
    if (stop == std::string_view::npos) stop = text.size();
    const size_t next = text.substr(0, stop).find(kMark);
    if (next != std::string_view::npos) stop = next;
    const size_t authority_end = std::min(text.find_first_of(kEnd), stop);
    const std::string_view authority = text.substr(0, authority_end);
    size_t at = authority.rfind('@');
    if (at == std::string_view::npos && authority.find(':') != std::string_view::npos &&
        !LooksLikeHostAndPort(authority)) {
      at = text.substr(0, stop).rfind('@');
    }
    if (at != std::string_view::npos) {
      out.append("***@");
      text.remove_prefix(at + 1);
      stop -= at + 1;
    }
    if (!camera) continue;
    out.append(MaskUrlSecrets(text.substr(0, stop)));
    text.remove_prefix(stop);
  }
  out.append(text);
  return out;
}

}  // namespace ronin

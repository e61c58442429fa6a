// SPDX-License-Identifier: MIT
#include "base/url_secrets.h"

#include <algorithm>
#include <array>
#include <vector>

#include <glib.h>

#include "base/text.h"

namespace ronin {
namespace {

constexpr std::string_view kHidden = "***";

/// A value that may be a secret, as positions in the URL.
struct SecretPart {
  std::string name;  // lower case; empty when the value stands alone
  size_t begin = 0;
  size_t end = 0;
};

std::string LowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = g_ascii_tolower(c);
  return out;
}

template <size_t N>
bool IsOneOf(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// What cameras of many makers take in a query, and what is of use in a form.
bool IsHarmless(const std::string& name, std::string_view value) {
  static constexpr std::array kNames = std::to_array<std::string_view>(
      {"audio",     "audiocodec", "basic_auth", "camera",    "channel",       "codec",
       "fps",       "h26x",       "inst",       "line",      "mode",          "multicast",
       "onvif",     "profile",    "proto",      "protocol",  "real_stream",   "resolution",
       "rec",       "source",     "stream",     "streamid",  "streamtype",    "subtype",
       "transport", "trackid",    "tunnel",     "type",      "transportmode", "unicast",
       "video",     "videocodec", "videonum",   "enablesrtp"});
  if (value.empty() || IsOneOf(kNames, name)) return true;
  if (name.empty() && IsOneOf(kNames, LowerCase(value))) return true;
  return !name.empty() && value.size() <= 3 &&
         value.find_first_not_of("0123456789") == std::string_view::npos;
}

bool NamesASecret(const std::string& name) {
  static constexpr std::array kNames = std::to_array<std::string_view>(
      {"auth", "key", "pass", "passwd", "password", "psw", "pwd", "secret", "token"});
  return IsOneOf(kNames, name);
}

/// Where the value at `begin` of a path ends: some cameras part theirs by '_', as in
/// "/user=admin_password=x_channel=1_stream=0.sdp", and '_' may be part of a password.
size_t EndInPath(std::string_view path, size_t begin) {
  for (size_t at = begin; at < path.size(); ++at) {
    if (path[at] == '&' || path[at] == '/' || path[at] == ';') return at;
    if (path[at] != '_') continue;
    size_t next = at + 1;
    while (next < path.size() && g_ascii_isalpha(path[next])) ++next;
    if (next > at + 1 && next < path.size() && path[next] == '=') return at;
  }
  return path.size();
}

void FindInPath(std::string_view url, size_t begin, size_t end, std::vector<SecretPart>* out) {
  const std::string_view path = url.substr(0, end);
  for (size_t at = path.find('=', begin); at < end; at = path.find('=', at + 1)) {
    size_t name = at;
    while (name > begin && g_ascii_isalnum(path[name - 1])) --name;
    SecretPart part{LowerCase(path.substr(name, at - name)), at + 1, EndInPath(path, at + 1)};
    if (!NamesASecret(part.name) || part.begin == part.end) continue;
    at = part.end - 1;
    out->push_back(std::move(part));
  }
}

void FindInQuery(std::string_view url, size_t begin, std::vector<SecretPart>* out) {
  while (begin < url.size()) {
    const size_t end = std::min(url.find('&', begin), url.size());
    const size_t equals = url.substr(0, end).find('=', begin);
    const bool named = equals != std::string_view::npos;
    SecretPart part{named ? LowerCase(url.substr(begin, equals - begin)) : "",
                    named ? equals + 1 : begin, end};
    if (!IsHarmless(part.name, url.substr(part.begin, end - part.begin))) {
      out->push_back(std::move(part));
    }
    begin = end + 1;
  }
}

/// In their order.
std::vector<SecretPart> FindSecrets(std::string_view url) {
  const size_t scheme = url.find("://");
  const size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const size_t path = std::min(url.find_first_of("/?", host), url.size());
  const size_t query = std::min(url.find('?', path), url.size());
  std::vector<SecretPart> out;
  FindInPath(url, path, query, &out);
  FindInQuery(url, query + 1, &out);
  return out;
}

/// `url` with `texts` in place of its `parts`.
std::string WithParts(std::string_view url, const std::vector<SecretPart>& parts,
                      const std::vector<std::string_view>& texts) {
  std::string out;
  size_t at = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    out.append(url.substr(at, parts[i].begin - at)).append(texts[i]);
    at = parts[i].end;
  }
  return out.append(url.substr(at));
}

/// The `index`-th of those with that name; nothing when there are fewer.
const SecretPart* FindNamed(const std::vector<SecretPart>& parts, const std::string& name,
                            size_t index) {
  for (const SecretPart& part : parts) {
    if (part.name == name && index-- == 0) return &part;
  }
  return nullptr;
}

}  // namespace

std::string MaskUrlSecrets(std::string_view url) {
  const std::vector<SecretPart> parts = FindSecrets(url);
  return WithParts(url, parts, std::vector<std::string_view>(parts.size(), kHidden));
}

Result<std::string> FillUrlSecrets(std::string_view url, std::string_view stored) {
  const std::vector<SecretPart> parts = FindSecrets(url);
  const std::vector<SecretPart> known = FindSecrets(stored);
  std::vector<std::string_view> texts;
  for (const SecretPart& part : parts) {
    std::string_view text = url.substr(part.begin, part.end - part.begin);
    if (text == kHidden) {
      const auto same = [&](const SecretPart& other) { return other.name == part.name; };
      const auto index = std::count_if(parts.data(), &part, same);
      const SecretPart* hidden = FindNamed(known, part.name, size_t(index));
      if (hidden == nullptr) {
        return Fail(
            ErrorKind::kInvalidArgument,
            Concat("*** stands for a secret that was hidden, and there is none",
                   part.name.empty() ? "" : " named ", part.name, "; write the secret itself"));
      }
      text = stored.substr(hidden->begin, hidden->end - hidden->begin);
    }
    texts.push_back(text);
  }
  return WithParts(url, parts, texts);
}

}  // namespace ronin

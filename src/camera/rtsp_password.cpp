// SPDX-License-Identifier: MIT
#include "camera/rtsp_password.h"

#include <cstdio>

#include "base/g_ref.h"
#include "base/text.h"

namespace ronin::camera {
namespace {

using Kind = PasswordChallenge::Kind;

bool IsName(const char* text, const char* wanted) { return g_ascii_strcasecmp(text, wanted) == 0; }

bool ListsAuth(const char* list) {
  gchar** words = g_strsplit(list, ",", -1);
  bool found = false;
  for (gchar** word = words; *word != nullptr; ++word) {
    found = found || IsName(g_strstrip(*word), "auth");
  }
  g_strfreev(words);
  return found;
}

void TakeParameter(const GstRTSPAuthParam& parameter, PasswordChallenge* out) {
  const char* name = parameter.name;
  const char* value = parameter.value != nullptr ? parameter.value : "";
  if (IsName(name, "realm")) out->realm = value;
  if (IsName(name, "nonce")) out->nonce = value;
  if (IsName(name, "opaque")) out->opaque = value;
  if (IsName(name, "algorithm")) out->algorithm = value;
  if (IsName(name, "qop")) out->qop = ListsAuth(value);
  if (IsName(name, "stale")) out->stale = IsName(value, "true");
}

std::optional<PasswordChallenge> Read(const GstRTSPAuthCredential& credential) {
  PasswordChallenge out;
  if (credential.scheme == GST_RTSP_AUTH_BASIC) return out;
  if (credential.scheme != GST_RTSP_AUTH_DIGEST || credential.params == nullptr) return {};
  for (GstRTSPAuthParam** one = credential.params; *one != nullptr; ++one) {
    TakeParameter(**one, &out);
  }
  if (out.nonce.empty()) return {};
  if (out.algorithm.empty() || IsName(out.algorithm.c_str(), "MD5")) {
    out.kind = Kind::kMd5;
  } else if (IsName(out.algorithm.c_str(), "SHA-256")) {
    out.kind = Kind::kSha256;
  } else {
    return {};
  }
  return out;
}

std::string Hash(Kind kind, const std::string& text) {
  const auto type = kind == Kind::kSha256 ? G_CHECKSUM_SHA256 : G_CHECKSUM_MD5;
  const GCharPtr out(g_compute_checksum_for_string(type, text.data(), gssize(text.size())));
  return out.get();
}

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::optional<PasswordChallenge> BestChallenge(GstRTSPMessage* answer) {
  GstRTSPAuthCredential** all =
      gst_rtsp_message_parse_auth_credentials(answer, GST_RTSP_HDR_WWW_AUTHENTICATE);
  if (all == nullptr) return {};
  std::optional<PasswordChallenge> best;
  for (GstRTSPAuthCredential** one = all; *one != nullptr; ++one) {
    const auto read = Read(**one);
    if (read && (!best || read->kind > best->kind)) best = read;
  }
  gst_rtsp_auth_credentials_free(all);
  return best;
}

std::string DigestAnswer(const PasswordChallenge& challenge, const std::string& method,
                         const std::string& uri, const std::string& username,
                         const std::string& password, const std::string& client_nonce,
                         unsigned count) {
  const auto hash = [&](const std::string& text) { return Hash(challenge.kind, text); };
  char counted[9] = {};
  std::snprintf(counted, sizeof counted, "%08x", count);
  const std::string middle = challenge.qop
                                 ? Concat(challenge.nonce, ":", counted, ":", client_nonce, ":auth")
                                 : challenge.nonce;
  const std::string response =
      hash(Concat(hash(Concat(username, ":", challenge.realm, ":", password)), ":", middle, ":",
                  hash(Concat(method, ":", uri))));
  std::string out = Concat("Digest username=", Quoted(username),
                           ", realm=", Quoted(challenge.realm), ", nonce=", Quoted(challenge.nonce),
                           ", uri=", Quoted(uri), ", response=\"", response, "\"");
  if (!challenge.algorithm.empty()) out += Concat(", algorithm=", challenge.algorithm);
  if (!challenge.opaque.empty()) out += Concat(", opaque=", Quoted(challenge.opaque));
  if (challenge.qop) out += Concat(", qop=auth, nc=", counted, ", cnonce=", Quoted(client_nonce));
  return out;
}

}  // namespace ronin::camera

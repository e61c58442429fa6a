// SPDX-License-Identifier: MIT
#include "camera/tls_certificate.h"

#include <algorithm>
#include <utility>

#include "base/g_ref.h"
#include "base/text.h"

RONIN_G_COUNTED(GByteArray, g_byte_array_ref, g_byte_array_unref)
RONIN_G_COUNTED(GDateTime, g_date_time_ref, g_date_time_unref)

namespace ronin::camera {
namespace {

constexpr size_t kDigits = 64;

constexpr std::pair<GTlsCertificateFlags, const char*> kFlaws[] = {
    {G_TLS_CERTIFICATE_UNKNOWN_CA, "its issuer is not known here"},
    {G_TLS_CERTIFICATE_BAD_IDENTITY, "it is made for another address"},
    {G_TLS_CERTIFICATE_NOT_ACTIVATED, "it is not valid yet"},
    {G_TLS_CERTIFICATE_EXPIRED, "it has expired"},
    {G_TLS_CERTIFICATE_REVOKED, "it was revoked"},
    {G_TLS_CERTIFICATE_INSECURE, "it is signed in a way that is not safe any more"},
};

std::string ReasonOf(GTlsCertificateFlags flaws) {
  std::string out;
  for (const auto& [flag, words] : kFlaws) {
    if ((flaws & flag) == 0) continue;
    out += (out.empty() ? "" : ", ") + std::string(words);
  }
  return out.empty() ? "it cannot be checked" : out;
}

std::string TextOf(GTlsCertificate* certificate, const char* property) {
  constexpr glong kMostLetters = 300;
  gchar* text = nullptr;
  g_object_get(certificate, property, &text, nullptr);
  const GCharPtr owned(text);
  if (text == nullptr) return {};
  const GCharPtr valid(g_utf8_make_valid(text, -1));
  const glong letters = std::min(kMostLetters, g_utf8_strlen(valid.get(), -1));
  const GCharPtr cut(g_utf8_substring(valid.get(), 0, letters));
  std::string out = cut.get();
  std::ranges::replace_if(
      out, [](char c) { return g_ascii_iscntrl(c) != FALSE; }, ' ');
  return out;
}

std::string FingerprintOf(GTlsCertificate* certificate) {
  GByteArray* bytes = nullptr;
  g_object_get(certificate, "certificate", &bytes, nullptr);
  const GRef<GByteArray> der = Adopt(bytes);
  if (!der) return {};
  const GCharPtr hex(g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len));
  return ParseFingerprint(hex.get()).value_or("");
}

std::optional<WallTime> EndOf(GTlsCertificate* certificate) {
  const GRef<GDateTime> end = Adopt(g_tls_certificate_get_not_valid_after(certificate));
  if (!end) return std::nullopt;
  return WallTime(std::chrono::seconds(g_date_time_to_unix(end.Get())));
}

}  // namespace

TlsCertificate DescribeCertificate(GTlsCertificate* certificate, GTlsCertificateFlags flaws) {
  return {.sha256 = FingerprintOf(certificate),
          .subject = TextOf(certificate, "subject-name"),
          .issuer = TextOf(certificate, "issuer-name"),
          .not_after = EndOf(certificate),
          .reason = ReasonOf(flaws)};
}

std::optional<std::string> ParseFingerprint(std::string_view text) {
  text = Trim(text);
  std::string digits;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool between = i % 3 == 2;
    if (text[i] == ':' && between && text.size() == kDigits / 2 * 3 - 1) continue;
    if (g_ascii_isxdigit(text[i]) == FALSE) return std::nullopt;
    digits += g_ascii_toupper(text[i]);
  }
  if (digits.size() != kDigits) return std::nullopt;
  std::string out;
  for (size_t i = 0; i < kDigits; i += 2) {
    if (i > 0) out += ':';
    out += digits.substr(i, 2);
  }
  return out;
}

}  // namespace ronin::camera

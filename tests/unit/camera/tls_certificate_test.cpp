// SPDX-License-Identifier: MIT
#include "camera/tls_certificate.h"

#include <gtest/gtest.h>

#include "base/g_ref.h"

RONIN_G_OBJECT(GTlsCertificate)

namespace ronin::camera {
namespace {

// openssl req -x509 -newkey ec … -subj "/O=Maker/CN=camera<TAB>7"; the rest is what `openssl x509
// -fingerprint -sha256 -enddate` says of it.
constexpr const char* kPem =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBmjCCAUGgAwIBAgIUUcVWdwbdOt2jWeUdfISSArVL8VgwCgYIKoZIzj0EAwIw\n"
    "IzEOMAwGA1UECgwFTWFrZXIxETAPBgNVBAMMCGNhbWVyYQk3MB4XDTI2MTEyODA5\n"
    "MzcwNFoXDTM2MTEyNTA5MzcwNFowIzEOMAwGA1UECgwFTWFrZXIxETAPBgNVBAMM\n"
    "CGNhbWVyYQk3MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2OGPXPqz7jTDeboO\n"
    "atre2XjvK58tOdQWGcVT9WPQ+3742zbZWIAAdCvdSc1xTr/gqCGxUjPXKdFovEmy\n"
    "f7b9vaNTMFEwHQYDVR0OBBYEFBA8LfwjtKpUu55NtjQiDhh44TYvMB8GA1UdIwQY\n"
    "MBaAFBA8LfwjtKpUu55NtjQiDhh44TYvMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI\n"
    "zj0EAwIDRwAwRAIgYpr3nLJcEzpUNQRibuz0UXB9z9MfrPD2MH64OaWHpfcCID0F\n"
    "GhtgDqkc4y1oypKv2jZFSLjMKBusQ0hB8EXg7byj\n"
    "-----END CERTIFICATE-----\n";
constexpr const char* kSha256 =
    "BA:DC:A6:D4:16:E3:AC:EE:E2:1D:F2:92:C8:A3:32:87:38:F6:28:A0:E3:02:56:4D:61:AF:1C:A0:20:C0:9C:"
    "44";
constexpr int64_t kEnd = 2111218624;

GRef<GTlsCertificate> Certificate() {
  GErrorPtr error;
  GRef<GTlsCertificate> out = Adopt(g_tls_certificate_new_from_pem(kPem, -1, Out(error)));
  EXPECT_EQ(error, nullptr);
  return out;
}

TEST(TlsCertificate, IsDescribedForPeople) {
  const TlsCertificate told = DescribeCertificate(
      Certificate().Get(),
      GTlsCertificateFlags(G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_EXPIRED));

  EXPECT_EQ(told.sha256, kSha256);
  EXPECT_NE(told.subject.find("Maker"), std::string::npos) << told.subject;
  EXPECT_NE(told.subject.find("camera"), std::string::npos) << told.subject;
  EXPECT_EQ(told.subject.find('\t'), std::string::npos) << "its maker may have written anything";
  EXPECT_EQ(told.issuer, told.subject);
  EXPECT_EQ(told.not_after, WallTime(std::chrono::seconds(kEnd)));
  EXPECT_EQ(told.reason, "its issuer is not known here, it has expired");
}

TEST(TlsCertificate, AFlawWithoutANameIsToldToo) {
  EXPECT_EQ(DescribeCertificate(Certificate().Get(), G_TLS_CERTIFICATE_GENERIC_ERROR).reason,
            "it cannot be checked");
}

TEST(Fingerprint, IsReadAsPeopleWriteIt) {
  const std::string form = kSha256;
  std::string plain;
  for (const char c : form) {
    if (c != ':') plain += g_ascii_tolower(c);
  }

  EXPECT_EQ(ParseFingerprint(form), form);
  EXPECT_EQ(ParseFingerprint(plain), form);
  EXPECT_EQ(ParseFingerprint(" " + form + "\n"), form);
}

TEST(Fingerprint, NothingElseIsTakenForOne) {
  const std::string form = kSha256;
  std::string odd = form;
  odd[3] = ':';
  for (const std::string& text :
       {std::string(), form.substr(3), form + ":", form + ":AA", ":" + form, odd,
        std::string(64, 'g'), std::string(64, ':'), std::string(95, ':'), std::string(95, 'A'),
        std::string(40, 'a'), "sha256:" + form}) {
    EXPECT_EQ(ParseFingerprint(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace ronin::camera

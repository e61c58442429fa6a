// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "base/text.h"
#include "onvif/discovery.h"

namespace ronin::onvif {
namespace {

std::string Match(const std::string& xaddrs, const std::string& scopes,
                  const std::string& types = "dn:NetworkVideoTransmitter tds:Device") {
  return Concat("<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:1</a:Address>",
                "</a:EndpointReference><d:Types>", types, "</d:Types><d:Scopes>", scopes,
                "</d:Scopes><d:XAddrs>", xaddrs, "</d:XAddrs></d:ProbeMatch>");
}

std::string Datagram(const std::string& matches) {
  return Concat("<e:Envelope xmlns:e=\"urn:e\" xmlns:d=\"urn:d\" xmlns:a=\"urn:a\"><e:Body>",
                "<d:ProbeMatches>", matches, "</d:ProbeMatches></e:Body></e:Envelope>");
}

TEST(ProbeMatches, SayNameModelAndPlace) {
  const auto found = ReadProbeMatches(
      Datagram(Match("http://192.0.2.10/onvif/device_service",
                     "onvif://www.onvif.org/type/video_encoder "
                     "onvif://www.onvif.org/name/Front%20d%C3%B6or%0Ax "
                     "onvif://www.onvif.org/hardware/DS-2 onvif://www.onvif.org/location/city/Rome "
                     "onvif://www.onvif.org/manufacturer/ACME http://elsewhere/name/Wrong")),
      "192.0.2.10");

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].endpoint, "urn:uuid:1");
  EXPECT_EQ(found[0].address, "192.0.2.10");
  EXPECT_EQ(found[0].name, "Front d\xc3\xb6or x");
  EXPECT_EQ(found[0].model, "DS-2");
  EXPECT_EQ(found[0].manufacturer, "ACME");
  EXPECT_EQ(found[0].location, "city/Rome");
}

TEST(ProbeMatches, KeepOnlyAddressesOfWhoAnswered) {
  const auto found = ReadProbeMatches(
      Datagram(Match(
          "http://10.0.0.9/a http://192.0.2.10:81/b http://[fe80::1]/c ftp://192.0.2.10/", "")),
      "192.0.2.10");

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].xaddrs, std::vector<std::string>{"http://192.0.2.10:81/b"});
}

TEST(ProbeMatches, PutTheSenderInPlaceOfAWrongAddress) {
  const auto found =
      ReadProbeMatches(Datagram(Match("http://10.0.0.9:81/a http://10.0.0.8/b", "")), "192.0.2.10");

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].xaddrs, std::vector<std::string>{"http://192.0.2.10:81/a"});
}

TEST(ProbeMatches, TakeIpv6Addresses) {
  const auto found = ReadProbeMatches(
      Datagram(Match("http://[FD00::1]:8080/onvif/device_service", "")), "fd00::1");

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].xaddrs.size(), 1U);
  EXPECT_NE(found[0].xaddrs[0].find("]:8080/onvif/device_service"), std::string::npos);
}

TEST(ProbeMatches, LeaveOutWhatIsNoCamera) {
  EXPECT_TRUE(
      ReadProbeMatches(Datagram(Match("http://192.0.2.10/", "", "wsdp:PrintDevice")), "192.0.2.10")
          .empty());
  EXPECT_TRUE(ReadProbeMatches(Datagram(Match("", "")), "192.0.2.10").empty());
  EXPECT_EQ(
      ReadProbeMatches(Datagram(Match("http://192.0.2.10/", "onvif://www.onvif.org/name/x", "")),
                       "192.0.2.10")
          .size(),
      1U);
}

TEST(ProbeMatches, AreBounded) {
  std::string many;
  for (int i = 0; i < 40; ++i) many += Match("http://192.0.2.10/", "");
  std::string addresses;
  for (int i = 0; i < 100; ++i) addresses += Concat("http://192.0.2.10/", i, " ");
  const std::string name = "onvif://www.onvif.org/name/" + std::string(3000, 'n');

  EXPECT_EQ(ReadProbeMatches(Datagram(many), "192.0.2.10").size(), 16U);
  const auto found = ReadProbeMatches(Datagram(Match(addresses, name)), "192.0.2.10");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].xaddrs.size(), 8U);
  EXPECT_LE(found[0].name.size(), 200U);
}

TEST(ProbeMatches, AreNothingWhenTheyCannotBeRead) {
  const std::string good =
      Datagram(Match("http://192.0.2.10/", "onvif://www.onvif.org/name/%zz%00"));
  for (size_t i = 0; i < good.size(); ++i) {
    EXPECT_TRUE(ReadProbeMatches(good.substr(0, i), "192.0.2.10").empty());
  }
  EXPECT_TRUE(ReadProbeMatches("<!DOCTYPE x>" + good, "192.0.2.10").empty());
  EXPECT_EQ(ReadProbeMatches(good, "192.0.2.10").size(), 1U);
}

}  // namespace
}  // namespace ronin::onvif

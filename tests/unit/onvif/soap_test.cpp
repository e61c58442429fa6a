// SPDX-License-Identifier: MIT
#include "onvif/soap.h"

#include <gtest/gtest.h>

namespace ronin::onvif {
namespace {

std::string Faulty(const std::string& fault) {
  return "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><s:Fault>" +
         fault + "</s:Fault></s:Body></s:Envelope>";
}

std::string CodeOf(const std::string& text) {
  const auto answer = ReadEnvelope(text);
  return answer ? "" : answer.error().code;
}

// Computed apart, with Python's hashlib:
// base64(sha1(nonce + created + password)).
TEST(UsernameToken, IsTheDigestOfNonceTimeAndPassword) {
  const std::string token =
      UsernameToken({"ad<min", "secret"}, FromMicros(1'795'000'000'123'000), "0123456789abcdef");

  EXPECT_NE(token.find("<wsse:Username>ad&lt;min</wsse:Username>"), std::string::npos);
  EXPECT_NE(token.find(">MDEyMzQ1Njc4OWFiY2RlZg==</wsse:Nonce>"), std::string::npos);
  EXPECT_NE(token.find("<wsu:Created>2026-11-18T11:06:40.123Z</wsu:Created>"), std::string::npos)
      << token;
  EXPECT_NE(token.find(">QSHOXOIQTU/kJaseVoyWrL54Oxs=</wsse:Password>"), std::string::npos)
      << token;
  EXPECT_EQ(token.find("secret"), std::string::npos);
}

TEST(Envelope, IsReadBack) {
  const std::string text = WriteEnvelope(
      {kMediaService, "GetStreamUri", "<ProfileToken>" + XmlEscape("a<b&c") + "</ProfileToken>"},
      "");

  const auto envelope = ReadEnvelope(text);

  ASSERT_TRUE(envelope) << envelope.error().message;
  EXPECT_EQ(envelope->body.Name(), "GetStreamUri");
  EXPECT_EQ(envelope->body.TextAt("ProfileToken"), "a<b&c");
}

TEST(Envelope, TellsFaultsApart) {
  const auto subcode = [](const std::string& code) {
    return Faulty("<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:" + code +
                  "</s:Value></s:Subcode></s:Code><s:Reason><s:Text>Why</s:Text></s:Reason>");
  };
  EXPECT_EQ(CodeOf(subcode("NotAuthorized")), "unauthorized");
  EXPECT_EQ(CodeOf(subcode("OperationProhibited")), "forbidden");
  EXPECT_EQ(CodeOf(subcode("ActionNotSupported")), "not_supported");
  EXPECT_EQ(CodeOf(subcode("NoProfile")), "not_found");
  EXPECT_EQ(CodeOf(subcode("Else")), "server_error");
  EXPECT_EQ(ReadEnvelope(subcode("Else")).error().message,
            "The camera answered with an error (Why).");
  // A subcode of a subcode; SOAP 1.1; TP-Link's words.
  EXPECT_EQ(CodeOf(Faulty("<Code><Value>a</Value><Subcode><Value>ter:InvalidArgVal</Value><Subcode>"
                          "<Value>ter:NoProfile</Value></Subcode></Subcode></Code>")),
            "not_found");
  EXPECT_EQ(CodeOf(Faulty("<faultcode>wsse:FailedAuthentication</faultcode>")), "unauthorized");
  EXPECT_EQ(CodeOf(Faulty("<Reason><Text>Authority failure</Text></Reason>")), "unauthorized");
}

TEST(Envelope, IsNotOfAnOnvifDeviceOtherwise) {
  for (const char* text : {"", "<html/>", "<Envelope/>", "<Envelope><Body/></Envelope>",
                           "{\"json\":true}", "<!DOCTYPE html><html></html>"}) {
    EXPECT_EQ(CodeOf(text), "not_onvif") << text;
  }
}

}  // namespace
}  // namespace ronin::onvif

// SPDX-License-Identifier: MIT
#include "onvif/soap.h"

#include <algorithm>

#include <glib.h>

#include "base/g_ref.h"
#include "base/text.h"
#include "base/time_text.h"

namespace ronin::onvif {
namespace {

constexpr const char* kSecurity =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
constexpr const char* kSecurityUtility =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
constexpr const char* kDigestType =
    "http://docs.oasis-open.org/wss/2004/01/"
    "oasis-200401-wss-username-token-profile-1.0#PasswordDigest";
constexpr const char* kBase64Type =
    "http://docs.oasis-open.org/wss/2004/01/"
    "oasis-200401-wss-soap-message-security-1.0#Base64Binary";

std::string Base64(std::string_view bytes) {
  const GCharPtr out(g_base64_encode(reinterpret_cast<const guchar*>(bytes.data()), bytes.size()));
  return out.get();
}

std::string Sha1(const std::string& bytes) {
  GChecksum* checksum = g_checksum_new(G_CHECKSUM_SHA1);
  g_checksum_update(checksum, reinterpret_cast<const guchar*>(bytes.data()), gssize(bytes.size()));
  guint8 digest[20];
  gsize size = sizeof digest;
  g_checksum_get_digest(checksum, digest, &size);
  g_checksum_free(checksum);
  return {reinterpret_cast<const char*>(digest), size};
}

/// All codes and the reason of a fault, in SOAP 1.2 or 1.1.
struct Fault {
  std::string codes;
  std::string reason;
};

Fault ReadFault(const XmlNode& fault) {
  Fault out;
  XmlNode code = fault.At("Code");
  for (int level = 0; code && level < 4; ++level) {
    out.codes += code.TextAt("Value") + " ";
    code = code.At("Subcode");
  }
  out.codes += fault.TextAt("faultcode");
  out.reason = fault.TextAt("Reason/Text");
  if (out.reason.empty()) out.reason = fault.TextAt("faultstring");
  out.reason.resize(std::min<size_t>(out.reason.size(), 200));
  return out;
}

Failure FailureOf(const Fault& fault) {
  const auto says = [&](const char* word) {
    return fault.codes.find(word) != std::string::npos ||
           fault.reason.find(word) != std::string::npos;
  };
  if (says("NotAuthorized") || says("FailedAuthentication") || says("FailedCheck") ||
      says("not authorized") || says("Authority failure")) {
    return {"unauthorized", "The camera refused the user name or password; check both."};
  }
  if (says("OperationProhibited")) {
    return {"forbidden", "The camera does not allow this user to do that."};
  }
  if (says("ActionNotSupported") || says("NotSupported") || says("NotImplemented") ||
      says("NoSuchService")) {
    return {"not_supported", "The camera cannot do that by ONVIF."};
  }
  if (says("NoProfile") || says("NoConfig") || says("NoToken") || says("NoEntity")) {
    return {"not_found", Concat("The camera knows no such thing (", fault.reason, ").")};
  }
  return {"server_error", Concat("The camera answered with an error (", fault.reason, ").")};
}

}  // namespace

std::string WriteEnvelope(const SoapRequest& request, const std::string& security) {
  return Concat(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
      "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
      "xmlns:tt=\"http://www.onvif.org/ver10/schema\">",
      security.empty() ? "" : Concat("<s:Header>", security, "</s:Header>"), "<s:Body><",
      request.operation, " xmlns=\"", request.service, "\">", request.content, "</",
      request.operation, "></s:Body></s:Envelope>");
}

std::string UsernameToken(const Credentials& who, WallTime created, std::string_view nonce) {
  const std::string time = FormatUtc(created);
  const std::string digest = Base64(Sha1(Concat(nonce, time, who.password)));
  return Concat("<wsse:Security s:mustUnderstand=\"1\" xmlns:wsse=\"", kSecurity, "\" xmlns:wsu=\"",
                kSecurityUtility, "\"><wsse:UsernameToken><wsse:Username>", XmlEscape(who.username),
                "</wsse:Username><wsse:Password Type=\"", kDigestType, "\">", digest,
                "</wsse:Password><wsse:Nonce EncodingType=\"", kBase64Type, "\">", Base64(nonce),
                "</wsse:Nonce><wsu:Created>", time,
                "</wsu:Created></wsse:UsernameToken></wsse:Security>");
}

Outcome<SoapAnswer> ReadEnvelope(std::string_view text) {
  auto document = XmlDocument::Parse(text);
  if (!document) {
    return Failed("not_onvif", Concat("The answer is not one of an ONVIF camera; check the "
                                      "address. ",
                                      document.error().message));
  }
  const XmlNode root = document->root();
  const XmlNode body = root.At("Body").First();
  if (root.Name() != "Envelope" || !body) {
    return Failed("not_onvif", "The answer is not one of an ONVIF camera; check the address.");
  }
  if (body.Name() == "Fault") return Failed(FailureOf(ReadFault(body)));
  return SoapAnswer{std::move(*document), body};
}

}  // namespace ronin::onvif

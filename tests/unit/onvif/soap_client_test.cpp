// SPDX-License-Identifier: MIT
#include "onvif/soap_client.h"

#include <optional>

#include <gtest/gtest.h>
#include <libsoup/soup.h>

#include "base/text.h"
#include "onvif/device.h"
#include "support/main_loop.h"

RONIN_G_OBJECT(SoupServer)
RONIN_G_OBJECT(GInetAddress)
RONIN_G_OBJECT(GSocketAddress)
RONIN_G_OBJECT(GSocketService)

namespace ronin::onvif {
namespace {

using testing::PumpUntil;

const char* const kFine =
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><Fine/></s:Body>"
    "</s:Envelope>";

/// A web server in the test's process that answers everything in one way.
class OddServer {
 public:
  using Answer = std::function<void(SoupServerMessage*)>;

  explicit OddServer(Answer answer)
      : answer_(std::move(answer)), server_(Adopt(soup_server_new("server-header", "", nullptr))) {
    soup_server_add_handler(
        server_.Get(), nullptr,
        [](SoupServer*, SoupServerMessage* message, const char*, GHashTable*,
           gpointer self) noexcept {
          ++static_cast<OddServer*>(self)->requests;
          static_cast<OddServer*>(self)->answer_(message);
        },
        this, nullptr);
    // Not by a listener of libsoup, which leaves its address and each connection's socket behind.
    const GRef<GInetAddress> loopback = Adopt(g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4));
    const GRef<GSocketAddress> any_port = Adopt(g_inet_socket_address_new(loopback.Get(), 0));
    GSocketAddress* bound = nullptr;
    g_socket_listener_add_address(G_SOCKET_LISTENER(service_.Get()), any_port.Get(),
                                  G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, nullptr, &bound,
                                  nullptr);
    const GRef<GSocketAddress> address = Adopt(bound);
    port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address.Get()));
    const auto accept = +[](GSocketService*, GSocketConnection* one, GObject*,
                            SoupServer* to) noexcept -> gboolean {
      const auto here = Adopt(g_socket_connection_get_local_address(one, nullptr));
      const auto there = Adopt(g_socket_connection_get_remote_address(one, nullptr));
      return soup_server_accept_iostream(to, G_IO_STREAM(one), here.Get(), there.Get(), nullptr);
    };
    g_signal_connect(service_.Get(), "incoming", G_CALLBACK(accept), server_.Get());
  }
  ~OddServer() {
    g_socket_service_stop(service_.Get());
    g_socket_listener_close(G_SOCKET_LISTENER(service_.Get()));
    soup_server_disconnect(server_.Get());
  }

  std::string Url(const char* host = "127.0.0.1") const {
    return Concat("http://", host, ":", port, "/onvif/device_service");
  }

  int port = 0;
  int requests = 0;

 private:
  const Answer answer_;
  const GRef<SoupServer> server_;
  const GRef<GSocketService> service_ = Adopt(g_socket_service_new());
};

OddServer::Answer Saying(int status, std::string body) {
  return [status, body](SoupServerMessage* message) {
    soup_server_message_set_status(message, guint(status), nullptr);
    soup_server_message_set_response(message, "application/soap+xml", SOUP_MEMORY_COPY, body.data(),
                                     body.size());
  };
}

class SoapClientTest : public ::testing::Test {
 protected:
  SoapClient::Options Options(bool allow_loopback = true) {
    return {.clock = clock_,
            .credentials = {"admin", "secret"},
            .allow_loopback = allow_loopback,
            .call_timeout = std::chrono::milliseconds(500)};
  }

  std::string CodeFor(const std::string& url, bool allow_loopback = true) {
    SoapClient client(Options(allow_loopback));
    std::optional<std::string> code;
    client.Call(
        url, {.operation = "GetThing"}, SoapClient::Sign::kYes,
        [&](const Outcome<SoapAnswer>& answer) { code = answer ? "fine" : answer.error().code; });
    EXPECT_FALSE(code.has_value()) << "never before it returns";
    PumpUntil([&] { return code.has_value(); });
    return code.value_or("nothing");
  }

  SystemClock clock_;
};

TEST_F(SoapClientTest, TellsAnswersApart) {
  const std::string fault =
      "<Envelope><Body><Fault><Code><Subcode><Value>ter:ActionNotSupported</Value></Subcode></Code>"
      "</Fault></Body></Envelope>";
  const std::pair<OddServer::Answer, const char*> cases[] = {
      {Saying(200, kFine), "fine"},
      {Saying(500, fault), "not_supported"},
      {Saying(200, fault), "not_supported"},
      {Saying(401, ""), "unauthorized"},
      {Saying(403, ""), "forbidden"},
      {Saying(404, "<html/>"), "not_onvif"},
      {Saying(503, ""), "busy"},
      {Saying(200, "hello"), "not_onvif"},
      {Saying(500, kFine), "not_onvif"},
      {Saying(200, ""), "not_onvif"},
  };
  for (const auto& [answer, code] : cases) {
    OddServer server(answer);
    EXPECT_EQ(CodeFor(server.Url()), code);
  }
}

TEST_F(SoapClientTest, FollowsNoRedirect) {
  OddServer goal(Saying(200, kFine));
  OddServer server([&](SoupServerMessage* message) {
    soup_server_message_set_redirect(message, 302, goal.Url().c_str());
  });

  EXPECT_EQ(CodeFor(server.Url()), "redirected");
  EXPECT_EQ(goal.requests, 0);
}

TEST_F(SoapClientTest, GivesUpOnAServerThatIsSilent) {
  OddServer server([](SoupServerMessage* message) { soup_server_message_pause(message); });

  EXPECT_EQ(CodeFor(server.Url()), "timeout");
}

TEST_F(SoapClientTest, ReadsNoMoreThanAMebibyte) {
  const std::string lots(1024 * 1024 + 1, ' ');
  OddServer server(Saying(200, lots + kFine));
  const std::string enough(1024 * 1024 - std::string(kFine).size(), ' ');
  OddServer other(Saying(200, kFine + enough));

  EXPECT_EQ(CodeFor(server.Url()), "not_onvif");
  EXPECT_EQ(CodeFor(other.Url()), "fine");
}

TEST_F(SoapClientTest, UnpacksNothing) {
  OddServer server([](SoupServerMessage* message) {
    Saying(200, kFine)(message);
    soup_message_headers_append(soup_server_message_get_response_headers(message),
                                "Content-Encoding", "gzip");
  });

  EXPECT_EQ(CodeFor(server.Url()), "fine");
}

TEST_F(SoapClientTest, NeverCallsTheRecordersOwnMachineUnlessItMay) {
  OddServer server(Saying(200, kFine));

  // A name, too: what it leads to counts.
  for (const char* host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"}) {
    EXPECT_EQ(CodeFor(server.Url(host), false), "forbidden") << host;
  }
  EXPECT_EQ(server.requests, 0);
}

TEST_F(SoapClientTest, SaysWhenNothingListens) {
  std::string url;
  {
    OddServer server(Saying(200, kFine));
    url = server.Url();
  }

  EXPECT_EQ(CodeFor(url), "refused");
}

TEST_F(SoapClientTest, GivesItsPasswordToNobodyInTheClear) {
  OddServer server([](SoupServerMessage* message) {
    SoupMessageHeaders* headers = soup_server_message_get_request_headers(message);
    EXPECT_EQ(soup_message_headers_get_one(headers, "Authorization"), nullptr);
    SoupMessageBody* body = soup_server_message_get_request_body(message);
    EXPECT_EQ(std::string_view(body->data, size_t(body->length)).find("secret"),
              std::string_view::npos);
    Saying(401, "")(message);
    soup_message_headers_append(soup_server_message_get_response_headers(message),
                                "WWW-Authenticate", "Basic realm=\"camera\"");
  });

  EXPECT_EQ(CodeFor(server.Url()), "unauthorized");
  EXPECT_EQ(server.requests, 1);
}

TEST_F(SoapClientTest, CallsNobodyBackOnceItIsGone) {
  OddServer server([](SoupServerMessage* message) { soup_server_message_pause(message); });
  bool called = false;
  {
    SoapClient client(Options());
    client.Call(server.Url(), {.operation = "GetThing"}, SoapClient::Sign::kNo,
                [&](const Outcome<SoapAnswer>&) { called = true; });
    PumpUntil([&] { return server.requests == 1; });
  }
  OddServer other(Saying(200, kFine));

  EXPECT_EQ(CodeFor(other.Url()), "fine");
  EXPECT_FALSE(called);
}

TEST_F(SoapClientTest, MayBeDestroyedByItsCallback) {
  OddServer server(Saying(200, kFine));
  auto client = std::make_unique<SoapClient>(Options());
  int called = 0;
  for (int i = 0; i < 3; ++i) {
    client->Call(server.Url(), {.operation = "GetThing"}, SoapClient::Sign::kYes,
                 [&](const Outcome<SoapAnswer>&) {
                   ++called;
                   client.reset();
                 });
  }

  PumpUntil([&] { return called > 0; });
  EXPECT_EQ(called, 1);
}

TEST_F(SoapClientTest, LeavesADeviceThatHasNoServicesInOneSentence) {
  OddServer server(Saying(200, kFine));
  Device device(*ParseDeviceUrl(server.Url()), Options());
  std::optional<Failure> failure;

  device.Open([&](const Outcome<bool>& opened) {
    if (!opened) failure = opened.error();
  });

  ASSERT_TRUE(PumpUntil([&] { return failure.has_value(); }));
  EXPECT_EQ(failure->code, "not_supported");
}

}  // namespace
}  // namespace ronin::onvif

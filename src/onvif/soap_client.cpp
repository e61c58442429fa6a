// SPDX-License-Identifier: MIT
#include "onvif/soap_client.h"

#include <algorithm>
#include <array>

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <sys/random.h>

#include "base/main_thread.h"
#include "base/signal_connection.h"
#include "base/source.h"
#include "base/text.h"

RONIN_G_OBJECT(SoupSession)
RONIN_G_OBJECT(SoupMessage)
RONIN_G_OBJECT(GInputStream)
RONIN_G_OBJECT(GSocketAddress)

namespace ronin::onvif {
namespace {

constexpr size_t kLargestAnswer = 1024 * 1024;
constexpr gsize kReadBytes = 64 * 1024;

bool IsLoopbackAddress(GInetAddress* address) {
  if (g_inet_address_get_is_loopback(address) != FALSE) return true;
  if (g_inet_address_get_is_any(address) != FALSE) return true;
  if (g_inet_address_get_family(address) != G_SOCKET_FAMILY_IPV6) return false;
  // ::ffff:127.0.0.1 is this machine, too.
  constexpr std::array<guint8, 13> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127};
  return std::equal(kMapped.begin(), kMapped.end(), g_inet_address_to_bytes(address));
}

Failure FailureOf(const GError* error) {
  const auto is = [&](GQuark domain, int code) {
    return g_error_matches(error, domain, code) != FALSE;
  };
  if (is(G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) {
    return {"refused",
            "Nothing listens at this address; check the port, and that ONVIF is switched on in "
            "the camera."};
  }
  if (is(G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
    return {"timeout", "The camera did not answer in time; check that it is on, and its address."};
  }
  if (error->domain == G_TLS_ERROR) {
    return {"tls", Concat("No secure connection to the camera (", error->message, ").")};
  }
  if (error->domain == G_RESOLVER_ERROR) {
    return {"unreachable", "The name of the camera cannot be found; check the address."};
  }
  if (error->domain == SOUP_SESSION_ERROR) {
    return {"not_onvif", "Something answers there, but not as a web service; check the port."};
  }
  return {"unreachable",
          Concat("No way to the camera (", error->message, "); check address and cable.")};
}

/// What an answer means that is no envelope.
Failure FailureOf(unsigned status, bool signed_in) {
  if (status == 401 && !signed_in) {
    return {"unauthorized", "The camera asks for a user name and password."};
  }
  if (status == 401) {
    return {"unauthorized", "The camera refused the user name or password (401); check both."};
  }
  if (status == 403) {
    return {"forbidden", "The camera does not allow this user to do that (403)."};
  }
  if (status == 503) return {"busy", "The camera is busy (503); try again in a moment."};
  if (status >= 300 && status < 400) {
    return {"redirected",
            "The camera sends requests to another address, which is not followed; give that "
            "address, perhaps with https."};
  }
  return {"not_onvif", Concat("Something answers there (status ", status,
                              "), but not as an ONVIF camera; check the address.")};
}

}  // namespace

struct SoapClient::Running {
  SoapClient* client = nullptr;  // null once it is gone, or the call is over
  Then<SoapAnswer> then;
  GRef<GCancellable> cancellable = Adopt(g_cancellable_new());
  GRef<SoupMessage> message;
  GRef<GInputStream> stream;
  std::string body;
  std::optional<Failure> verdict;  // why it was cancelled
  bool signed_in = false;
  Source timer;
  std::vector<SignalConnection> signals;

  void Cancel(Failure why) {
    if (!verdict) verdict = std::move(why);
    g_cancellable_cancel(cancellable.Get());
  }
  Failure Why(const GError* error) const { return verdict ? *verdict : FailureOf(error); }
};

SoapClient::SoapClient(Options options)
    : options_(std::move(options)),
      session_(
          Adopt(soup_session_new_with_options("max-conns", 2, "max-conns-per-host", 1, nullptr))) {
  // An answer of 1 KiB could unpack to gigabytes.
  soup_session_remove_feature_by_type(session_.Get(), SOUP_TYPE_CONTENT_DECODER);
  soup_session_set_proxy_resolver(session_.Get(), nullptr);
}

SoapClient::~SoapClient() {
  for (const RunningPtr& running : running_) {
    running->client = nullptr;
    running->then = nullptr;
    running->timer.Cancel();
    running->signals.clear();
    g_cancellable_cancel(running->cancellable.Get());
  }
}

std::string SoapClient::Security(Sign sign) const {
  if (sign == Sign::kNo || options_.credentials.username.empty() || http_digest_) return {};
  std::array<char, 16> nonce{};
  if (getrandom(nonce.data(), nonce.size(), 0) != ssize_t(nonce.size())) return {};
  return UsernameToken(options_.credentials, options_.clock.Now() + clock_offset_,
                       std::string_view(nonce.data(), nonce.size()));
}

void SoapClient::Call(const std::string& url, const SoapRequest& request, Sign sign,
                      Then<SoapAnswer> then) {
  RONIN_ASSERT_MAIN_THREAD();
  auto running = std::make_shared<Running>();
  running->client = this;
  running->then = std::move(then);
  running->signed_in = sign == Sign::kYes && !options_.credentials.username.empty();
  running->message = Adopt(soup_message_new("POST", url.c_str()));
  running_.push_back(running);
  running->timer = Source::After(options_.call_timeout, [weak = std::weak_ptr(running)] {
    if (const auto late = weak.lock()) {
      late->Cancel(
          {"timeout", "The camera did not answer in time; check that it is on, and its address."});
    }
  });
  SoupMessage* message = running->message.Get();
  if (message == nullptr) {
    running->timer = Source::After(std::chrono::milliseconds(0), [this, running] {
      Finish(running, Failed("not_onvif", "This is no address of a web service; check it."));
    });
    return;
  }
  soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
  const std::string text = WriteEnvelope(request, Security(sign));
  const GRef<GBytes> bytes = Adopt(g_bytes_new(text.data(), text.size()));
  const std::string type = Concat("application/soap+xml; charset=utf-8; action=\"", request.service,
                                  "/", request.operation, "\"");
  soup_message_set_request_body_from_bytes(message, type.c_str(), bytes.Get());
  Connect(running);
  soup_session_send_async(session_.Get(), message, G_PRIORITY_DEFAULT, running->cancellable.Get(),
                          OnSent, new RunningPtr(running));
}

void SoapClient::Connect(const RunningPtr& running) {
  using Authenticate = gboolean (*)(SoupMessage*, SoupAuth*, gboolean, Running*);
  using Accept = gboolean (*)(SoupMessage*, GTlsCertificate*, GTlsCertificateFlags, Running*);
  using Event = void (*)(SoupMessage*, GSocketClientEvent, GIOStream*, Running*);
  const auto connect = [&](const char* signal, auto callback) {
    running->signals.push_back(SignalConnection::Connect(running->message.Get(), signal,
                                                         G_CALLBACK(callback), running.get()));
  };
  const Authenticate authenticate = [](SoupMessage*, SoupAuth* auth, gboolean again,
                                       Running* call) noexcept -> gboolean {
    // Never Basic, which would send the password itself.
    if (again != FALSE || !call->signed_in || call->client == nullptr ||
        std::string_view(soup_auth_get_scheme_name(auth)) != "Digest") {
      return FALSE;
    }
    const Credentials& who = call->client->options_.credentials;
    call->client->http_digest_ = true;
    soup_auth_authenticate(auth, who.username.c_str(), who.password.c_str());
    return TRUE;
  };
  const Accept accept = [](SoupMessage*, GTlsCertificate*, GTlsCertificateFlags,
                           Running*) noexcept -> gboolean { return TRUE; };
  // A name may lead anywhere, so what counts is the address that it led to.
  const Event event = [](SoupMessage*, GSocketClientEvent what, GIOStream* stream,
                         Running* call) noexcept {
    if (what != G_SOCKET_CLIENT_CONNECTING || !G_IS_SOCKET_CONNECTION(stream)) return;
    if (call->client == nullptr || call->client->options_.allow_loopback) return;
    const GRef<GSocketAddress> to =
        Adopt(g_socket_connection_get_remote_address(G_SOCKET_CONNECTION(stream), nullptr));
    if (!to || !G_IS_INET_SOCKET_ADDRESS(to.Get())) return;
    if (IsLoopbackAddress(g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(to.Get())))) {
      call->Cancel({"forbidden", "This address leads to the recorder itself."});
    }
  };
  connect("authenticate", authenticate);
  connect("accept-certificate", accept);
  connect("network-event", event);
}

void SoapClient::OnSent(GObject* session, GAsyncResult* result, gpointer data) noexcept {
  const std::unique_ptr<RunningPtr> owned(static_cast<RunningPtr*>(data));
  const RunningPtr& running = *owned;
  GErrorPtr error;
  running->stream = Adopt(soup_session_send_finish(SOUP_SESSION(session), result, Out(error)));
  if (running->client == nullptr) return;
  if (!running->stream) {
    running->client->Finish(running, Failed(running->Why(error.get())));
    return;
  }
  running->client->NoteDate(running->message.Get());
  ReadOn(running);
}

void SoapClient::ReadOn(const RunningPtr& running) {
  g_input_stream_read_bytes_async(running->stream.Get(), kReadBytes, G_PRIORITY_DEFAULT,
                                  running->cancellable.Get(), OnRead, new RunningPtr(running));
}

void SoapClient::OnRead(GObject* stream, GAsyncResult* result, gpointer data) noexcept {
  const std::unique_ptr<RunningPtr> owned(static_cast<RunningPtr*>(data));
  const RunningPtr& running = *owned;
  GErrorPtr error;
  const GRef<GBytes> bytes =
      Adopt(g_input_stream_read_bytes_finish(G_INPUT_STREAM(stream), result, Out(error)));
  SoapClient* client = running->client;
  if (client == nullptr) return;
  if (!bytes) {
    client->Finish(running, Failed(running->Why(error.get())));
    return;
  }
  gsize size = 0;
  const auto* read = static_cast<const char*>(g_bytes_get_data(bytes.Get(), &size));
  if (running->body.size() + size > kLargestAnswer) {
    client->Finish(running, Failed("not_onvif",
                                   "The answer is longer than 1 MiB, which no ONVIF "
                                   "camera needs; check the address."));
    return;
  }
  if (size > 0) {
    running->body.append(read, size);
    ReadOn(running);
    return;
  }
  const unsigned status = soup_message_get_status(running->message.Get());
  const bool redirected = status >= 300 && status < 400;
  auto answer =
      redirected ? Outcome<SoapAnswer>(Failed("not_onvif", "")) : ReadEnvelope(running->body);
  // Faults come with 400 or 500, so the text counts more than the status.
  const bool no_fault = answer.has_value() || answer.error().code == "not_onvif";
  if (status >= 300 && no_fault) answer = Failed(FailureOf(status, running->signed_in));
  if (!answer && answer.error().code == "unauthorized" && !running->signed_in) {
    answer = Failed(FailureOf(401, false));
  }
  client->Finish(running, std::move(answer));
}

void SoapClient::NoteDate(SoupMessage* message) {
  date_offset_.reset();
  const char* text =
      soup_message_headers_get_one(soup_message_get_response_headers(message), "Date");
  GDateTime* date = text != nullptr ? soup_date_time_new_from_http_string(text) : nullptr;
  if (date == nullptr) return;
  const WallTime then = FromMicros(g_date_time_to_unix(date) * 1'000'000);
  g_date_time_unref(date);
  date_offset_ = then - options_.clock.Now();
}

void SoapClient::Finish(const RunningPtr& running, Outcome<SoapAnswer> outcome) {
  running->client = nullptr;
  running->timer.Cancel();
  running->signals.clear();
  running->stream.Reset();
  const Then<SoapAnswer> then = std::move(running->then);
  std::erase(running_, running);
  then(std::move(outcome));  // may destroy this
}

}  // namespace ronin::onvif

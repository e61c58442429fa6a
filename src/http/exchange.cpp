// SPDX-License-Identifier: MIT
#include "http/exchange.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "http/conditions.h"
#include "http/url_text.h"

namespace ronin::http {
namespace {

constexpr const char* kPagePolicy =
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; style-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// A header must be one line, whatever a camera's or a file's name holds.
std::string OneLine(std::string value) {
  std::replace_if(
      value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ') || c == 127; }, ' ');
  return value;
}

GRef<GBytes> ToBytes(const std::string& text) {
  return Adopt(g_bytes_new(text.data(), text.size()));
}

bool HasNoBody(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace

void AddSafetyHeaders(SoupMessageHeaders* headers) {
  soup_message_headers_replace(headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace(headers, "Referrer-Policy", "no-referrer");
}

std::string RawAnswer(const Response& response, bool close) {
  std::string out =
      Concat("HTTP/1.1 ", response.status, ' ', ReasonPhrase(response.status), "\r\n");
  for (const auto& [name, value] : response.headers) out += Concat(name, ": ", value, "\r\n");
  if (!response.content_type.empty()) {
    out += Concat("Content-Type: ", response.content_type, "\r\n");
  }
  if (close) {
    out += Concat("Content-Length: ", response.body.size(), "\r\nConnection: close\r\n");
    out += "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";
    out += "Cache-Control: no-store\r\n";
  }
  return out + "\r\n" + response.body;
}

Exchange::Exchange(GRef<SoupServerMessage> message, RequestPtr request,
                   std::weak_ptr<Connection> via, std::function<void(int)> begun)
    : message_(std::move(message)),
      request_(std::move(request)),
      via_(std::move(via)),
      begun_(std::move(begun)) {
  Connect("wrote-chunk", [](SoupServerMessage*, Exchange* self) noexcept {
    if (self->pump_) self->pump_->OnPieceWritten();
  });
  Connect("wrote-headers", [](SoupServerMessage* from, Exchange*) noexcept {
    // Writing a 204 makes libsoup forget that it has no body, and then close the connection.
    if (soup_server_message_get_status(from) != 204) return;
    soup_message_headers_set_encoding(soup_server_message_get_response_headers(from),
                                      SOUP_ENCODING_NONE);
  });
  Connect("wrote-body",
          [](SoupServerMessage*, Exchange* self) noexcept { self->complete_ = true; });
  Connect("finished", [](SoupServerMessage*, Exchange* self) noexcept { self->Finish(); });
  Connect("disconnected", [](SoupServerMessage*, Exchange* self) noexcept { self->Finish(); });
}

Exchange::~Exchange() {
  if (pump_) pump_->Stop();
}

void Exchange::Connect(const char* signal, void (*callback)(SoupServerMessage*, Exchange*)) {
  signals_.push_back(SignalConnection::Connect(message_.Get(), signal, G_CALLBACK(callback), this));
}

void Exchange::HandlerReturned() {
  in_handler_ = false;
  if (message_ && !answered_) soup_server_message_pause(message_.Get());
}

void Exchange::Begin(int status, const std::string& content_type, const HeaderList& headers) {
  answered_ = true;
  begun_(status);
  SoupMessageHeaders* out = soup_server_message_get_response_headers(message_.Get());
  soup_server_message_set_status(message_.Get(), guint(status), ReasonPhrase(status).data());
  soup_message_body_set_accumulate(soup_server_message_get_response_body(message_.Get()), FALSE);
  for (const auto& [name, value] : headers) {
    soup_message_headers_append(out, name.c_str(), OneLine(value).c_str());
  }
  if (!content_type.empty()) {
    soup_message_headers_replace(out, "Content-Type", OneLine(content_type).c_str());
  }
  if (content_type.starts_with("text/html")) {
    soup_message_headers_replace(out, "Content-Security-Policy", kPagePolicy);
  }
  if (request_->path().starts_with("/api") &&
      soup_message_headers_get_one(out, "Cache-Control") == nullptr) {
    soup_message_headers_replace(out, "Cache-Control", "no-store");
  }
  if (HasNoBody(status)) soup_message_headers_set_encoding(out, SOUP_ENCODING_NONE);
}

void Exchange::Send(Response response) {
  const GRef<GBytes> body = ToBytes(response.body);
  if (!message_) return;
  Begin(response.status, response.content_type, response.headers);
  if (!HasNoBody(response.status)) Append(body);
  OnBodyEnd();
}

void Exchange::SendBytes(GRef<GBytes> bytes, std::string content_type, HeaderList headers) {
  if (!message_) return;
  Begin(200, content_type, headers);
  Append(bytes);
  OnBodyEnd();
}

/// A whole body: its length is known and, for HEAD, all that is told of it.
void Exchange::Append(const GRef<GBytes>& bytes) {
  const gsize size = g_bytes_get_size(bytes.Get());
  soup_message_headers_set_content_length(soup_server_message_get_response_headers(message_.Get()),
                                          goffset(size));
  if (!head() && size > 0) {
    soup_message_body_append_bytes(soup_server_message_get_response_body(message_.Get()),
                                   bytes.Get());
  }
}

void Exchange::SendBody(std::shared_ptr<BodySource> body, BodyOptions options) {
  if (!message_) return;
  const int64_t size = body->size();
  const BodyPlan plan = PlanBody(*request_, size, options.etag);
  HeaderList& headers = options.headers;
  if (plan.status == 416) {
    Response refused = Response::Problem(416, "The range lies outside of the body.");
    return Send(std::move(refused).With("Content-Range", Concat("bytes */", size)));
  }
  if (!options.etag.empty()) headers.emplace_back("ETag", Concat('"', options.etag, '"'));
  if (plan.status == 304) return Send({.status = 304, .headers = std::move(headers)});
  const bool endless = size == BodySource::kUnknownSize;
  if (!endless) headers.emplace_back("Accept-Ranges", "bytes");
  if (plan.status == 206) {
    const int64_t last = plan.offset + plan.length - 1;
    headers.emplace_back("Content-Range", Concat("bytes ", plan.offset, '-', last, '/', size));
  }
  Begin(plan.status, options.content_type, headers);
  SoupMessageHeaders* out = soup_server_message_get_response_headers(message_.Get());
  const bool old = soup_server_message_get_http_version(message_.Get()) == SOUP_HTTP_1_0;
  if (endless) {
    soup_message_headers_set_encoding(out, old ? SOUP_ENCODING_EOF : SOUP_ENCODING_CHUNKED);
  } else {
    soup_message_headers_set_content_length(out, plan.length);
  }
  if (head() || plan.length == 0) return OnBodyEnd();
  pump_ = std::make_shared<BodyPump>(std::move(body), plan.offset, plan.length, this);
  Unpause();
  pump_->Start();
}

void Exchange::OnPiece(const GRef<GBytes>& bytes) {
  if (!message_) return;
  soup_message_body_append_bytes(soup_server_message_get_response_body(message_.Get()),
                                 bytes.Get());
  Unpause();
}

void Exchange::OnBodyEnd() {
  if (!message_) return;
  body_ended_ = true;
  soup_message_body_complete(soup_server_message_get_response_body(message_.Get()));
  Unpause();
}

void Exchange::OnBodyFailed(const Error& error) {
  log::Warning("http", Concat(request_->path(), ": ", error.Text(), "; breaking the answer off"));
  Break();
}

void Exchange::Break() {
  if (const auto connection = via_.lock()) connection->Abort();
}

/// Only while libsoup has the message: on 3.2.3 anything later is a critical warning.
void Exchange::Unpause() {
  if (message_ && !in_handler_) soup_server_message_unpause(message_.Get());
}

void Exchange::OnConnectionCut() {
  if (!message_) return;
  if (pump_) pump_->Stop();
  // libsoup notices when it writes, so give it something to write; none of it is sent.
  if (!answered_) soup_server_message_set_status(message_.Get(), 500, nullptr);
  answered_ = true;
  SoupMessageBody* body = soup_server_message_get_response_body(message_.Get());
  if (!body_ended_) soup_message_body_append(body, SOUP_MEMORY_STATIC, "X", 1);
  Unpause();
}

void Exchange::OnClientGone(std::function<void()> gone) {
  if (message_) {
    gone_.push_back(std::move(gone));
  } else if (!complete_) {
    gone();
  }
}

void Exchange::Finish() {
  if (!message_) return;
  const auto self = shared_from_this();  // `gone` and the connection may drop it
  message_.Reset();
  signals_.clear();
  if (pump_) pump_->Stop();
  const auto gone = std::move(gone_);
  gone_.clear();
  if (complete_) return;
  for (const auto& callback : gone) callback();
}

}  // namespace ronin::http

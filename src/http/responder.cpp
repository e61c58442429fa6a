// SPDX-License-Identifier: MIT
#include "http/responder.h"

#include "base/log.h"
#include "base/main_thread.h"

namespace ronin::http {

struct Responder::State {
  explicit State(std::shared_ptr<ReplySink> to) : sink(std::move(to)) {}
  std::shared_ptr<ReplySink> sink;  // shared with the connection, which may die first
  bool answered = false;

  /// True for the first answer, the only one that counts.
  bool Claim() {
    RONIN_ASSERT_MAIN_THREAD();
    if (answered) {
      log::Error("http", "a request was answered twice; the second answer is dropped");
      return false;
    }
    answered = true;
    return !sink->client_gone();
  }

  ~State() {
    if (answered || sink->client_gone()) return;
    log::Error("http", "a handler forgot to answer; the client gets 500");
    sink->Send(Response::Problem(500, "The server lost this request. Try again."));
  }
};

Responder::Responder(std::shared_ptr<ReplySink> sink)
    : state_(std::make_shared<State>(std::move(sink))) {}

void Responder::Send(Response response) const {
  if (state_->Claim()) state_->sink->Send(std::move(response));
}

void Responder::SendBytes(GRef<GBytes> bytes, std::string content_type, HeaderList headers) const {
  if (!state_->Claim()) return;
  state_->sink->SendBytes(std::move(bytes), std::move(content_type), std::move(headers));
}

void Responder::SendBody(std::shared_ptr<BodySource> body, BodyOptions options) const {
  if (state_->Claim()) state_->sink->SendBody(std::move(body), std::move(options));
}

void Responder::SendError(const Error& error) const {
  if (StatusOf(error.kind) == 500) log::Error("http", error.Text());
  Send(Response::FromError(error));
}

bool Responder::answered() const { return state_->answered; }

bool Responder::client_gone() const { return state_->sink->client_gone(); }

void Responder::OnClientGone(std::function<void()> gone) const {
  state_->sink->OnClientGone(std::move(gone));
}

}  // namespace ronin::http

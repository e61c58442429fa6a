// SPDX-License-Identifier: MIT
#include "api/metrics_routes.h"

#include <utility>

#include "api/metrics_view.h"
#include "base/g_ref.h"

namespace ronin::api {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 1s;

}  // namespace

MetricsRoutes::MetricsRoutes(const ApiContext& context)
    : context_(context), started_(context.clock.Now()), database_(context) {
  context_.server.router().Add(
      http::Method::kGet, "/metrics",
      [this](const http::RequestPtr&, const http::Responder& responder) { Get(responder); });
}

void MetricsRoutes::Get(const http::Responder& responder) {
  waiting_.push_back(responder);
  const bool fresh = database_.Refresh([this] { AnswerAll(); });
  if (fresh || database_.values() != nullptr) {
    AnswerAll();
  } else if (!deadline_.active()) {
    deadline_ = Source::After(kPatience, [this] { AnswerAll(); });
  }
}

void MetricsRoutes::AnswerAll() {
  deadline_.Cancel();
  if (waiting_.empty()) return;
  const std::string text = MetricsOf(
      {.context = context_, .started = started_, .loop = loop_, .database = database_.values()});
  const auto bytes = Adopt(g_bytes_new(text.data(), text.size()));
  for (const http::Responder& responder : std::exchange(waiting_, {})) {
    responder.SendBytes(bytes, MetricsText::kContentType, {{"Cache-Control", "no-store"}});
  }
}

}  // namespace ronin::api

// SPDX-License-Identifier: MIT
#include "api/openapi_route.h"

#include "base/g_ref.h"
#include "openapi_text.h"

namespace ronin::api {

OpenapiRoute::OpenapiRoute(const ApiContext& context) {
  context.server.router().Add(
      http::Method::kGet, "/api/openapi.yaml",
      [](const http::RequestPtr&, const http::Responder& responder) {
        responder.SendBytes(Adopt(g_bytes_new_static(kOpenapiText, sizeof kOpenapiText - 1)),
                            "application/yaml", {{"Cache-Control", "no-cache"}});
      });
}

}  // namespace ronin::api

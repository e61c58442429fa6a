// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"

namespace ronin::api {

/// GET /api/openapi.yaml: data/openapi.yaml, which the program holds. Thread: main.
class OpenapiRoute {
 public:
  explicit OpenapiRoute(const ApiContext& context);
};

}  // namespace ronin::api

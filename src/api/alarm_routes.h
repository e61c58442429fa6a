// SPDX-License-Identifier: MIT
#pragma once

#include "api/context.h"
#include "base/json.h"

namespace ronin::api {

/// Writes what is wrong now as the API shows it: an array.
void WriteAlarms(JsonWriter& json, const Alarms& alarms);

/// GET /api/alarms. Thread: main.
class AlarmRoutes {
 public:
  /// Adds its route to the server.
  explicit AlarmRoutes(const ApiContext& context);
};

}  // namespace ronin::api

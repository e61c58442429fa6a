// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "api/context.h"
#include "api/database_figures.h"
#include "base/loop_watch.h"
#include "base/metrics_text.h"

namespace ronin::api {

/// Where the metrics come from.
struct MetricsSources {
  const ApiContext& context;
  WallTime started;  ///< when the recorder was
  const LoopWatch& loop;
  const DatabaseFigures::Values* database;  ///< nullptr: what it knows is left out
};

/// All metrics, in the text format of Prometheus. The README at the root explains them to people.
/// Thread: main; a few milliseconds for 64 cameras.
std::string MetricsOf(const MetricsSources& sources);

}  // namespace ronin::api

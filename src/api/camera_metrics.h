// SPDX-License-Identifier: MIT
#pragma once

#include "api/metrics_view.h"

namespace ronin::api {

/// Adds the metrics of all cameras, each with the labels `camera_id` and `camera` (its name).
void WriteCameraMetrics(MetricsText& text, const MetricsSources& sources);

}  // namespace ronin::api

// SPDX-License-Identifier: MIT
#include "base/metrics_text.h"

#include <limits>

#include <gtest/gtest.h>

namespace ronin {
namespace {

using namespace std::chrono_literals;

TEST(MetricsText, WritesHelpTypeAndSamplesOfEachMetric) {
  MetricsText text;
  text.Begin("a_total", MetricType::kCounter, "How many.").Add(3);
  text.Begin("b_seconds", MetricType::kGauge, "How long.");
  text.Add(0.25, {{"camera_id", "1"}, {"camera", "Yard"}}).Add(-7, {{"camera_id", "2"}});

  EXPECT_EQ(std::move(text).Text(),
            "# HELP a_total How many.\n"
            "# TYPE a_total counter\n"
            "a_total 3\n"
            "# HELP b_seconds How long.\n"
            "# TYPE b_seconds gauge\n"
            "b_seconds{camera_id=\"1\",camera=\"Yard\"} 0.25\n"
            "b_seconds{camera_id=\"2\"} -7\n");
}

TEST(MetricsText, LeavesOutAMetricWithoutSamples) {
  MetricsText text;
  text.Begin("a", MetricType::kGauge, "A.");
  text.Begin("b", MetricType::kGauge, "B.").Add(1);

  EXPECT_EQ(std::move(text).Text(), "# HELP b B.\n# TYPE b gauge\nb 1\n");
}

TEST(MetricsText, EscapesLabelValues) {
  EXPECT_EQ((MetricLabels{{"camera", "a \"b\" \\ c\nd é"}}).text(),
            "camera=\"a \\\"b\\\" \\\\ c\\nd é\"");
  EXPECT_EQ((MetricLabels{{"volume", "/a\xff"}}).text(), "volume=\"/a\xef\xbf\xbd\"");
}

TEST(MetricsText, WritesEveryNumberSoThatItIsReadBackTheSame) {
  MetricsText text;
  text.Begin("a", MetricType::kGauge, "A.");
  text.Add(9007199254740991).Add(0.1).Add(1e300).Add(std::numeric_limits<double>::infinity());
  text.Add(std::numeric_limits<double>::quiet_NaN());

  EXPECT_EQ(std::move(text).Text(),
            "# HELP a A.\n# TYPE a gauge\na 9007199254740991\na 0.1\na 1e+300\na +Inf\na NaN\n");
}

TEST(MetricsText, WritesDurationsAsAHistogramThatAddsUp) {
  Durations durations;
  for (const Micros took : {Micros(1ms), Micros(1001us), Micros(3s), Micros(1min)}) {
    durations.Add(took);
  }
  MetricsText text;
  text.Begin("a_seconds", MetricType::kHistogram, "A.").Add(durations, {{"volume", "/a"}});

  EXPECT_EQ(std::move(text).Text(),
            "# HELP a_seconds A.\n"
            "# TYPE a_seconds histogram\n"
            "a_seconds_bucket{volume=\"/a\",le=\"0.001\"} 1\n"
            "a_seconds_bucket{volume=\"/a\",le=\"0.005\"} 2\n"
            "a_seconds_bucket{volume=\"/a\",le=\"0.02\"} 2\n"
            "a_seconds_bucket{volume=\"/a\",le=\"0.1\"} 2\n"
            "a_seconds_bucket{volume=\"/a\",le=\"0.5\"} 2\n"
            "a_seconds_bucket{volume=\"/a\",le=\"2\"} 2\n"
            "a_seconds_bucket{volume=\"/a\",le=\"10\"} 3\n"
            "a_seconds_bucket{volume=\"/a\",le=\"+Inf\"} 4\n"
            "a_seconds_sum{volume=\"/a\"} 63.002001\n"
            "a_seconds_count{volume=\"/a\"} 4\n");
}

}  // namespace
}  // namespace ronin

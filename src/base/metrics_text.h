// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/durations.h"

namespace ronin {

/// What tells samples of one metric apart, as the format writes it. A value; any thread.
class MetricLabels {
 public:
  using Label = std::pair<std::string_view, std::string_view>;  ///< name and value

  MetricLabels() = default;
  /// Names are [a-z_]+; values may hold anything: what is not UTF-8 is replaced.
  MetricLabels(std::initializer_list<Label> labels);
  /// These and one more.
  MetricLabels With(std::string_view name, std::string_view value) const;

  const std::string& text() const { return text_; }  ///< `camera_id="1",camera="Yard"`

 private:
  void Add(std::string_view name, std::string_view value);
  std::string text_;
};

enum class MetricType { kCounter, kGauge, kHistogram };

/// Writes metrics in the text format of Prometheus, version 0.0.4. Value; its owner's thread.
class MetricsText {
 public:
  static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

  /// Begins a metric, of which all samples follow; one without samples is left out.
  /// @param help  one sentence, with the unit
  MetricsText& Begin(std::string_view name, MetricType type, std::string_view help);
  MetricsText& Add(double value, const MetricLabels& labels = {});
  /// The samples of a histogram, in seconds.
  MetricsText& Add(const Durations& durations, const MetricLabels& labels = {});

  std::string Text() && { return std::move(text_); }

 private:
  void Sample(std::string_view suffix, const std::string& labels, double value);

  std::string text_;
  std::string name_;
  std::string head_;  // of the metric that was begun, until its first sample
};

}  // namespace ronin

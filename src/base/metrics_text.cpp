// SPDX-License-Identifier: MIT
#include "base/metrics_text.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/g_ref.h"

namespace ronin {
namespace {

std::string Escaped(std::string_view value) {
  const GCharPtr valid(g_utf8_make_valid(value.data(), gssize(value.size())));
  std::string out;
  for (const char* at = valid.get(); *at != '\0'; ++at) {
    if (*at == '\n') {
      out += "\\n";
      continue;
    }
    if (*at == '\\' || *at == '"') out += '\\';
    out += *at;
  }
  return out;
}

std::string Number(double value) {
  constexpr double kExact = 9007199254740992;  // whole numbers up to here are exact
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value == std::floor(value) && std::abs(value) < kExact) return std::to_string(int64_t(value));
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string_view ToString(MetricType type) {
  switch (type) {
    case MetricType::kCounter:
      return "counter";
    case MetricType::kGauge:
      return "gauge";
    case MetricType::kHistogram:
      return "histogram";
  }
  return "untyped";
}

}  // namespace

MetricLabels::MetricLabels(std::initializer_list<Label> labels) {
  for (const auto& [name, value] : labels) Add(name, value);
}

MetricLabels MetricLabels::With(std::string_view name, std::string_view value) const {
  MetricLabels out = *this;
  out.Add(name, value);
  return out;
}

void MetricLabels::Add(std::string_view name, std::string_view value) {
  if (!text_.empty()) text_ += ',';
  text_.append(name).append("=\"").append(Escaped(value)).append("\"");
}

MetricsText& MetricsText::Begin(std::string_view name, MetricType type, std::string_view help) {
  name_ = name;
  head_.assign("# HELP ").append(name).append(" ").append(help);
  head_.append("\n# TYPE ").append(name).append(" ").append(ToString(type)).append("\n");
  return *this;
}

MetricsText& MetricsText::Add(double value, const MetricLabels& labels) {
  Sample("", labels.text(), value);
  return *this;
}

MetricsText& MetricsText::Add(const Durations& durations, const MetricLabels& labels) {
  const Durations::Reading reading = durations.Read();
  uint64_t count = 0;
  for (size_t i = 0; i < reading.counts.size(); ++i) {
    count += reading.counts[i];
    const bool last = i == Durations::kLimits.size();
    const std::string limit = last ? "+Inf" : Number(Durations::kLimits[i]);
    Sample("_bucket", labels.With("le", limit).text(), double(count));
  }
  Sample("_sum", labels.text(), reading.sum_s);
  Sample("_count", labels.text(), double(count));
  return *this;
}

void MetricsText::Sample(std::string_view suffix, const std::string& labels, double value) {
  text_.append(std::exchange(head_, {})).append(name_).append(suffix);
  if (!labels.empty()) text_.append("{").append(labels).append("}");
  text_.append(" ").append(Number(value)).append("\n");
}

}  // namespace ronin

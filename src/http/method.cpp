// SPDX-License-Identifier: MIT
#include "http/method.h"

#include <array>
#include <utility>

namespace ronin::http {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kNames = {{
    {Method::kGet, "GET"},
    {Method::kHead, "HEAD"},
    {Method::kPost, "POST"},
    {Method::kPut, "PUT"},
    {Method::kPatch, "PATCH"},
    {Method::kDelete, "DELETE"},
    {Method::kOptions, "OPTIONS"},
}};

}  // namespace

std::string_view ToString(Method method) {
  for (const auto& [known, name] : kNames) {
    if (known == method) return name;
  }
  return "GET";
}

std::optional<Method> ParseMethod(std::string_view name) {
  for (const auto& [method, known] : kNames) {
    if (known == name) return method;
  }
  return std::nullopt;
}

}  // namespace ronin::http

// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace ronin::http {

/// The request methods that the server knows. Any other is answered with 501.
enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };

/// "GET", "HEAD" and so on.
std::string_view ToString(Method method);

/// The method of that exact (upper case) name, or nothing.
std::optional<Method> ParseMethod(std::string_view name);

}  // namespace ronin::http

// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ronin::http {

/// `text` with %XX decoded; nothing if an escape is malformed, or the result has a NUL or is not
/// UTF-8. Pure; any thread.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space = false);

/// The fields of a query, in order. A field that cannot be decoded keeps its raw text, so that a
/// handler refuses it with its name.
std::vector<std::pair<std::string, std::string>> ParseQuery(std::string_view query);

/// The decoded segments of a path that begins with "/"; nothing if one is empty, ".", ".." or
/// holds "/" or NUL once decoded. "/" itself has no segments.
std::optional<std::vector<std::string>> SplitPath(std::string_view path);

/// A whole number of at most 18 digits, nothing else; no sign, no space.
std::optional<int64_t> ParseDigits(std::string_view text);

/// The same letters, in any case (ASCII).
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

/// The parts of a comma-separated header value, trimmed, empty ones left out.
std::vector<std::string_view> SplitList(std::string_view value);

}  // namespace ronin::http

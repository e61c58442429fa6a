// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace ronin {

/// The folder that a camera with this name would like to have: the name without what a file system
/// or a shell trips over (separators, control characters, leading dots, trailing dots and spaces),
/// Unicode kept, at most 80 bytes, never empty and never "sub". Pure.
std::string FolderFromName(std::string_view name);

/// FolderFromName(name), followed by " 2", " 3", … until `taken` says no. Pure.
std::string UniqueFolder(std::string_view name,
                         const std::function<bool(const std::string&)>& taken);

/// The form in which names and folders are compared: Unicode NFKC, without case. Pure.
std::string ComparisonKey(std::string_view text);

}  // namespace ronin

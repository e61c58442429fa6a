// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ronin {

/// Tags as the database keeps them: ["outside","night"]. Pure.
std::string TagsToText(const std::vector<std::string>& tags);

/// The tags in such a text; none when it is damaged, since that must not stop a camera. Pure.
std::vector<std::string> TagsFromText(std::string_view text);

}  // namespace ronin

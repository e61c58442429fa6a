// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/setting_store.h"

namespace ronin {

/// What a user has set up in the web interface: layouts, tile settings. The meaning belongs to the
/// web interface; here it is a text that is kept as it came. Until there are accounts, there is one
/// user. Plain value.
struct Preferences {
  int64_t version = 0;      ///< grows with each change; 0: nothing was ever stored
  std::string text = "{}";  ///< a JSON object

  bool operator==(const Preferences&) const = default;
};

/// Most bytes that the text may have.
inline constexpr size_t kMostPreferences = 64 * 1024;

/// What is stored; that which cannot be read is as if nothing was. Blocks, like SettingStore.
Result<Preferences> ReadPreferences(SettingStore& settings);

/// Stores `text`, a JSON object, in place of `before`, which was just read; gives what is stored
/// now. The same text is no change. Errors: kInvalidArgument when it is too long. Blocks.
Result<Preferences> ReplacePreferences(SettingStore& settings, const Preferences& before,
                                       std::string_view text, WallTime now);

}  // namespace ronin

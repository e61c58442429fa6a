// SPDX-License-Identifier: MIT
#include "support/shell.h"

#include <gio/gio.h>
#include <gtest/gtest.h>

#include "base/g_ref.h"

namespace ronin::testing {

std::string Shell(const std::string& line) {
  const char* const words[] = {"sh", "-c", line.c_str(), nullptr};
  GCharPtr out;
  GCharPtr err;
  GErrorPtr error;
  gint status = -1;
  g_spawn_sync(nullptr, const_cast<gchar**>(words), nullptr, G_SPAWN_SEARCH_PATH, nullptr, nullptr,
               Out(out), Out(err), &status, Out(error));
  const std::string text = std::string(out ? out.get() : "") + (err ? err.get() : "");
  EXPECT_EQ(status, 0) << line << '\n' << text;
  return text;
}

}  // namespace ronin::testing

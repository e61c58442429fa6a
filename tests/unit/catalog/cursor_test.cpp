// SPDX-License-Identifier: MIT
#include "catalog/cursor.h"

#include <gtest/gtest.h>

namespace ronin {
namespace {

TEST(Cursor, ComesBackAsItWent) {
  const Cursor cursor{FromMicros(1'795'000'000'123'456), 4711};

  const auto back = Cursor::Parse(cursor.ToString());

  ASSERT_TRUE(back);
  EXPECT_EQ(back->start, cursor.start);
  EXPECT_EQ(back->id, cursor.id);
}

TEST(Cursor, RefusesEveryOtherText) {
  for (const char* bad :
       {"", "s", "-", "s-", "s1-", "s-1", "1-1", "s1-1 ", " s1-1", "s1-1-1", "s01-1", "sA-1",
        "s-1-1", "s1--1", "s8000000000000000-1", "s1-g", "s1;drop table segment-1", "\xff"}) {
    const auto parsed = Cursor::Parse(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kInvalidArgument);
  }
}

}  // namespace
}  // namespace ronin

// SPDX-License-Identifier: MIT
#include "base/g_ref.h"

#include <gtest/gtest.h>

namespace ronin {
namespace {

GObject* NewObject() { return G_OBJECT(g_object_new(G_TYPE_OBJECT, nullptr)); }

TEST(GRef, CountsCopiesAndMoves) {
  GRef<GObject> first = Adopt(NewObject());
  GObject* raw = first.Get();
  GRef<GObject> second = first;
  EXPECT_EQ(raw->ref_count, 2U);

  const GRef<GObject> third = std::move(second);
  EXPECT_EQ(raw->ref_count, 2U);

  first.Reset();
  EXPECT_EQ(raw->ref_count, 1U);
}

TEST(GRef, ShareSinksAFloatingReference) {
  GObject* floating = G_OBJECT(g_object_new(G_TYPE_INITIALLY_UNOWNED, nullptr));
  ASSERT_TRUE(g_object_is_floating(floating));

  const GRef<GObject> owned = Share(floating);

  EXPECT_FALSE(g_object_is_floating(floating));
  EXPECT_EQ(floating->ref_count, 1U);
}

TEST(GRef, OutFillsAnErrorPointer) {
  GErrorPtr error;
  GCharPtr contents;
  EXPECT_FALSE(g_file_get_contents("/does/not/exist", Out(contents), nullptr, Out(error)));

  ASSERT_TRUE(error);
}

}  // namespace
}  // namespace ronin

// SPDX-License-Identifier: MIT
#include "config/protection_store.h"

#include <gtest/gtest.h>

#include "config/setting_store.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kKeptFrom{Micros(1'795'000'000'000'000)};

TEST(ProtectionStore, KeepsWhatIsProtectedOverAReopening) {
  const testing::TempDir dir;
  ConfigStores stores = OpenConfigStores(dir / "config.db").value();
  const RecordingKey main{StreamId(1), kKeptFrom};
  const RecordingKey sub{StreamId(1, StreamKind::kSub), kKeptFrom};
  const RecordingKey later{StreamId(1), kKeptFrom + 1us};

  ASSERT_TRUE(stores.protection->Add({later, sub, main}));
  ASSERT_TRUE(stores.protection->Add({main})) << "twice is harmless";
  stores = {};
  stores = OpenConfigStores(dir / "config.db").value();

  EXPECT_EQ(stores.protection->All().value(), (std::vector<RecordingKey>{main, later, sub}));
  EXPECT_TRUE(stores.protection->Has(sub).value());
  EXPECT_FALSE(stores.protection->Has({StreamId(2), kKeptFrom}).value());

  ASSERT_TRUE(stores.protection->Remove(main));
  ASSERT_TRUE(stores.protection->Remove(main)) << "it is gone already";
  EXPECT_EQ(stores.protection->All().value(), (std::vector<RecordingKey>{later, sub}));
}

TEST(ProtectionStore, AddsAllOrNone) {
  const testing::TempDir dir;
  const ConfigStores stores = OpenConfigStores(dir / "config.db").value();

  EXPECT_EQ(
      stores.protection->Add({{StreamId(1), kKeptFrom}, {StreamId(0), kKeptFrom}}).error().kind,
      ErrorKind::kInvalidArgument);

  EXPECT_TRUE(stores.protection->All()->empty());
}

}  // namespace
}  // namespace ronin

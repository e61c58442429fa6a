// SPDX-License-Identifier: MIT
#include "config/preferences.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace ronin {
namespace {

constexpr WallTime kThen{Micros(1'795'000'000'000'000)};

class PreferencesTest : public ::testing::Test {
 protected:
  void Open() { stores_ = OpenConfigStores(dir_ / "config.db").value(); }
  void SetUp() override { Open(); }

  testing::TempDir dir_;
  ConfigStores stores_;
};

TEST_F(PreferencesTest, AreAnEmptyObjectBeforeAnythingIsStored) {
  EXPECT_EQ(ReadPreferences(*stores_.settings).value(), (Preferences{0, "{}"}));
}

TEST_F(PreferencesTest, AreKeptAsTheyCameOverAReopening) {
  const std::string text = "{ \"a\" : [1,\n 2.50],\"\\u00e4\":null}";

  const auto after = ReplacePreferences(*stores_.settings, {}, text, kThen);
  stores_ = {};
  Open();

  EXPECT_EQ(after.value(), (Preferences{1, text}));
  EXPECT_EQ(ReadPreferences(*stores_.settings).value(), (Preferences{1, text}));
}

TEST_F(PreferencesTest, HaveANewVersionWithEachChangeAndNoneForTheSameText) {
  auto now = ReplacePreferences(*stores_.settings, {}, "{}", kThen).value();
  EXPECT_EQ(now.version, 1) << "what was never stored differs from what is empty";

  now = ReplacePreferences(*stores_.settings, now, "{}", kThen).value();
  EXPECT_EQ(now.version, 1);
  now = ReplacePreferences(*stores_.settings, now, "{\"a\":1}", kThen).value();
  EXPECT_EQ(now.version, 2);
}

TEST_F(PreferencesTest, RefuseWhatIsTooLong) {
  const std::string most = "{\"a\":\"" + std::string(kMostPreferences - 8, 'x') + "\"}";

  EXPECT_TRUE(ReplacePreferences(*stores_.settings, {}, most, kThen));
  EXPECT_EQ(ReplacePreferences(*stores_.settings, {}, most + " ", kThen).error().kind,
            ErrorKind::kInvalidArgument);
}

TEST_F(PreferencesTest, AreAsIfNothingWasStoredWhenTheyCannotBeRead) {
  for (const char* damaged : {"", "{}", "x\n{}", "0\n{}", "-1\n{}", "1 \n{}"}) {
    ASSERT_TRUE(stores_.settings->Set("preferences.local", damaged, kThen));
    EXPECT_EQ(ReadPreferences(*stores_.settings).value(), Preferences()) << damaged;
  }
}

}  // namespace
}  // namespace ronin

// SPDX-License-Identifier: MIT
#include "secrets/sealer.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace ronin {
namespace {

constexpr Sealer::Place kPlace = {"camera", "7", "password"};

TEST(Sealer, OpensWhatItSealed) {
  const Sealer sealer(MasterKey::Random());
  for (const size_t size : {size_t(0), size_t(1), size_t(8), size_t(255), size_t(3000)}) {
    std::string text(size, 'x');
    if (size > 4) text[3] = '\0';

    const auto opened = sealer.Open(kPlace, sealer.Seal(kPlace, text));

    ASSERT_TRUE(opened) << opened.error().Text();
    EXPECT_EQ(*opened, text);
  }
}

TEST(Sealer, FitsTheColumnsOfTheDatabase) {
  const Sealer sealer(MasterKey::Random());
  EXPECT_LE(sealer.Seal(kPlace, std::string(3000, 'x')).size(), 4096U);
}

TEST(Sealer, NeverSealsTheSameTwice) {
  const Sealer sealer(MasterKey::Random());
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(sealer.Seal(kPlace, "hunter2"));
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(Sealer, ShowsNothingOfTheText) {
  const Sealer sealer(MasterKey::Random());
  EXPECT_EQ(sealer.Seal(kPlace, "hunter2secret").find("hunter"), std::string::npos);
}

TEST(Sealer, TellsAnotherKeyFromADamagedText) {
  const Sealer sealer(MasterKey::Random());
  const Sealer other(MasterKey::Random());

  const auto opened = other.Open(kPlace, sealer.Seal(kPlace, "hunter2"));

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kConflict);
}

TEST(Sealer, DoesNotOpenWhatWasMovedToAnotherPlace) {
  const Sealer sealer(MasterKey::Random());
  const std::string sealed = sealer.Seal(kPlace, "hunter2");
  for (const Sealer::Place& place :
       {Sealer::Place{"user", "7", "password"}, Sealer::Place{"camera", "8", "password"},
        Sealer::Place{"camera", "7", "username"}, Sealer::Place{"camera7", "", "password"},
        Sealer::Place{"camera", "7password", ""}}) {
    const auto opened = sealer.Open(place, sealed);

    ASSERT_FALSE(opened) << place.table << place.row << place.field;
    EXPECT_EQ(opened.error().kind, ErrorKind::kCorrupt);
  }
}

TEST(Sealer, DoesNotOpenATextInWhichAnyCharacterChanged) {
  const Sealer sealer(MasterKey::Random());
  const std::string sealed = sealer.Seal(kPlace, "hunter2");
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(sealer.Open(kPlace, changed)) << i;
    EXPECT_FALSE(sealer.Open(kPlace, sealed.substr(0, i))) << i;
  }
  EXPECT_FALSE(sealer.Open(kPlace, sealed + "A"));
  EXPECT_FALSE(sealer.Open(kPlace, sealed + "="));
}

TEST(Sealer, RefusesWhatIsNoSealedText) {
  const Sealer sealer(MasterKey::Random());
  std::mt19937 random(1);  // the same each time
  std::uniform_int_distribution<int> byte(0, 255);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(size_t(byte(random)), '\0');
    // Half of them are base64 at least.
    for (char& c : text) c = i % 2 == 0 ? char(byte(random)) : char('A' + byte(random) % 26);
    const auto opened = sealer.Open(kPlace, text);
    ASSERT_FALSE(opened);
  }
  EXPECT_EQ(sealer.Open(kPlace, "").error().kind, ErrorKind::kCorrupt);
  EXPECT_EQ(sealer.Open(kPlace, "hunter2").error().kind, ErrorKind::kCorrupt);
  EXPECT_EQ(sealer.Open(kPlace, std::string(1U << 20U, 'A')).error().kind, ErrorKind::kCorrupt);
}

}  // namespace
}  // namespace ronin

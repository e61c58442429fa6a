// SPDX-License-Identifier: MIT
#include "storage/segment_path.h"

#include <fstream>

#include <gtest/gtest.h>

#include "storage/folders.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

constexpr WallTime kTime{Micros(1'795'054'445'320'000)};  // 2026-11-19T02:14:05.32Z

TEST(SegmentPath, IsMadeOfFolderDayAndTimeInUtc) {
  EXPECT_EQ((SegmentPath{"Front door", false, kTime}.ToString()),
            "Front door/2026-11-19/02-14-05.mp4");
  EXPECT_EQ((SegmentPath{"Küche", true, kTime, 3}.ToString()),
            "Küche/sub/2026-11-19/02-14-05-3.mp4");
}

TEST(SegmentPath, ComesBackAsItWent) {
  for (const bool sub : {false, true}) {
    for (const int copy : {1, 2, 10, 999}) {
      const SegmentPath path{"a.b c", sub, FromMicros(1'795'054'445'000'000), copy};
      EXPECT_EQ(SegmentPath::Parse(path.ToString()), path);
    }
  }
}

TEST(SegmentPath, RefusesEveryOtherText) {
  for (const char* bad : {"",
                          "a",
                          "a/b/c",
                          "/2026-11-23/02-14-05.mp4",
                          "../2026-11-23/02-14-05.mp4",
                          "./2026-11-23/02-14-05.mp4",
                          "a/2026-11-23/02-14-05.mkv",
                          "a/2026-11-23/02:14:05.mp4",
                          "a/2026-13-23/02-14-05.mp4",
                          "a/2026-02-30/02-14-05.mp4",
                          "a/2026-11-23/24-14-05.mp4",
                          "a/2026-11-23/02-14-60.mp4",
                          "a/2026-11-23/02-14-05-1.mp4",
                          "a/2026-11-23/02-14-05-02.mp4",
                          "a/2026-11-23/02-14-05-.mp4",
                          "a/2026-11-23/02-14-05--2.mp4",
                          "a/2026-11-23/.mp4",
                          "a/Sub/2026-11-23/02-14-05.mp4",
                          "a/b/2026-11-23/02-14-05.mp4",
                          "/a/2026-11-23/02-14-05.mp4",
                          "a//2026-11-23/02-14-05.mp4",
                          "a/2026-11-23/02-14-05.mp4/",
                          "a/2026-11-23/02-14-05.mp4.tmp",
                          "a/2026-11-23/02-14-05-99999999999.mp4"}) {
    EXPECT_EQ(SegmentPath::Parse(bad), std::nullopt) << bad;
  }
}

TEST(FreeSegmentPath, TakesTheFirstNameThatDoesNotExist) {
  testing::TempDir dir;
  ASSERT_TRUE(MakeDirs(dir / "Yard/2026-11-19"));
  const SegmentPath wanted{"Yard", false, kTime};
  for (const char* expected : {"02-14-05.mp4", "02-14-05-2.mp4", "02-14-05-3.mp4"}) {
    const auto path = FreeSegmentPath(dir.path(), wanted);
    ASSERT_TRUE(path);
    EXPECT_EQ(path->ToString(), std::string("Yard/2026-11-19/") + expected);
    std::ofstream(dir / path->ToString()) << "x";
  }
}

TEST(FreeSegmentPath, DoesNotTakeADanglingLinkForAFreeName) {
  testing::TempDir dir;
  ASSERT_TRUE(MakeDirs(dir / "Yard/2026-11-19"));
  std::filesystem::create_symlink("/nowhere", dir / "Yard/2026-11-19/02-14-05.mp4");

  EXPECT_EQ(FreeSegmentPath(dir.path(), {"Yard", false, kTime})->copy, 2);
}

}  // namespace
}  // namespace ronin

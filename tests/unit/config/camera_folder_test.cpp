// SPDX-License-Identifier: MIT
#include "config/camera_folder.h"

#include <set>

#include <glib.h>
#include <gtest/gtest.h>

namespace ronin {
namespace {

TEST(CameraFolder, IsTheNameWithoutWhatAFileSystemTripsOver) {
  const std::pair<const char*, const char*> table[] = {
      {"Front door", "Front door"},
      {"Küche / Flur", "Küche - Flur"},
      {"玄関", "玄関"},
      {"../../etc/passwd", "etc-passwd"},
      {".hidden", "hidden"},
      {"-rf *", "rf -"},
      {"~root", "root"},
      {"trailing. . .", "trailing"},
      {"  spaces  ", "spaces"},
      {"tab\tand\nnewline", "tab and newline"},
      {"bell\a\x7f", "bell"},
      {"right-to-left \xe2\x80\xae override", "right-to-left  override"},
      {"C:\\Users", "C--Users"},
      {"sub", "camera sub"},
      {"SUB", "camera SUB"},
      {"lost+found", "camera lost+found"},
      {"subway", "subway"},
      {"", "camera"},
      {"...", "camera"},
      {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"u\xcc\x88", "\xc3\xbc"},  // one form of ü
  };
  for (const auto& [name, folder] : table) EXPECT_EQ(FolderFromName(name), folder) << name;
}

TEST(CameraFolder, IsCutOnTheBorderOfACharacter) {
  std::string name = "a";
  for (int i = 0; i < 40; ++i) name += "ü";

  const std::string folder = FolderFromName(name);

  EXPECT_EQ(folder.size(), 79U);
  EXPECT_TRUE(g_utf8_validate(folder.c_str(), -1, nullptr));
}

TEST(CameraFolder, GetsANumberWhenItIsTaken) {
  std::set<std::string> taken;
  const auto is_taken = [&](const std::string& name) { return taken.contains(name); };
  for (const char* expected : {"Yard", "Yard 2", "Yard 3"}) {
    const std::string folder = UniqueFolder("Yard", is_taken);
    EXPECT_EQ(folder, expected);
    taken.insert(folder);
  }
}

TEST(CameraFolder, StaysShortWithItsNumber) {
  const std::string name(100, 'x');
  int tries = 0;

  const std::string folder = UniqueFolder(name, [&](const std::string&) { return ++tries < 12; });

  EXPECT_EQ(folder, std::string(77, 'x') + " 12");
}

TEST(CameraFolder, IsComparedWithoutCase) {
  EXPECT_EQ(ComparisonKey("KÜCHE"), ComparisonKey("Küche"));
  EXPECT_EQ(ComparisonKey("Straße"), ComparisonKey("STRASSE"));
  EXPECT_NE(ComparisonKey("Kuche"), ComparisonKey("Küche"));
}

}  // namespace
}  // namespace ronin

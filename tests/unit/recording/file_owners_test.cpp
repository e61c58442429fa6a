// SPDX-License-Identifier: MIT
#include "recording/file_owners.h"

#include <gtest/gtest.h>

namespace ronin::recording {
namespace {

FileOwners YardAndDoor() {
  FileOwners out;
  CameraRecord camera;
  for (const auto& [id, uuid, folder] :
       {std::tuple(1, "yard-uuid", "Yard"), {2, "door-uuid", "Door"}}) {
    camera.id = id;
    camera.uuid = uuid;
    camera.folder = folder;
    out.Add(camera);
  }
  return out;
}

TEST(FileOwners, AFileThatNamesItsCameraIsOfItWhereverItLies) {
  const FileOwners owners = YardAndDoor();
  for (const char* folder : {"Yard", "Door", "Yard 2020"}) {
    EXPECT_EQ(owners.Find(Mp4Origin{.camera_uuid = "yard-uuid"}, folder), 1);
  }
}

TEST(FileOwners, AFileThatNamesNoneIsOfTheCameraOfItsFolder) {
  const FileOwners owners = YardAndDoor();

  EXPECT_EQ(owners.Find(std::nullopt, "Door"), 2);
  EXPECT_EQ(owners.Find(Mp4Origin{}, "Door"), 2);
  EXPECT_EQ(owners.Find(std::nullopt, "Other"), std::nullopt);
  EXPECT_TRUE(owners.KnowFolder("Door"));
  EXPECT_FALSE(owners.KnowFolder("Other"));
}

TEST(FileOwners, AFileOfAnotherRecorderIsOfNoneOfOursInAFolderOfTheSameName) {
  EXPECT_EQ(YardAndDoor().Find(Mp4Origin{.camera_uuid = "theirs"}, "Yard"), std::nullopt);
}

}  // namespace
}  // namespace ronin::recording

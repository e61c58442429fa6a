// SPDX-License-Identifier: MIT
#include <filesystem>
#include <fstream>
#include <future>

#include <gtest/gtest.h>

#include "storage/volume_identity.h"
#include "storage/volumes.h"
#include "support/main_loop.h"
#include "support/temp_dir.h"

namespace ronin {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Two folders that stand for disks; "unmounting" one is moving its content away.
class VolumesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(a_);
    fs::create_directory(b_);
  }

  std::unique_ptr<Volumes> Make(std::vector<std::string> roots) {
    return std::make_unique<Volumes>(
        roots, known_, clock_, VolumeGate::Settings{.sync_interval = 20ms, .look_interval = 20ms},
        Volumes::Hooks{.identified =
                           [this](const std::string& uuid, const std::string& root) {
                             known_.push_back({uuid, root});
                           },
                       .changed = [this](VolumeGate&) { ++changes_; },
                       .data_lost = [this](VolumeGate&) { ++lost_; },
                       .in_use = [](const VolumeGate&) { return false; },
                       .homed = [this](const std::string& camera,
                                       const std::string& volume) { homes_[camera] = volume; }},
        homes_);
  }
  static bool Becomes(const VolumeGate& gate, VolumeState state) {
    return testing::PumpUntil([&] { return gate.state() == state; });
  }
  void Unmount(const std::string& root, const char* name) {
    fs::rename(root, dir_ / name);
    fs::create_directory(root);
  }
  void Mount(const char* name, const std::string& root) {
    fs::remove(root);
    fs::rename(dir_ / name, root);
  }

  testing::TempDir dir_;
  SystemClock clock_;
  const std::string a_ = dir_ / "a";
  const std::string b_ = dir_ / "b";
  std::vector<KnownVolume> known_;
  VolumeShares::Homes homes_;
  int changes_ = 0;
  int lost_ = 0;
};

TEST_F(VolumesTest, GiveAnIdentityToAFolderThatWasNeverUsed) {
  const auto volumes = Make({a_, b_});
  EXPECT_EQ(volumes->Choose("camera"), nullptr);

  ASSERT_TRUE(Becomes(*volumes->all()[0], VolumeState::kOk));
  ASSERT_TRUE(Becomes(*volumes->all()[1], VolumeState::kOk));

  const auto identity = ReadVolumeIdentity(a_).value();
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->uuid, volumes->all()[0]->uuid());
  EXPECT_NE(identity->uuid, volumes->all()[1]->uuid());
  EXPECT_EQ(volumes->Choose("camera"), volumes->all()[0].get());
  EXPECT_EQ(known_.size(), 2U);
}

TEST_F(VolumesTest, SpreadCamerasByWeightAndComeBackToTheirOwn) {
  const auto volumes = Make({a_, b_});
  VolumeGate* a = volumes->all()[0].get();
  VolumeGate* b = volumes->all()[1].get();
  ASSERT_TRUE(Becomes(*a, VolumeState::kOk));
  ASSERT_TRUE(Becomes(*b, VolumeState::kOk));
  volumes->SetUse(b->uuid(), {.weight = 3});
  const auto on_a = [&] {
    int count = 0;
    for (const char* camera : {"1", "2", "3", "4", "5", "6", "7", "8"}) {
      count += volumes->Choose(camera) == a ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(on_a(), 2);
  EXPECT_EQ(homes_.size(), 8U) << "told, to be kept";

  Unmount(b_, "disk-b");
  ASSERT_TRUE(Becomes(*b, VolumeState::kMissing));
  EXPECT_EQ(on_a(), 8);
  Mount("disk-b", b_);
  ASSERT_TRUE(Becomes(*b, VolumeState::kOk));
  EXPECT_EQ(on_a(), 2);

  volumes->SetUse(b->uuid(), {.weight = 0});
  EXPECT_EQ(on_a(), 8) << "nothing new";
  EXPECT_EQ(volumes->Choose("1", b->uuid()), b) << "but what is assigned";
  volumes->SetUse(a->uuid(), {.weight = 0});
  EXPECT_EQ(volumes->Choose("2"), nullptr);
  EXPECT_NE(volumes->Reason().find("give one of them a weight"), std::string::npos);
}

TEST_F(VolumesTest, AnAssignedCameraGoesToItsVolumeWhileItCan) {
  const auto volumes = Make({a_, b_});
  VolumeGate* a = volumes->all()[0].get();
  VolumeGate* b = volumes->all()[1].get();
  ASSERT_TRUE(Becomes(*a, VolumeState::kOk));
  ASSERT_TRUE(Becomes(*b, VolumeState::kOk));
  const std::string uuid = b->uuid();
  ASSERT_EQ(volumes->Choose("camera"), a);

  EXPECT_EQ(volumes->Choose("camera", uuid), b);
  EXPECT_EQ(volumes->Choose("camera", "unknown"), a);

  Unmount(b_, "disk-b");
  ASSERT_TRUE(Becomes(*b, VolumeState::kMissing));
  EXPECT_EQ(volumes->Choose("camera", uuid), a);
  EXPECT_EQ(volumes->DiskOf(*b), uuid) << "it is known which disk is away";
}

TEST_F(VolumesTest, AnArchiveIsRecordedToOnlyWhenAllOthersFail) {
  const auto volumes = Make({a_, b_});
  VolumeGate* a = volumes->all()[0].get();
  VolumeGate* b = volumes->all()[1].get();
  ASSERT_TRUE(Becomes(*a, VolumeState::kOk));
  ASSERT_TRUE(Becomes(*b, VolumeState::kOk));
  volumes->SetUse(a->uuid(), {.role = VolumeRole::kArchive});
  EXPECT_EQ(volumes->Choose("camera"), b);

  Unmount(b_, "disk-b");
  ASSERT_TRUE(Becomes(*b, VolumeState::kMissing));
  EXPECT_EQ(volumes->Choose("camera"), a);
}

TEST_F(VolumesTest, OneIsAddedAndRemovedWhileTheOthersAreUsed) {
  const auto volumes = Make({a_});
  VolumeGate* a = volumes->all()[0].get();
  ASSERT_TRUE(Becomes(*a, VolumeState::kOk));
  EXPECT_EQ(volumes->Choose("1"), a);
  EXPECT_EQ(volumes->Choose("2"), a);

  VolumeGate* b = volumes->Add(b_);
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(volumes->Add(b_), nullptr) << "it is there";
  ASSERT_TRUE(Becomes(*b, VolumeState::kOk));
  EXPECT_EQ(volumes->Choose("3"), a) << "not before it is admitted";
  volumes->Admit(*b);
  EXPECT_EQ(volumes->Choose("4"), b);
  EXPECT_FALSE(volumes->IsConfigured(*b));
  const std::string uuid = b->uuid();

  volumes->Remove(*b);
  EXPECT_TRUE(b->retired());
  EXPECT_EQ(volumes->Choose("4"), a);
  EXPECT_EQ(volumes->Choose("4", uuid), a);
  EXPECT_EQ(volumes->Holding(b_ + "/Yard/x.mp4"), b) << "what is open there still ends";
  volumes->SetCatalogId(uuid, 7);
  EXPECT_EQ(volumes->Find(7), nullptr);
  volumes->Remove(*a);
  EXPECT_FALSE(a->retired()) << "the configuration names it";

  EXPECT_EQ(volumes->Add(b_), b);
  ASSERT_TRUE(Becomes(*b, VolumeState::kOk));
  EXPECT_EQ(volumes->Find(7), b);
  EXPECT_FALSE(b->retired());
}

TEST_F(VolumesTest, AHomeIsKeptOverARestart) {
  known_.clear();
  std::string uuid_b;
  {
    const auto volumes = Make({a_, b_});
    ASSERT_TRUE(Becomes(*volumes->all()[1], VolumeState::kOk));
    uuid_b = volumes->all()[1]->uuid();
  }
  homes_["camera"] = uuid_b;

  const auto volumes = Make({a_, b_});
  ASSERT_TRUE(Becomes(*volumes->all()[0], VolumeState::kOk));
  ASSERT_TRUE(Becomes(*volumes->all()[1], VolumeState::kOk));

  EXPECT_EQ(volumes->Choose("camera"), volumes->all()[1].get());
  EXPECT_EQ(volumes->Choose("another"), volumes->all()[0].get());
}

TEST_F(VolumesTest, MakeNoFolder) {
  const auto volumes = Make({dir_ / "none"});

  ASSERT_TRUE(Becomes(*volumes->all()[0], VolumeState::kMissing));

  EXPECT_FALSE(fs::exists(dir_ / "none"));
  EXPECT_NE(volumes->Reason().find("is missing; check that the disk is mounted"),
            std::string::npos);
}

TEST_F(VolumesTest, WriteNothingIntoTheEmptyPlaceOfAKnownDisk) {
  { ASSERT_TRUE(Becomes(*Make({a_})->all()[0], VolumeState::kOk)); }
  Unmount(a_, "disk-a");

  const auto volumes = Make({a_});
  ASSERT_TRUE(Becomes(*volumes->all()[0], VolumeState::kMissing));

  EXPECT_TRUE(fs::is_empty(a_));
  EXPECT_NE(volumes->Reason().find("is not there; mount the right one"), std::string::npos)
      << volumes->Reason();
  Mount("disk-a", a_);
  EXPECT_TRUE(Becomes(*volumes->all()[0], VolumeState::kOk));
}

TEST_F(VolumesTest, NoticeThatADiskGoesAwayAndRecordToTheNextMeanwhile) {
  const auto volumes = Make({a_, b_});
  VolumeGate& first = *volumes->all()[0];
  ASSERT_TRUE(Becomes(first, VolumeState::kOk));
  ASSERT_TRUE(Becomes(*volumes->all()[1], VolumeState::kOk));
  const unsigned before = first.generation();
  const Volume bound = first.volume();
  ASSERT_TRUE(bound.Check());

  Unmount(a_, "disk-a");
  EXPECT_EQ(bound.Check().error().kind, ErrorKind::kNotFound) << "at once, for who makes a file";
  ASSERT_TRUE(Becomes(first, VolumeState::kMissing));
  EXPECT_EQ(volumes->Choose("camera"), volumes->all()[1].get());
  EXPECT_TRUE(fs::is_empty(a_));

  Mount("disk-a", a_);
  ASSERT_TRUE(Becomes(first, VolumeState::kOk));
  EXPECT_EQ(volumes->Choose("camera"), &first);
  EXPECT_NE(first.generation(), before);
}

TEST_F(VolumesTest, RecogniseDisksThatChangedPlaces) {
  std::string uuid_a, uuid_b;
  {
    const auto volumes = Make({a_, b_});
    ASSERT_TRUE(Becomes(*volumes->all()[0], VolumeState::kOk));
    ASSERT_TRUE(Becomes(*volumes->all()[1], VolumeState::kOk));
    uuid_a = volumes->all()[0]->uuid();
    uuid_b = volumes->all()[1]->uuid();
  }
  fs::rename(a_, dir_ / "x");
  fs::rename(b_, a_);
  fs::rename(dir_ / "x", b_);

  const auto volumes = Make({a_, b_});
  volumes->SetCatalogId(uuid_a, 7);
  ASSERT_TRUE(Becomes(*volumes->all()[0], VolumeState::kOk));
  ASSERT_TRUE(Becomes(*volumes->all()[1], VolumeState::kOk));

  EXPECT_EQ(volumes->all()[0]->uuid(), uuid_b);
  EXPECT_EQ(volumes->Find(7), volumes->all()[1].get());
  EXPECT_EQ(volumes->Find(8), nullptr);
}

TEST_F(VolumesTest, RefuseAStrangeDiskUntilPeopleSayThatItIsTheNewOne) {
  { ASSERT_TRUE(Becomes(*Make({a_})->all()[0], VolumeState::kOk)); }
  fs::remove_all(a_);
  fs::create_directory(a_);
  const auto stranger = CreateVolumeIdentity(a_, clock_.Now());
  ASSERT_TRUE(stranger);

  const auto volumes = Make({a_});
  ASSERT_TRUE(Becomes(*volumes->all()[0], VolumeState::kMissing));
  EXPECT_NE(volumes->Reason().find("Another disk than before is at " + a_), std::string::npos);

  std::ofstream(a_ + "/" + kNewVolumeFile).close();
  ASSERT_TRUE(Becomes(*volumes->all()[0], VolumeState::kOk));
  EXPECT_EQ(volumes->all()[0]->uuid(), stranger->uuid);
  EXPECT_FALSE(fs::exists(a_ + "/" + kNewVolumeFile));
}

TEST_F(VolumesTest, UseOneDiskOnce) {
  fs::create_directory_symlink(a_, dir_ / "again");
  const auto volumes = Make({a_, dir_ / "again"});

  ASSERT_TRUE(testing::PumpUntil([&] {
    const auto& all = volumes->all();
    return all[0]->ok() != all[1]->ok() &&
           (all[0]->state() == VolumeState::kError || all[1]->state() == VolumeState::kError);
  }));
}

TEST_F(VolumesTest, HoldTheFilesBelowTheirFolder) {
  fs::create_directory(a_ + "/inner");
  const auto volumes = Make({a_, a_ + "/inner"});

  EXPECT_EQ(volumes->Holding(a_ + "/Yard/x.mp4"), volumes->all()[0].get());
  EXPECT_EQ(volumes->Holding(a_ + "/inner/x.mp4"), volumes->all()[1].get());
  EXPECT_EQ(volumes->Holding(a_ + "bc/x.mp4"), nullptr);
}

TEST_F(VolumesTest, TakeADiskThatFailsToSyncForBrokenOnlyWhenItFailsAgain) {
  const auto volumes = Make({a_});
  VolumeGate& gate = *volumes->all()[0];
  ASSERT_TRUE(Becomes(gate, VolumeState::kOk));
  const Error error{ErrorKind::kUnavailable, "injected"};
  EXPECT_FALSE(gate.lost_data());

  gate.SyncFailed(error);
  EXPECT_EQ(lost_, 1);
  EXPECT_TRUE(gate.ok()) << "one failure costs the files that were open, not the disk";
  EXPECT_TRUE(gate.lost_data()) << "people are told";

  gate.SyncFailed(error);
  EXPECT_EQ(lost_, 2);
  EXPECT_EQ(gate.sync_failures(), 2U);
  EXPECT_EQ(gate.state(), VolumeState::kError);
  EXPECT_TRUE(Becomes(gate, VolumeState::kOk)) << "once a sync has succeeded";
}

TEST_F(VolumesTest, AreBusyWhileASyncLastsForHalfOfTheTimeBetweenTwo) {
  const Volumes volumes({a_}, {}, clock_, VolumeGate::Settings{.sync_interval = 100ms},
                        Volumes::Hooks{.identified = [](const auto&, const auto&) {},
                                       .changed = [](VolumeGate&) {},
                                       .data_lost = [](VolumeGate&) {},
                                       .in_use = [](const VolumeGate&) { return true; }});
  VolumeGate& gate = *volumes.all()[0];
  ASSERT_TRUE(Becomes(gate, VolumeState::kOk));
  EXPECT_FALSE(gate.busy());
  std::promise<void> hold;
  gate.write_worker().Post([held = hold.get_future().share()] { held.wait(); });

  EXPECT_TRUE(testing::PumpUntil([&] { return gate.busy(); }));

  hold.set_value();
  EXPECT_TRUE(testing::PumpUntil([&] { return !gate.busy(); }));
}

TEST_F(VolumesTest, KnowTheLastThatTakesRecordings) {
  const auto volumes = Make({a_, b_});
  VolumeGate& a = *volumes->all()[0];
  VolumeGate& b = *volumes->all()[1];
  ASSERT_TRUE(Becomes(a, VolumeState::kOk));
  ASSERT_TRUE(Becomes(b, VolumeState::kOk));
  EXPECT_FALSE(volumes->IsLastTaker(a));

  volumes->SetUse(b.uuid(), {.weight = 0});

  EXPECT_TRUE(volumes->IsLastTaker(a));
  EXPECT_FALSE(volumes->IsLastTaker(b));
}

TEST_F(VolumesTest, SayWhenADiskDoesNotAnswer) {
  const Volumes volumes({a_}, {}, clock_,
                        VolumeGate::Settings{.look_interval = 20ms, .patience = 50ms},
                        Volumes::Hooks{.identified = [](const auto&, const auto&) {},
                                       .changed = [](VolumeGate&) {},
                                       .data_lost = [](VolumeGate&) {},
                                       .in_use = [](const VolumeGate&) { return false; }});
  VolumeGate& gate = *volumes.all()[0];
  ASSERT_TRUE(Becomes(gate, VolumeState::kOk));
  std::promise<void> hold;
  gate.write_worker().Post([held = hold.get_future().share()] { held.wait(); });

  EXPECT_TRUE(Becomes(gate, VolumeState::kError));

  hold.set_value();
  EXPECT_TRUE(Becomes(gate, VolumeState::kOk));
}

TEST(VolumeIdentity, IsReadAsItWasWritten) {
  testing::TempDir dir;
  const std::string root = dir.path();
  EXPECT_EQ(ReadVolumeIdentity(root).value(), std::nullopt);

  const auto made = CreateVolumeIdentity(root, FromMicros(1'795'000'000'000'000));

  EXPECT_EQ(ReadVolumeIdentity(root).value(), *made);
  EXPECT_EQ(CreateVolumeIdentity(root, made->created).error().kind, ErrorKind::kConflict);
  fs::resize_file(root + "/" + kVolumeIdentityFile, 0);
  EXPECT_EQ(ReadVolumeIdentity(root).value(), std::nullopt) << "as a power cut may leave it";
  EXPECT_TRUE(CreateVolumeIdentity(root, made->created));
  std::ofstream(root + "/" + kVolumeIdentityFile) << "{}";
  EXPECT_EQ(ReadVolumeIdentity(root).error().kind, ErrorKind::kCorrupt);
}

}  // namespace
}  // namespace ronin

// SPDX-License-Identifier: MIT
#include "config/settings.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace ronin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string Refusal(const std::vector<std::string>& overrides) {
  const auto loaded = Settings::Load({}, overrides);
  EXPECT_FALSE(loaded);
  if (loaded) return {};
  EXPECT_EQ(loaded.error().kind, ErrorKind::kInvalidArgument);
  return loaded.error().message;
}

class SettingsFileTest : public ::testing::Test {
 protected:
  Result<Settings> Load(const std::string& text, const std::vector<std::string>& overrides = {}) {
    std::ofstream(dir_ / "a.conf") << text;
    return Settings::Load(dir_ / "a.conf", overrides);
  }
  testing::TempDir dir_;
};

TEST(Settings, HaveDefaults) {
  const auto settings = Settings::Load({}, {});

  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->listen, std::vector<std::string>{"127.0.0.1:8080"});
  EXPECT_EQ(settings->storage, std::vector<std::string>{"/var/lib/ronin-nvr/recordings"});
  EXPECT_EQ(settings->log_level, log::Level::kInfo);
  EXPECT_EQ(settings->time_zone, "");
  EXPECT_EQ(settings->segment_duration, seconds(900));
  EXPECT_EQ(settings->fragment, milliseconds(200));
  EXPECT_FALSE(settings->allow_loopback_cameras);
  EXPECT_EQ(settings->camera_memory_mib, 96);
}

TEST_F(SettingsFileTest, LetTheCommandLineWinOverTheFile) {
  const auto settings =
      Load("# a comment\n[ronin-nvr]\nsegment_duration_s = 60\nfragment_ms=100\nstorage=/a;/b;\n",
           {"segment_duration_s=10", "listen=[::1]:0;nvr.example:80", "data_dir=/d",
            "camera_memory_mib=32"});

  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->segment_duration, seconds(10));
  EXPECT_EQ(settings->fragment, milliseconds(100));
  EXPECT_EQ(settings->storage, (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(settings->camera_memory_mib, 32);
  EXPECT_EQ(settings->listen, (std::vector<std::string>{"[::1]:0", "nvr.example:80"}));
}

TEST(Settings, TheSitesTimeZoneIsTheSystemsUnlessItIsSaid) {
  Settings settings;
  const std::string system = SiteTimeZone(settings);
  EXPECT_TRUE(system == "UTC" || system.find('/') != std::string::npos) << system;

  settings.time_zone = "Europe/Berlin";
  EXPECT_EQ(SiteTimeZone(settings), "Europe/Berlin");
}

TEST(Settings, FoldersAreSeenFromTheWorkingDirectory) {
  const std::string here = std::filesystem::current_path();

  const auto relative = Settings::Load({}, {"data_dir=./var/", "storage=disk;../b;/c/d"});
  const auto alone = Settings::Load({}, {"data_dir=."});

  ASSERT_TRUE(relative) << relative.error().message;
  EXPECT_EQ(relative->data_dir, here + "/var");
  EXPECT_EQ(relative->storage,
            (std::vector<std::string>{here + "/disk",
                                      std::filesystem::path(here).parent_path() / "b", "/c/d"}));
  EXPECT_EQ(alone->data_dir, here);
  EXPECT_EQ(alone->storage, std::vector<std::string>{here + "/recordings"});
}

TEST(Settings, RefuseRelativeFoldersWhenTheWorkingDirectoryIsGone) {
  const auto back = std::filesystem::current_path();
  {
    const testing::TempDir gone;
    std::filesystem::current_path(gone.path());
  }

  const std::string refusal = Refusal({"data_dir=var", "storage=a"});
  std::filesystem::current_path(back);

  EXPECT_EQ(refusal,
            "data_dir = var: must be an absolute path, since the working directory is gone\n"
            "storage = a: must be an absolute path, since the working directory is gone");
}

TEST_F(SettingsFileTest, MayBeEmpty) {
  EXPECT_EQ(Load("").value(), Settings::Load({}, {}).value());
  EXPECT_EQ(Load("[ronin-nvr]\n").value(), Settings::Load({}, {}).value());
}

TEST(Settings, SayWhatABadValueMustBe) {
  EXPECT_EQ(Refusal({"segment_duration_s=9"}),
            "segment_duration_s = 9: must be a whole number of seconds from 10 to 3600");
  EXPECT_EQ(Refusal({"fragment_ms=1e2"}),
            "fragment_ms = 1e2: must be a whole number of milliseconds from 50 to 2000");
  EXPECT_EQ(Refusal({"sync_interval_s="}),
            "sync_interval_s = : must be a whole number of seconds from 1 to 60");
  EXPECT_EQ(Refusal({"stall_timeout_s=99999999999999999999"}),
            "stall_timeout_s = 99999999999999999999: must be a whole number of seconds from 1 to "
            "60");
  EXPECT_EQ(Refusal({"allow_loopback_cameras=yes"}),
            "allow_loopback_cameras = yes: must be true or false");
  EXPECT_EQ(Refusal({"log_level=loud"}), "log_level = loud: must be error, warning, info or debug");
  EXPECT_EQ(Refusal({"time_zone=Europe/Berlim"}),
            "time_zone = Europe/Berlim: must be the name of a time zone, like Europe/Berlin");
  EXPECT_EQ(Refusal({"data_dir="}), "data_dir = : must be a folder");
}

TEST(Settings, AcceptOnlyAddressesWithAPort) {
  for (const char* bad : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                          "127.0.0.1:-1", "::1:80", "[]:80", "a b:80", "http://a:80", "a:80x"}) {
    EXPECT_NE(Refusal({std::string("listen=") + bad}).find("must be ADDRESS:PORT"),
              std::string::npos)
        << bad;
  }
}

TEST(Settings, SuggestTheKeyThatWasMeant) {
  EXPECT_EQ(Refusal({"segment_duraton_s=60"}),
            "segment_duraton_s: there is no such key; did you mean segment_duration_s?");
  EXPECT_EQ(Refusal({"segment_duration=60"}),
            "segment_duration: there is no such key; did you mean segment_duration_s?");
  EXPECT_EQ(Refusal({"colour=red"}), "colour: there is no such key");
  EXPECT_EQ(Refusal({"listen"}), "--set listen: must be key=value");
}

TEST_F(SettingsFileTest, ReportAllMistakesAtOnce) {
  const auto settings = Load("[ronin-nvr]\nfragment_ms=1\nlissten=x\n[other]\na=b\n");

  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().message,
            "group [other] is unknown; all keys belong in [ronin-nvr]\n"
            "lissten: there is no such key; did you mean listen?\n"
            "fragment_ms = 1: must be a whole number of milliseconds from 50 to 2000");
}

TEST_F(SettingsFileTest, RefuseAFileTheyCannotRead) {
  EXPECT_EQ(Load("not a key file").error().kind, ErrorKind::kInvalidArgument);
  EXPECT_EQ(Settings::Load(dir_ / "none", {}).error().kind, ErrorKind::kNotFound);
}

TEST(Settings, TellWhichChangesNeedARestart) {
  const Settings before = Settings::Load({}, {}).value();
  const Settings after = Settings::Load({}, {"stall_timeout_s=9", "listen=0.0.0.0:80"}).value();

  const auto changes = ChangedSettings(before, after);

  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].key, "listen");
  EXPECT_TRUE(changes[0].needs_restart);
  EXPECT_EQ(changes[1].key, "stall_timeout_s");
  EXPECT_FALSE(changes[1].needs_restart);
  EXPECT_TRUE(ChangedSettings(before, before).empty());
}

}  // namespace
}  // namespace ronin

// SPDX-License-Identifier: MIT
#include "base/log.h"

#include <cstdlib>

#include <glib.h>
#include <gtest/gtest.h>

namespace ronin {
namespace {

TEST(Log, WritesNoPasswordToStandardError) {
  ::testing::internal::CaptureStderr();
  log::Warning("camera", "no answer from rtsp://admin:hunter2@192.0.2.10/s");
  const std::string text = ::testing::internal::GetCapturedStderr();

  EXPECT_NE(text.find("warning camera: no answer from rtsp://***@192.0.2.10/s"), std::string::npos)
      << text;
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
}

TEST(Log, DropsWhatIsBelowTheThreshold) {
  ::testing::internal::CaptureStderr();
  log::Debug("camera", "not wanted");

  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(Log, NamesTheLevelsThatExist) {
  EXPECT_TRUE(log::ParseLevel("debug"));
  EXPECT_FALSE(log::ParseLevel("loud"));
}

TEST(Log, AToleratedComplaintIsNotFatalAndAnotherOneIs) {
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  const auto complain = [](const char* text) {
    log::Tolerate("known");
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL);
    g_log("Library", G_LOG_LEVEL_CRITICAL, "%s", text);
    std::exit(0);
  };

  EXPECT_EXIT(complain("known"), ::testing::ExitedWithCode(0), "^$");
  EXPECT_DEATH(complain("unknown"), "error Library: unknown");
}

}  // namespace
}  // namespace ronin

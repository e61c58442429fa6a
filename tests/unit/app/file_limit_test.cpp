// SPDX-License-Identifier: MIT
#include "app/file_limit.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace ronin::app {
namespace {

class FileLimitTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0); }
  void TearDown() override { setrlimit(RLIMIT_NOFILE, &before_); }

  void SetSoft(rlim_t soft) {
    const rlimit limit = {soft, before_.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  }
  static rlim_t Soft() {
    rlimit now = {};
    getrlimit(RLIMIT_NOFILE, &now);
    return now.rlim_cur;
  }

  rlimit before_ = {};
};

TEST_F(FileLimitTest, RisesToTheHardLimitOr65536) {
  SetSoft(256);

  const uint64_t allowed = RaiseFileLimit();

  EXPECT_EQ(allowed, std::min<rlim_t>(before_.rlim_max, 65536));
  EXPECT_EQ(Soft(), allowed);
}

TEST_F(FileLimitTest, IsNeverLowered) {
  SetSoft(before_.rlim_max);

  EXPECT_EQ(RaiseFileLimit(), before_.rlim_max);
  EXPECT_EQ(Soft(), before_.rlim_max);
}

}  // namespace
}  // namespace ronin::app

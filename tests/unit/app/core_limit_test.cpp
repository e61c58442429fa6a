// SPDX-License-Identifier: MIT
#include "app/core_limit.h"

#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ronin::app {
namespace {

TEST(CoreLimit, ACrashLeavesNoCoreFile) {
  const pid_t child = fork();
  if (child == 0) {
    if (!ForbidCoreFiles()) _exit(1);
    signal(SIGABRT, SIG_DFL);
    std::abort();
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << status;
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
  EXPECT_FALSE(WCOREDUMP(status));
}

}  // namespace
}  // namespace ronin::app

// SPDX-License-Identifier: MIT
#include "app/core_limit.h"

#include <sys/resource.h>

namespace ronin::app {

bool ForbidCoreFiles() {
  // Not 0: that forbids files only, and a program that collects crashes would be handed the memory
  // all the same. Of 1 byte the kernel makes neither a file nor hands it on, see core(5).
  const rlimit limit = {1, 1};
  return setrlimit(RLIMIT_CORE, &limit) == 0;
}

}  // namespace ronin::app

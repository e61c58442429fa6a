// SPDX-License-Identifier: MIT
#include "app/file_limit.h"

#include <algorithm>

#include <sys/resource.h>

namespace ronin::app {

uint64_t RaiseFileLimit() {
  constexpr rlim_t kMost = 65536;  // more would make the tables of the kernel large for nothing
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t wanted = std::min(limit.rlim_max, kMost);
  if (limit.rlim_cur >= wanted) return limit.rlim_cur;
  const rlimit raised = {wanted, limit.rlim_max};
  return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? wanted : limit.rlim_cur;
}

}  // namespace ronin::app

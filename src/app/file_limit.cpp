// SPDX-License-Identifier: MIT
#include "app/file_limit.h"

#include <algorithm>

#include <fcntl.h>
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

int64_t SpareDescriptors(std::size_t cameras) {
  constexpr rlim_t kHighest = 1U << 20U;  // as far as the kernel goes unless told otherwise
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kMostSpare;
  const auto all = int64_t(std::min(limit.rlim_cur, kHighest));
  const int64_t kept = std::min(64 + 8 * int64_t(cameras), all / 4);
  // The lowest free number is taken first, so that the free ones are found from above.
  int64_t free = 0;
  for (int64_t fd = all - 1; fd >= 0 && free < kept + kMostSpare; --fd) {
    if (::fcntl(int(fd), F_GETFD) < 0) ++free;
  }
  return free - kept;
}

}  // namespace ronin::app

// SPDX-License-Identifier: MIT
#include "storage/polite_thread.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ronin {

void BePolite() {
  constexpr int kThread = 1;           // IOPRIO_WHO_PROCESS
  constexpr int kIdleClass = 3 << 13;  // IOPRIO_CLASS_IDLE
  setpriority(PRIO_PROCESS, 0, 19);
  syscall(SYS_ioprio_set, kThread, 0, kIdleClass);
}

}  // namespace ronin

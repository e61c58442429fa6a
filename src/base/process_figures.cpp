// SPDX-License-Identifier: MIT
#include "base/process_figures.h"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <string>
#include <system_error>

#include <unistd.h>

namespace ronin {
namespace {

std::optional<int64_t> CountOpenDescriptors() {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::directory_iterator at("/proc/self/fd", error);
  int64_t out = -1;  // the one with which they are listed
  for (; !error && at != fs::directory_iterator(); at.increment(error)) ++out;
  return error ? std::nullopt : std::optional(out);
}

}  // namespace

ProcessFigures ReadProcessFigures() {
  ProcessFigures out;
  out.cpu_s = double(std::clock()) / CLOCKS_PER_SEC;
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    int64_t number = 0;
    if (word == "VmRSS:" && status >> number) out.resident_bytes = number * 1024;
    if (word == "Threads:" && status >> number) out.threads = number;
  }
  const struct mallinfo2 heaps = mallinfo2();
  if (heaps.uordblks > 0) {  // else it is not glibc's malloc
    out.heap_used_bytes = int64_t(heaps.uordblks + heaps.hblkhd);
    out.heap_free_bytes = int64_t(heaps.fordblks);
  }
  out.open_descriptors = CountOpenDescriptors();
  if (const long most = ::sysconf(_SC_OPEN_MAX); most > 0) out.most_descriptors = most;
  return out;
}

}  // namespace ronin

// SPDX-License-Identifier: MIT
#include "storage/segment_path.h"

#include <cerrno>
#include <charconv>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/time_text.h"

namespace ronin {
namespace {

constexpr int kMaxCopies = 1000;
constexpr std::string_view kSuffix = ".mp4";

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> out;
  size_t begin = 0;
  for (size_t slash; (slash = text.find('/', begin)) != std::string_view::npos;) {
    out.push_back(text.substr(begin, slash - begin));
    begin = slash + 1;
  }
  out.push_back(text.substr(begin));
  return out;
}

std::optional<int> Number(std::string_view text) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

// "HH-MM-SS" or "HH-MM-SS-2".
std::optional<int> CopyOf(std::string_view name) {
  if (name.size() == 8) return 1;
  if (name.size() < 10 || name[8] != '-') return std::nullopt;
  return Number(name.substr(9));
}

// Whether the parts are what ToString() writes is decided by writing them again.
std::optional<WallTime> StartOf(std::string_view day, std::string_view name) {
  if (day.size() != 10 || name.size() < 8) return std::nullopt;
  std::string time(name.substr(0, 8));
  time[2] = time[5] = ':';
  const auto start = ParseTime(Concat(day, "T", time, "Z"));
  return start ? std::optional(*start) : std::nullopt;
}

}  // namespace

std::string SegmentPath::ToString() const {
  const std::string suffix = copy > 1 ? Concat("-", copy) : std::string();
  return Concat(folder, sub ? "/sub/" : "/", FormatUtcDay(start), "/", FormatUtcTimeOfDay(start),
                suffix, kSuffix);
}

std::optional<SegmentPath> SegmentPath::Parse(std::string_view rel_path) {
  const auto parts = Split(rel_path);
  if (parts.size() < 3 || parts.size() > 4 || !parts.back().ends_with(kSuffix)) return {};
  if (parts[0].empty() || parts[0] == "." || parts[0] == "..") return {};
  const std::string_view name = parts.back().substr(0, parts.back().size() - kSuffix.size());
  const auto start = StartOf(parts[parts.size() - 2], name);
  const auto copy = CopyOf(name);
  if (!start || !copy) return {};
  SegmentPath out{std::string(parts[0]), parts.size() == 4, *start, *copy};
  if (out.ToString() != rel_path) return {};
  return out;
}

Result<SegmentPath> FreeSegmentPath(const std::string& root, SegmentPath wanted) {
  for (int tries = 0; tries < kMaxCopies; ++tries, ++wanted.copy) {
    const std::string path = Concat(root, "/", wanted.ToString());
    struct stat info = {};
    if (fstatat(AT_FDCWD, path.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) continue;
    if (errno == ENOENT) return wanted;
    return Fail(ErrorFromErrno(errno, Concat("cannot look for \"", path, "\"")));
  }
  return Fail(ErrorKind::kConflict,
              Concat("there are ", kMaxCopies, " recordings of the same second in ", root));
}

}  // namespace ronin

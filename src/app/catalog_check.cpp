// SPDX-License-Identifier: MIT
#include "app/catalog_check.h"

#include <filesystem>
#include <set>

#include "base/text.h"
#include "storage/mp4_scan.h"
#include "storage/segment_files.h"
#include "storage/volume_identity.h"

namespace ronin::app {
namespace {

constexpr int kRowsPerPage = 1000;

/// Nothing: it is as the row says.
std::string WhatDiffers(const FileRow& row, const std::string& path, bool recording) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  const bool there = std::filesystem::is_regular_file(status);
  if (row.state == SegmentState::kMissing) return there ? "is back" : "";
  if (!there) return "missing";
  if (row.state == SegmentState::kRecording) return recording ? "" : "not completed";
  const auto size = std::filesystem::file_size(path, error);
  return error || int64_t(size) != row.size_bytes ? "another size" : "";
}

}  // namespace

Status CatalogCheck::Compare(const std::string& root) {
  const auto identity = ReadVolumeIdentity(root);
  if (!identity || !*identity) {
    differences_.push_back({"no disk of this recorder is there", root});
    return {};
  }
  const auto volumes = catalog_.Volumes();
  if (!volumes) return tl::unexpected(volumes.error());
  int64_t id = 0;
  for (const CatalogVolume& volume : *volumes) {
    if (volume.uuid == (*identity)->uuid) id = volume.id;
  }
  if (auto done = CompareRows(id, root); !done) return done;
  return CompareFiles(id, root);
}

Status CatalogCheck::CompareRows(int64_t volume_id, const std::string& root) {
  for (std::string after;;) {
    const auto rows = catalog_.Files(volume_id, after, "\xff", kRowsPerPage);
    if (!rows) return tl::unexpected(rows.error());
    for (const FileRow& row : *rows) {
      const std::string path = Concat(root, "/", row.rel_path);
      const std::string what = WhatDiffers(row, path, recording_);
      if (!what.empty()) differences_.push_back({what, path});
    }
    if (rows->size() < kRowsPerPage) return {};
    after = rows->back().rel_path;
  }
}

Status CatalogCheck::CompareFiles(int64_t volume_id, const std::string& root) {
  for (const auto& [folder, camera_id] : owners_.folders()) {
    const auto days = ListDays(root, folder);
    if (!days) return tl::unexpected(days.error());
    for (const std::string& day : *days) {
      if (auto done = CompareFolder(volume_id, root, day); !done) return done;
    }
  }
  return {};
}

/// Files without a row.
Status CatalogCheck::CompareFolder(int64_t volume_id, const std::string& root,
                                   const std::string& day) {
  const auto files = ListSegmentFiles(root, day);
  if (!files) return tl::unexpected(files.error());
  std::set<std::string> rows;
  for (std::string after = day + '/';;) {
    const auto page = catalog_.Files(volume_id, after, day + '0', kRowsPerPage);
    if (!page) return tl::unexpected(page.error());
    for (const FileRow& row : *page) rows.insert(row.rel_path);
    if (page->size() < kRowsPerPage) break;
    after = page->back().rel_path;
  }
  for (const SegmentFile& file : *files) {
    if (rows.contains(file.rel_path)) continue;
    const auto unusable = catalog_.IsUnusable(volume_id, file.rel_path, int64_t(file.size_bytes));
    if (!unusable) return tl::unexpected(unusable.error());
    const std::string path = Concat(root, "/", file.rel_path);
    const auto origin = ReadMp4Origin(path);
    const bool foreign = origin && !owners_.Find(*origin, file.named.folder);
    if (!*unusable && !foreign) differences_.push_back({"no row", path});
  }
  return {};
}

}  // namespace ronin::app

// SPDX-License-Identifier: MIT
#include "app/catalog_command.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <thread>

#include "app/catalog_check.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "config/setting_store.h"
#include "recording/recovery.h"
#include "storage/folder_lock.h"
#include "storage/folders.h"
#include "storage/volume_identity.h"

namespace ronin::app {
namespace {

using namespace std::chrono_literals;

int Refuse(const Error& error) {
  std::fprintf(stderr, "ronin-nvr: %s\n", error.Text().c_str());
  return 2;
}

/// The folders of the configuration, and those that were added in the UI.
Result<std::vector<std::string>> AllRoots(const Settings& settings, const ConfigStores& config) {
  auto known = config.volumes->List();
  if (!known) return tl::unexpected(known.error());
  std::vector<std::string> out = settings.storage;
  for (const VolumeRecord& volume : *known) {
    if (volume.added && std::ranges::find(out, volume.path) == out.end()) {
      out.push_back(volume.path);
    }
  }
  return out;
}

Result<std::vector<Difference>> LookOnce(const Settings& settings) {
  const auto config = ReadConfigStores(settings.data_dir + "/config.db");
  if (!config) return tl::unexpected(config.error());
  const auto catalog = ReadCatalog(settings.data_dir + "/catalog.db");
  if (!catalog) return tl::unexpected(catalog.error());
  const auto cameras = config->cameras->List();
  if (!cameras) return tl::unexpected(cameras.error());
  recording::FileOwners owners;
  for (const CameraRecord& camera : *cameras) owners.Add(camera);
  CatalogCheck check(**catalog, owners, FolderLock::IsTaken(settings.data_dir));
  const auto roots = AllRoots(settings, *config);
  if (!roots) return tl::unexpected(roots.error());
  for (const std::string& root : *roots) {
    if (auto done = check.Compare(root); !done) return tl::unexpected(done.error());
  }
  return check.differences();
}

int Check(const Settings& settings) {
  auto found = LookOnce(settings);
  if (!found) return Refuse(found.error());
  if (!found->empty()) {
    // A recorder may have made or closed a file while both were read: what differs stays different.
    std::this_thread::sleep_for(1s);
    const auto again = LookOnce(settings);
    if (!again) return Refuse(again.error());
    std::erase_if(*found, [&](const Difference& one) {
      return std::ranges::find(*again, one) == again->end();
    });
  }
  for (const Difference& one : *found) {
    std::printf("%s: %s\n", one.what.c_str(), one.path.c_str());
  }
  if (found->empty()) {
    std::puts("the catalog says what is on the disks");
    return 0;
  }
  std::printf(
      "%zu differences; a recorder that starts puts them right where it can, and "
      "ronin-nvr catalog rebuild makes a new catalog\n",
      found->size());
  return 1;
}

/// The row of the file at the same place, or else of the one that begins at the same time: its
/// folder was renamed. Nothing: there is none.
Result<std::optional<int64_t>> SameRecording(Catalog& catalog, const Segment& old,
                                             int64_t volume_id) {
  const auto rows = catalog.Files(volume_id, old.rel_path.substr(0, old.rel_path.size() - 1),
                                  old.rel_path + '\x01', 100);
  if (!rows) return tl::unexpected(rows.error());
  for (const FileRow& row : *rows) {
    if (row.rel_path == old.rel_path) return row.id;
  }
  const auto same = catalog.StartingAt(old.camera_id, old.stream, old.start);
  if (!same) return tl::unexpected(same.error());
  if (!same->empty()) return same->front().id;
  return std::nullopt;
}

/// What no file says, and config.db does not either.
Status CarryOver(Catalog& from, Catalog& to) {
  const auto volumes = from.Volumes();
  if (!volumes) return tl::unexpected(volumes.error());
  std::map<int64_t, int64_t> ids;
  for (const CatalogVolume& volume : *volumes) {
    const auto id = to.EnsureVolume(volume.path, volume.uuid);
    if (!id) return tl::unexpected(id.error());
    ids[volume.id] = *id;
  }
  SegmentQuery query{.limit = 1000};
  for (;;) {
    const auto page = from.List(query);
    if (!page) return tl::unexpected(page.error());
    for (const Segment& old : page->items) {
      if (!old.is_suspect) continue;
      const auto found = SameRecording(to, old, ids[old.volume_id]);
      if (!found) return tl::unexpected(found.error());
      if (!*found) continue;
      if (auto done = to.SetSuspect(**found); !done) return done;
    }
    if (!page->next) return {};
    query.after = *page->next;
  }
}

Result<int> Fill(Catalog& catalog, const Settings& settings) {
  const auto config = ReadConfigStores(settings.data_dir + "/config.db");
  if (!config) return tl::unexpected(config.error());
  const auto cameras = config->cameras->List();
  if (!cameras) return tl::unexpected(cameras.error());
  recording::FileOwners owners;
  for (const CameraRecord& camera : *cameras) owners.Add(camera);
  const auto roots = AllRoots(settings, *config);
  if (!roots) return tl::unexpected(roots.error());
  int adopted = 0;
  for (const std::string& root : *roots) {
    const auto identity = ReadVolumeIdentity(root);
    if (!identity) return tl::unexpected(identity.error());
    if (!*identity) {
      return Fail(
          ErrorKind::kNotFound,
          Concat(
              "no disk of this recorder is at \"", root,
              "\"; mount it first, or leave it away from the settings (or remove it in the UI)"));
    }
    const auto report = recording::Recover(
        {.volume = Volume(root, (*identity)->uuid),
         .owners = owners,
         .with_catalog =
             [&](const recording::RecoveryJob::CatalogWork& work) { return work(catalog); },
         .protection = config->protection.get(),
         .is_open = [](const std::string&) { return false; },
         .cancelled = [] { return false; }});
    if (!report) return tl::unexpected(report.error());
    adopted += report->adopted;
  }
  return adopted;
}

/// The new file takes the place of the old one. The log of the old one must not be played into it.
Status Replace(const std::string& path, const std::string& by) {
  std::error_code error;
  for (const char* suffix : {"-wal", "-shm"}) {
    std::filesystem::remove(path + suffix, error);
    if (error) break;
  }
  if (!error) std::filesystem::rename(by, path, error);
  if (error) return Fail(ErrorFromErrno(error.value(), Concat("cannot replace \"", path, "\"")));
  return SyncFolder(path.substr(0, path.rfind('/')));
}

void RemoveDatabase(const std::string& path) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix, ignored);
}

Result<int> MakeNew(const std::string& path, const std::string& by, const Settings& settings) {
  RemoveDatabase(by);  // of a rebuild that was cut off
  auto catalog = OpenCatalog(by);
  if (!catalog) return tl::unexpected(catalog.error());
  const auto adopted = Fill(**catalog, settings);
  if (!adopted) return adopted;
  if (const auto old = ReadCatalog(path)) {
    if (auto carried = CarryOver(**old, **catalog); !carried) {
      std::fprintf(stderr,
                   "ronin-nvr: which recordings are suspect cannot be read from the old catalog: "
                   "%s\n",
                   carried.error().Text().c_str());
    }
  }
  catalog->reset();  // all of it is in the one file then
  if (auto done = SyncFile(by); !done) return tl::unexpected(done.error());
  return adopted;
}

int Rebuild(const Settings& settings) {
  const auto lock = FolderLock::Take(settings.data_dir);
  if (!lock) return Refuse(lock.error());
  const std::string path = settings.data_dir + "/catalog.db";
  const std::string by = path + ".rebuilt";
  const auto adopted = MakeNew(path, by, settings);
  if (!adopted) {
    RemoveDatabase(by);
    return Refuse(adopted.error());
  }
  if (auto done = Replace(path, by); !done) return Refuse(done.error());
  std::printf("the catalog was built from %d files\n", *adopted);
  return 0;
}

}  // namespace

int RunCatalogCommand(const Options& options, const Settings& settings) {
  return options.catalog_work == "rebuild" ? Rebuild(settings) : Check(settings);
}

}  // namespace ronin::app

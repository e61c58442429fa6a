// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/worker.h"
#include "catalog/catalog.h"
#include "config/setting_store.h"
#include "recording/ledger.h"
#include "storage/volume_shares.h"

namespace ronin::app {

/// Both databases, and what they said when they were opened. They belong to the thread on which
/// they were opened, and are closed there.
struct Databases {
  ConfigStores config;
  std::vector<VolumeRecord> known_volumes;
  VolumeShares::Homes homes;
  std::unique_ptr<Catalog> catalog;
  std::vector<CatalogVolume> catalog_volumes;
  LastRun last_run;
};

std::string CatalogPath(const std::string& data_dir);

/// Opens config.db and catalog.db of a data folder on `thread`, and waits for it; forgets the
/// cameras that were removed before. As quick with a million recordings as with one. Thread: main,
/// before its loop runs.
/// Errors: the configuration is damaged, a newer version wrote it, the disk.
Result<Databases> OpenDatabases(const std::string& data_dir, const Clock& clock, Worker& thread);

}  // namespace ronin::app

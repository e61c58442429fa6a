// SPDX-License-Identifier: MIT
#include "app/databases.h"

#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/text.h"
#include "retention/protection.h"

namespace ronin::app {
namespace {

/// What was removed before the restart can no longer be restored. A failure costs nothing but that
/// the next start tries again.
void ForgetRemoved(ConfigStores& config, WallTime now) {
  const auto hidden = config.cameras->Hidden();
  for (const int64_t id : hidden.value_or(std::vector<int64_t>())) {
    auto done = config.ledger->EndGap(id, now);
    if (done) done = config.ledger->EndGap({id, StreamKind::kSub}, now);
    if (done) done = config.cameras->Remove(id);
    if (!done) log::Warning("app", Concat("a removed camera stays: ", done.error().Text()));
  }
}

/// A failure costs nothing but that the next start tries again: the catalog says what holds.
void Reconcile(Databases& databases) {
  const auto done =
      retention::ReconcileProtection(*databases.config.protection, *databases.catalog);
  if (!done) {
    log::Error("app", Concat("what is protected was not compared: ", done.error().Text()));
  }
}

/// Moves what was read to its place.
template <typename T>
Status Keep(Result<T> read, T& to) {
  if (!read) return tl::unexpected(std::move(read.error()));
  to = std::move(*read);
  return {};
}

Result<Databases> OpenHere(const std::string& data_dir, const Clock& clock) {
  Databases out;
  auto done = Keep(OpenConfigStores(data_dir + "/config.db"), out.config);
  if (done) ForgetRemoved(out.config, clock.Now());
  if (done) done = Keep(out.config.volumes->List(), out.known_volumes);
  if (done) done = Keep(out.config.cameras->Homes(), out.homes);
  if (done) done = Keep(out.config.ledger->FindLastRun(), out.last_run);
  if (done) done = Keep(OpenCatalog(CatalogPath(data_dir), clock), out.catalog);
  if (done) Reconcile(out);
  if (done) done = Keep(out.catalog->Volumes(), out.catalog_volumes);
  if (!done) return tl::unexpected(std::move(done.error()));
  return out;
}

}  // namespace

std::string CatalogPath(const std::string& data_dir) { return data_dir + "/catalog.db"; }

Result<Databases> OpenDatabases(const std::string& data_dir, const Clock& clock, Worker& thread) {
  return AskAndWait(thread, [&] { return OpenHere(data_dir, clock); });
}

}  // namespace ronin::app

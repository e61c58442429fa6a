// SPDX-License-Identifier: MIT
#include "retention/protection.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "base/text.h"

namespace ronin::retention {
namespace {

RecordingKey KeyOf(const Segment& segment) {
  return {StreamId(segment.camera_id, segment.stream), segment.start};
}

/// A copy of it at another place may be protected still.
Status ForgetUnlessProtected(ProtectionStore& store, Catalog& catalog, const RecordingKey& key) {
  const auto rows = catalog.StartingAt(key.stream.camera_id, key.stream.kind, key.start);
  if (!rows) return Fail(rows.error());
  return std::ranges::any_of(*rows, &Segment::is_protected) ? Status() : store.Remove(key);
}

/// Those that are protected in the catalog.
Result<std::set<RecordingKey>> KeysInCatalog(Catalog& catalog) {
  std::set<RecordingKey> out;
  SegmentQuery query{.is_protected = true, .limit = 1000};
  for (;;) {
    const auto page = catalog.List(query);
    if (!page) return Fail(page.error());
    for (const Segment& segment : page->items) out.insert(KeyOf(segment));
    if (!page->next) return out;
    query.after = *page->next;
  }
}

Status ProtectRows(Catalog& catalog, const RecordingKey& key) {
  const auto rows = catalog.StartingAt(key.stream.camera_id, key.stream.kind, key.start);
  if (!rows) return Fail(rows.error());
  for (const Segment& segment : *rows) {
    const auto done = catalog.SetProtected(segment.id, true);
    if (!done && done.error().kind != ErrorKind::kConflict) return done;
  }
  return {};
}

}  // namespace

Result<Segment> SetProtection(ProtectionStore& store, Catalog& catalog, int64_t id,
                              bool is_protected) {
  auto segment = catalog.Get(id);
  if (!segment || segment->is_protected == is_protected) return segment;
  const RecordingKey key = KeyOf(*segment);
  if (is_protected && segment->state == SegmentState::kMissing) {
    return Fail(ErrorKind::kConflict,
                Concat("the file of recording ", id, " is gone; there is nothing to protect"));
  }
  if (is_protected) {
    if (auto done = store.Add({key}); !done) return Fail(std::move(done.error()));
  }
  auto done = catalog.SetProtected(id, is_protected);
  // Also when it failed to become protected: then nothing says that it is.
  if (!done || !is_protected) {
    const auto forgotten = ForgetUnlessProtected(store, catalog, key);
    if (done) done = forgotten;
  }
  if (!done) return Fail(std::move(done.error()));
  segment->is_protected = is_protected;
  return segment;
}

Status ReconcileProtection(ProtectionStore& store, Catalog& catalog) {
  const auto in_catalog = KeysInCatalog(catalog);
  if (!in_catalog) return Fail(in_catalog.error());
  const auto stored = store.All();
  if (!stored) return Fail(stored.error());
  for (const RecordingKey& key : *stored) {
    if (in_catalog->contains(key)) continue;
    if (auto done = ProtectRows(catalog, key); !done) return done;
  }
  std::vector<RecordingKey> unknown;
  std::ranges::set_difference(*in_catalog, *stored, std::back_inserter(unknown));
  return unknown.empty() ? Status() : store.Add(unknown);
}

Result<LaneTotal> ProtectedOf(Catalog& catalog, int64_t camera_id) {
  const auto totals = catalog.ProtectedTotals();
  if (!totals) return Fail(totals.error());
  LaneTotal out;
  for (const LaneTotal& total : *totals) {
    if (total.camera_id != camera_id) continue;
    out.files += total.files;
    out.size_bytes += total.size_bytes;
  }
  return out;
}

}  // namespace ronin::retention

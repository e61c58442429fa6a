// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "catalog/catalog.h"
#include "config/ledger_store.h"

namespace ronin::retention {

// The first phase of a deletion: what is marked in the catalog is explained in the ledger before it
// goes, so that a crash keeps the reason. Thread: the databases'. Errors: theirs.

/// Marks these, and gives those that are marked now, see Catalog::Doom().
Result<std::vector<Segment>> Mark(Catalog& catalog, LedgerStore& ledger,
                                  const std::vector<int64_t>& ids);

/// What is marked already, see Catalog::Doomed().
Result<std::vector<Segment>> MarkedBehind(Catalog& catalog, LedgerStore& ledger, int64_t after,
                                          int limit);

}  // namespace ronin::retention

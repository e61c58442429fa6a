// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/result.h"
#include "catalog/catalog.h"
#include "config/protection_store.h"

namespace ronin::retention {

/// Protects a recording from every deletion, or no more, and gives it as it is then. The catalog
/// says what holds; `store` is written before it and cleared after it, so that what a crash cuts
/// off ends protected. Blocks; thread: the databases'.
/// Errors: kNotFound; kConflict when it is being deleted already, or its file is gone.
Result<Segment> SetProtection(ProtectionStore& store, Catalog& catalog, int64_t id,
                              bool is_protected);

/// Makes both say the same, after a crash or a loss of one of them: protected is what either says.
/// Blocks; thread: the databases', before anything is deleted.
Status ReconcileProtection(ProtectionStore& store, Catalog& catalog);

/// What is protected of one camera, both streams, on all volumes.
Result<LaneTotal> ProtectedOf(Catalog& catalog, int64_t camera_id);

}  // namespace ronin::retention

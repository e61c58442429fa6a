// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "secrets/key_files.h"
#include "secrets/sealer.h"
#include "sqlite/database.h"

namespace ronin {

using SealerPtr = std::shared_ptr<const Sealer>;

/// The place of a camera's `url`, `sub_url`, `onvif_url`, `username` or `password`. The row is the
/// uuid, since an id is given only by the insertion.
inline Sealer::Place CredentialOf(const std::string& uuid, const char* field) {
  return {"camera", uuid, field};
}

/// What opens the credentials in a migrated database. Makes the key at the first start and seals
/// what is plain; ends a rotation that was cut off; and sees to it that no older text is left in
/// free pages or the log. Nothing is changed when it fails. The functions here block, and one
/// process at a time may be in them.
/// Errors: kNotFound, kConflict, kPermission, kInvalidArgument when the key is missing, is another
/// one, may be read by others, or is no key, each with what to do; and from the database.
Result<SealerPtr> UnlockCredentials(Database& database, const KeyFiles& files);

/// The same beside a running recorder: changes nothing. Errors: kUnsupported when the database was
/// never unlocked.
Result<SealerPtr> FindSealer(Database& database, const KeyFiles& files);

/// Seals all anew with a new key, which takes the place of the old one. A crash leaves the old or
/// the new key with all that belongs to it. Errors: as UnlockCredentials; kUnsupported when the key
/// is given from outside.
Status RotateCredentialKey(Database& database, const KeyFiles& files);

}  // namespace ronin

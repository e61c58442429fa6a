// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace ronin {

/// Who else may read the file of a key.
enum class KeyReaders {
  kNobody,  ///< mode 0600 or less
  kGroup,   ///< systemd lets the service read its credentials by an ACL, which shows as the group
};

/// The 32 bytes that all secrets are sealed with. Its memory is locked, left out of core files, and
/// wiped in the end. Move-only; any thread.
class MasterKey {
 public:
  static constexpr std::size_t kBytes = 32;

  static MasterKey Random();

  /// Blocks on the disk. Errors: kNotFound; kPermission when more than `readers` may read it;
  /// kInvalidArgument when it is no file of 32 bytes.
  static Result<MasterKey> Read(const std::string& path, KeyReaders readers);

  /// Makes the file (0600) or replaces it, at once and durably: after a crash it is there whole, or
  /// as it was before. Blocks; one at a time for a path. Errors: what the disk brings.
  Status WriteTo(const std::string& path) const;

  const unsigned char* bytes() const { return bytes_.get(); }
  uint32_t id() const;  ///< a hash of it; tells keys apart and says nothing about them

 private:
  struct Wipe {
    void operator()(unsigned char* bytes) const noexcept;
  };
  MasterKey();
  std::unique_ptr<unsigned char, Wipe> bytes_;
};

/// Gives the file `from` the name `to`, in the same folder, durably. Blocks.
Status RenameKeyFile(const std::string& from, const std::string& to);

}  // namespace ronin

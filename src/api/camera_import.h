// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "config/camera_store.h"
#include "http/request.h"
#include "http/response.h"

namespace ronin::api {

/// Says what kind of file it is, and how it is written.
inline constexpr const char* kCameraFormat = "ronin-nvr-cameras-1";

/// What an import does with a camera whose name is there already.
enum class OnConflict { kRefuse, kSkip, kUpdate };

/// What an export has of a camera only when it is sealed.
struct CameraSecrets {
  std::string url;
  std::string sub_url;
  std::string onvif_url;  ///< empty: none, or the export is of a version that did not seal it
  std::string password;
};

/// An import as it was sent. A value.
struct CameraImport {
  std::vector<JsonValue> cameras;
  std::string sealed;                            ///< secrets of the export; empty: none
  std::string passphrase;                        ///< that opens them; empty: none
  std::map<std::string, CameraSecrets> secrets;  ///< opened, by ComparisonKey() of the name
  OnConflict on_conflict = OnConflict::kRefuse;
  bool allow_loopback = false;
  bool dry_run = false;  ///< only says what it would do
  std::vector<http::FieldError> errors;
};

/// Reads the body and the parameters, but not yet the cameras' fields. Errors: as ObjectOf().
Result<CameraImport> ReadImport(const http::Request& request, bool allow_loopback);

/// The text that an export seals: the secrets of the cameras, in their order.
std::string SecretsOf(const std::vector<CameraRecord>& cameras);

/// Opens the secrets and gives them to their cameras; what is wrong goes to `errors`. As costly as
/// OpenWithPassphrase(); any thread, but not main.
void OpenSecrets(CameraImport* import);

/// What became of an import.
struct ImportResult {
  enum class Fate { kAdded, kUpdated, kSkipped };
  struct Item {
    Fate fate = Fate::kAdded;
    CameraRecord camera;
  };
  std::vector<Item> items;
  bool dry_run = false;  ///< nothing was stored; cameras that would be added have the id 0
  int status =
      200;  ///< 422, 409 or 503 when nothing was stored, and then `errors` or `failure` says why
  std::vector<http::FieldError> errors;
  std::string failure;
};

/// Checks all cameras and, unless it is a dry run, stores them, all or none. On the thread of the
/// database.
ImportResult StoreImport(const CameraImport& import, CameraStore& store, WallTime now);

}  // namespace ronin::api

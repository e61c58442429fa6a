// SPDX-License-Identifier: MIT
#include "config/credentials.h"

#include <array>
#include <cstdio>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "sqlite/transaction.h"

namespace ronin {
namespace {

constexpr Sealer::Place kProofPlace = {"credential_key", "1", "proof"};
constexpr std::string_view kProvenText = "RoninNVR";
constexpr std::array kCredentialFields = {"url", "sub_url", "onvif_url", "username", "password"};

struct StoredKey {
  std::string proof;
  bool scrubbed = false;
};

Result<std::optional<StoredKey>> FindStoredKey(Database& database) {
  auto rows = database.Prepare("SELECT proof, scrubbed FROM credential_key");
  if (!rows) return Fail(std::move(rows.error()));
  const auto row = rows->Step();
  if (!row) return Fail(row.error());
  if (!*row) return std::nullopt;
  return StoredKey{rows->Text(0), rows->Int(1) != 0};
}

/// The key that opens `proof`, and the file that it was in.
struct FittingKey {
  SealerPtr sealer;
  std::string file;
};

Result<FittingKey> FindFittingKey(const std::string& database, const KeyFiles& files,
                                  const std::string& proof) {
  std::optional<Error> unreadable;  // why the first file is no key
  for (const std::string& file : {files.key, files.next}) {
    if (file.empty()) continue;
    auto key = files.Read(file);
    if (!key) {
      if (file == files.key) unreadable = std::move(key.error());
      continue;
    }
    auto sealer = std::make_shared<const Sealer>(std::move(*key));
    const auto text = sealer->Open(kProofPlace, proof);
    if (text && *text == kProvenText) return FittingKey{std::move(sealer), file};
    if (!text && text.error().kind == ErrorKind::kCorrupt) {
      return Fail(ErrorKind::kCorrupt,
                  Concat("database \"", database, "\" is damaged; restore it from a backup"),
                  text.error().message);
    }
  }
  const std::string why =
      Concat("the cameras' passwords in \"", database, "\" are encrypted with a master key");
  if (!unreadable) {
    return Fail(ErrorKind::kConflict,
                Concat(why, ", and the one in \"", files.key,
                       "\" is another; put the right one back from a backup. Nothing was changed"));
  }
  if (unreadable->kind == ErrorKind::kNotFound) {
    return Fail(ErrorKind::kNotFound,
                Concat(why, ", and \"", files.key,
                       "\" is not there; put it back from a backup. Nothing was changed"));
  }
  return Fail(std::move(*unreadable));
}

using Change = std::function<std::string(const Sealer::Place&, std::string)>;

/// A camera's credentials as they are stored.
struct CredentialRow {
  int64_t id = 0;
  std::string uuid;
  std::array<std::optional<std::string>, kCredentialFields.size()> texts;
};

Result<std::vector<CredentialRow>> ReadCredentialRows(Database& database) {
  auto rows = database.Prepare(
      "SELECT id, uuid, url, sub_url, onvif_url, username, password FROM camera ORDER BY id");
  if (!rows) return Fail(std::move(rows.error()));
  std::vector<CredentialRow> out;
  auto row = rows->Step();
  for (; row && *row; row = rows->Step()) {
    CredentialRow& added = out.emplace_back(CredentialRow{rows->Int(0), rows->Text(1), {}});
    for (size_t i = 0; i < added.texts.size(); ++i) {
      added.texts[i] = rows->OptionalText(int(i) + 2);
    }
  }
  if (!row) return Fail(std::move(row.error()));
  return out;
}

/// Replaces every stored credential by what `change` makes of it. Inside a transaction.
Status ChangeCredentials(Database& database, const Change& change) {
  auto rows = ReadCredentialRows(database);
  if (!rows) return Fail(std::move(rows.error()));
  for (CredentialRow& row : *rows) {
    for (size_t i = 0; i < row.texts.size(); ++i) {
      auto& text = row.texts[i];
      if (text) text = change(CredentialOf(row.uuid, kCredentialFields[i]), std::move(*text));
    }
    const auto& [url, sub_url, onvif_url, username, password] = row.texts;
    if (auto done = database.Run("UPDATE camera SET url = ?2, sub_url = ?3, onvif_url = ?4, "
                                 "username = ?5, password = ?6 WHERE id = ?1",
                                 row.id, url, sub_url, onvif_url, username, password);
        !done) {
      return done;
    }
  }
  return {};
}

/// Changes every credential and the key they belong to, all or nothing.
Status SealAll(Database& database, const Sealer& sealer, const Change& change) {
  auto transaction = Transaction::Begin(database);
  if (!transaction) return Fail(std::move(transaction.error()));
  if (auto done = ChangeCredentials(database, change); !done) return done;
  if (auto done = database.Run(
          "INSERT OR REPLACE INTO credential_key (id, proof, scrubbed) VALUES (1, ?, 0)",
          sealer.Seal(kProofPlace, kProvenText));
      !done) {
    return done;
  }
  return transaction->Commit();
}

/// Before schema 9 ONVIF addresses were plain. A sealed text has no colon, which an address has.
Result<bool> HasPlainOnvifUrl(Database& database) {
  auto rows = database.Prepare("SELECT 1 FROM camera WHERE instr(onvif_url, ':') > 0");
  if (!rows) return Fail(std::move(rows.error()));
  return rows->Step();
}

/// Tells whether there were any.
Result<bool> SealPlainOnvifUrls(Database& database, const Sealer& sealer) {
  const auto found = HasPlainOnvifUrl(database);
  if (!found || !*found) return found;
  auto transaction = Transaction::Begin(database);
  if (!transaction) return Fail(std::move(transaction.error()));
  auto done = ChangeCredentials(database, [&](const Sealer::Place& place, std::string text) {
    const bool is_plain = place.field == "onvif_url" && text.find(':') != std::string::npos;
    return is_plain ? sealer.Seal(place, text) : std::move(text);
  });
  if (done) done = database.Run("UPDATE credential_key SET scrubbed = 0");
  if (done) done = transaction->Commit();
  if (!done) return Fail(std::move(done.error()));
  return true;
}

/// Leaves nothing of what was there before: VACUUM writes every page anew, so what lay in free
/// pages and between rows is gone, and then the log is emptied.
Status Scrub(Database& database) {
  if (auto done = database.Execute("VACUUM"); !done) return done;
  auto emptied = database.Prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!emptied) return Fail(std::move(emptied.error()));
  const auto row = emptied->Step();
  if (!row) return Fail(row.error());
  if (*row && emptied->Int(0) != 0) {
    return Fail(ErrorKind::kUnavailable, "another process is reading the database");
  }
  if (auto done = emptied->Run(); !done) return done;
  return database.Run("UPDATE credential_key SET scrubbed = 1");
}

/// Everything is sealed already, so that this can wait: nobody has to go without recordings for it.
void ScrubOrSayWhyNot(Database& database) {
  const auto done = Scrub(database);
  if (done) return;
  log::Warning("config",
               Concat("old passwords may be left in free parts of database ", database.path(), ": ",
                      done.error().Text(), "; the next start tries again to remove them"));
}

Result<SealerPtr> SealForTheFirstTime(Database& database, const KeyFiles& files) {
  auto key = files.Read(files.key);
  if (!key && key.error().kind == ErrorKind::kNotFound && !files.given()) {
    if (auto written = MasterKey::Random().WriteTo(files.key); !written) {
      return Fail(std::move(written.error()));
    }
    log::Info("config", Concat("made the master key ", files.key,
                               " for the cameras' passwords; back it up, but not beside them"));
    // As the next start will: there are file systems on which others may read every file.
    key = files.Read(files.key);
  }
  if (!key) return Fail(std::move(key.error()));
  const auto sealer = std::make_shared<const Sealer>(std::move(*key));
  if (auto done = SealAll(database, *sealer,
                          [&](const Sealer::Place& place, const std::string& text) {
                            return sealer->Seal(place, text);
                          });
      !done) {
    return Fail(std::move(done.error()));
  }
  return sealer;
}

/// The key that fits gets the name it should have; one that waited in vain is removed.
Status SettleKeyFiles(const KeyFiles& files, const std::string& fitting) {
  if (files.given()) return {};
  if (fitting == files.next) return RenameKeyFile(files.next, files.key);
  std::remove(files.next.c_str());
  return {};
}

}  // namespace

Result<SealerPtr> UnlockCredentials(Database& database, const KeyFiles& files) {
  const auto stored = FindStoredKey(database);
  if (!stored) return Fail(stored.error());
  SealerPtr out;
  if (!*stored) {
    auto sealer = SealForTheFirstTime(database, files);
    if (!sealer) return sealer;
    out = std::move(*sealer);
  } else {
    auto found = FindFittingKey(database.path(), files, (*stored)->proof);
    if (!found) return Fail(std::move(found.error()));
    if (auto done = SettleKeyFiles(files, found->file); !done) return Fail(std::move(done.error()));
    out = std::move(found->sealer);
  }
  const auto sealed = SealPlainOnvifUrls(database, *out);
  if (!sealed) return Fail(sealed.error());
  if (!*stored || !(*stored)->scrubbed || *sealed) ScrubOrSayWhyNot(database);
  return out;
}

Result<SealerPtr> FindSealer(Database& database, const KeyFiles& files) {
  const auto stored = FindStoredKey(database);
  if (!stored) return Fail(stored.error());
  if (!*stored) {
    return Fail(ErrorKind::kUnsupported,
                Concat("the passwords in database \"", database.path(),
                       "\" are not encrypted yet; start the recorder once"));
  }
  auto found = FindFittingKey(database.path(), files, (*stored)->proof);
  if (!found) return Fail(std::move(found.error()));
  return std::move(found->sealer);
}

Status RotateCredentialKey(Database& database, const KeyFiles& files) {
  if (files.given()) {
    return Fail(
        ErrorKind::kUnsupported,
        Concat("the master key \"", files.key,
               "\" is given by the system and cannot be changed here; src/secrets/README.md "
               "says how to change it"));
  }
  const auto old = UnlockCredentials(database, files);
  if (!old) return Fail(old.error());
  MasterKey key = MasterKey::Random();
  if (auto done = key.WriteTo(files.next); !done) return done;
  const Sealer fresh(std::move(key));
  const auto reseal = [&](const Sealer::Place& place, std::string text) {
    auto plain = (*old)->Open(place, text);
    // What is damaged stays as it is: nothing can be made of it.
    return plain ? fresh.Seal(place, *plain) : std::move(text);
  };
  if (auto done = SealAll(database, fresh, reseal); !done) return done;
  if (auto done = RenameKeyFile(files.next, files.key); !done) return done;
  ScrubOrSayWhyNot(database);
  return {};
}

}  // namespace ronin

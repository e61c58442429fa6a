-- SPDX-License-Identifier: MIT
-- config.db: what people have set up. Times are microseconds since 1970, UTC, up to the year 9999.

-- Folders of all cameras there ever were. A row stays when its camera is deleted, because the
-- camera's footage stays; so a folder never holds the footage of two cameras.
CREATE TABLE camera_folder (
  -- Name of the folder below each volume's root; see FolderFromName() in src/config/.
  folder TEXT NOT NULL PRIMARY KEY
    CONSTRAINT folder_length CHECK (length(CAST(folder AS BLOB)) BETWEEN 1 AND 80)
    CONSTRAINT folder_is_one_name CHECK (instr(folder, '/') = 0 AND substr(folder, 1, 1) <> '.'),
  -- The folder without case: some file systems do not tell "Yard" and "yard" apart.
  folder_key TEXT NOT NULL UNIQUE
    CONSTRAINT folder_key_not_empty CHECK (length(folder_key) > 0),
  -- The camera that got it; also names a deleted camera's files.
  camera_uuid TEXT NOT NULL UNIQUE
    CONSTRAINT folder_uuid_form CHECK (camera_uuid GLOB '????????-????-????-????-????????????')
) STRICT;

-- The cameras.
CREATE TABLE camera (
  -- Never used again after a deletion: the catalog refers to it.
  id INTEGER PRIMARY KEY AUTOINCREMENT
    CONSTRAINT id_positive CHECK (id > 0),
  -- Names the camera inside its files.
  uuid TEXT NOT NULL UNIQUE REFERENCES camera_folder (camera_uuid),
  -- What people call it, at most 200 characters.
  name TEXT NOT NULL
    CONSTRAINT name_length CHECK (length(name) BETWEEN 1 AND 200),
  -- The name without case, so that it is unique for people.
  name_key TEXT NOT NULL UNIQUE
    CONSTRAINT name_key_not_empty CHECK (length(name_key) > 0),
  -- Address of the main stream, without user and password.
  url TEXT NOT NULL
    CONSTRAINT url_length CHECK (length(url) BETWEEN 1 AND 4096),
  -- Empty: the camera asks for none.
  username TEXT NOT NULL,
  -- In plain text for now; the file can be read by its owner only.
  password TEXT NOT NULL,
  -- Its folder on every volume.
  folder TEXT NOT NULL UNIQUE REFERENCES camera_folder (folder),
  -- How media travels.
  transport TEXT NOT NULL
    CONSTRAINT transport_known CHECK (transport IN ('auto', 'tcp', 'udp', 'compat')),
  -- 1: connect to it.
  enabled INTEGER NOT NULL
    CONSTRAINT enabled_is_bool CHECK (enabled IN (0, 1)),
  -- 1: record the main stream.
  record INTEGER NOT NULL
    CONSTRAINT record_is_bool CHECK (record IN (0, 1)),
  -- 1: record sound as well.
  record_audio INTEGER NOT NULL
    CONSTRAINT record_audio_is_bool CHECK (record_audio IN (0, 1)),
  -- Days to keep its footage; NULL: the general policy.
  retention_days INTEGER
    CONSTRAINT retention_days_range CHECK (retention_days BETWEEN 1 AND 36500),
  -- Bytes its footage may take; NULL: the general policy.
  retention_bytes INTEGER
    CONSTRAINT retention_bytes_positive CHECK (retention_bytes > 0),
  -- When it was added, microseconds UTC.
  created_us INTEGER NOT NULL
    CONSTRAINT created_range CHECK (created_us BETWEEN 0 AND 253402300799999999),
  -- When it was changed last, microseconds UTC. May lie before created_us: clocks are set.
  updated_us INTEGER NOT NULL
    CONSTRAINT updated_range CHECK (updated_us BETWEEN 0 AND 253402300799999999)
) STRICT;

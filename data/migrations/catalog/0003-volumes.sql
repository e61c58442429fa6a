-- SPDX-License-Identifier: MIT
-- A volume is known by the uuid in its `.ronin-volume` file, wherever its disk is mounted, so two
-- disks that changed places have each the other's path for a moment: a path is not unique any more.
-- The table is made anew for that; its rows are back, under their ids, before the commit looks.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE volume_before AS SELECT id, path FROM volume;
DROP TABLE volume;

-- Folders that hold recordings.
CREATE TABLE volume (
  id INTEGER PRIMARY KEY
    CONSTRAINT volume_id_positive CHECK (id > 0),
  -- As in its `.ronin-volume` file; NULL: it was not seen since there are such files.
  uuid TEXT UNIQUE
    CONSTRAINT volume_uuid_form CHECK (uuid GLOB '????????-????-????-????-????????????'),
  -- Absolute path of its root, where it was seen last.
  path TEXT NOT NULL
    CONSTRAINT volume_path_absolute CHECK (substr(path, 1, 1) = '/')
) STRICT;
INSERT INTO volume (id, path) SELECT id, path FROM volume_before;
DROP TABLE volume_before;

-- 1: the disk failed to take what was written to the file, so parts of it may be damaged.
ALTER TABLE segment ADD COLUMN suspect INTEGER NOT NULL DEFAULT 0
  CONSTRAINT suspect_is_bool CHECK (suspect IN (0, 1));

-- Files that are named like recordings and hold no picture. Recovery leaves them alone, and says so
-- once.
CREATE TABLE unusable_file (
  volume_id INTEGER NOT NULL REFERENCES volume (id),
  -- Path of the file below the volume's root.
  rel_path TEXT NOT NULL
    CONSTRAINT unusable_path_length CHECK (length(CAST(rel_path AS BLOB)) BETWEEN 1 AND 1024),
  -- Bytes of the file when it was looked at; with another size it is another file.
  size_bytes INTEGER NOT NULL
    CONSTRAINT unusable_size_not_negative CHECK (size_bytes >= 0),
  PRIMARY KEY (volume_id, rel_path)
) STRICT, WITHOUT ROWID;

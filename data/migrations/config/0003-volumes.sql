-- SPDX-License-Identifier: MIT
-- Which disks the recorder has recorded to, so that an empty mount point is not taken for a disk.

-- Folders for recordings that were used once.
CREATE TABLE volume (
  -- Never used again.
  id INTEGER PRIMARY KEY AUTOINCREMENT
    CONSTRAINT volume_id_positive CHECK (id > 0),
  -- As in its `.ronin-volume` file.
  uuid TEXT NOT NULL UNIQUE
    CONSTRAINT volume_uuid_form CHECK (uuid GLOB '????????-????-????-????-????????????'),
  -- Absolute path of its root, where it was seen last. Not unique: disks change places.
  path TEXT NOT NULL
    CONSTRAINT volume_path_absolute CHECK (substr(path, 1, 1) = '/'),
  -- When it was used first, microseconds UTC.
  created_us INTEGER NOT NULL
    CONSTRAINT volume_created_range CHECK (created_us BETWEEN 0 AND 253402300799999999)
) STRICT;

-- SPDX-License-Identifier: MIT
-- Order among many cameras; and removing one so that it can be undone, and its footage follows it.

-- What it belongs to, such as "Warehouse"; NULL: nothing.
ALTER TABLE camera ADD COLUMN group_name TEXT
  CONSTRAINT group_name_length CHECK (length(group_name) BETWEEN 1 AND 100);

-- Words to find it by, as JSON: ["outside","night"].
ALTER TABLE camera ADD COLUMN tags TEXT NOT NULL DEFAULT '[]'
  CONSTRAINT tags_is_list CHECK (tags GLOB '[[]*]')
  CONSTRAINT tags_length CHECK (length(tags) <= 8000);

-- When it was removed, microseconds UTC; for a moment that can be undone, then the row goes. NULL:
-- it is there.
ALTER TABLE camera ADD COLUMN removed_us INTEGER
  CONSTRAINT removed_range CHECK (removed_us BETWEEN 0 AND 253402300799999999);

-- 1: its footage goes with it.
ALTER TABLE camera ADD COLUMN remove_footage INTEGER NOT NULL DEFAULT 0
  CONSTRAINT remove_footage_is_bool CHECK (remove_footage IN (0, 1));

-- Cameras that are gone and whose footage is to be deleted; a row goes when none is left.
CREATE TABLE doomed_footage (
  -- What camera.id was, and segment.camera_id in the catalog is.
  camera_id INTEGER PRIMARY KEY
    CONSTRAINT doomed_camera_id_positive CHECK (camera_id > 0),
  -- For the log.
  camera_name TEXT NOT NULL
    CONSTRAINT doomed_name_length CHECK (length(camera_name) BETWEEN 1 AND 200)
) STRICT;

-- SPDX-License-Identifier: MIT
-- Several volumes: what each is used for, and which cameras record to which.

-- Its share of the cameras that are assigned to none; 0: none of them.
ALTER TABLE volume ADD COLUMN weight INTEGER NOT NULL DEFAULT 1
  CONSTRAINT volume_weight_range CHECK (weight BETWEEN 0 AND 100);
-- 'archive' takes older files from those that are for recording.
ALTER TABLE volume ADD COLUMN role TEXT NOT NULL DEFAULT 'recording'
  CONSTRAINT volume_role_known CHECK (role IN ('recording', 'archive'));
-- Days after which an archive takes a file; NULL: it takes none.
ALTER TABLE volume ADD COLUMN move_after_days INTEGER
  CONSTRAINT volume_move_after_range CHECK (move_after_days BETWEEN 0 AND 36500);
-- 1: people added it in the UI, so it is used although the configuration file does not name it.
ALTER TABLE volume ADD COLUMN added INTEGER NOT NULL DEFAULT 0
  CONSTRAINT volume_added_is_bool CHECK (added IN (0, 1));

-- uuid of the volume that people have assigned the camera to; NULL: none. Not volume.id, which says
-- nothing outside of this table; and not a reference: the volume may be one that was removed.
ALTER TABLE camera ADD COLUMN volume_uuid TEXT
  CONSTRAINT camera_volume_uuid_form CHECK (volume_uuid GLOB '????????-????-????-????-????????????');
-- uuid of the volume that is its own by the weights, as long as it is assigned to none; NULL: it has
-- got none yet.
ALTER TABLE camera ADD COLUMN home_uuid TEXT
  CONSTRAINT camera_home_uuid_form CHECK (home_uuid GLOB '????????-????-????-????-????????????');

-- SPDX-License-Identifier: MIT
-- How long each camera's footage is kept at least, and its sub stream; what retention has deleted.

-- Days that the camera keeps before space of others is spared; NULL: as the general policy says.
ALTER TABLE camera ADD COLUMN retention_min_days INTEGER
  CONSTRAINT retention_min_days_range CHECK (retention_min_days BETWEEN 1 AND 36500);

-- As retention_days, of the sub stream; NULL: as the general policy says.
ALTER TABLE camera ADD COLUMN sub_retention_days INTEGER
  CONSTRAINT sub_retention_days_range CHECK (sub_retention_days BETWEEN 1 AND 36500);

-- As retention_bytes, of the sub stream; NULL: no limit of its own.
ALTER TABLE camera ADD COLUMN sub_retention_bytes INTEGER
  CONSTRAINT sub_retention_bytes_positive CHECK (sub_retention_bytes > 0);

-- From when to when recordings of a stream were deleted because of the policy: one row per stream,
-- however many files; what is still there in between says so itself.
CREATE TABLE deleted_span (
  -- camera.id; the camera may be deleted by now.
  camera_id INTEGER NOT NULL
    CONSTRAINT deleted_camera_positive CHECK (camera_id > 0),
  stream TEXT NOT NULL
    CONSTRAINT deleted_stream_known CHECK (stream IN ('main', 'sub')),
  -- Microseconds UTC.
  start_us INTEGER NOT NULL
    CONSTRAINT deleted_start_range CHECK (start_us BETWEEN 0 AND 253402300799999999),
  -- Microseconds UTC.
  end_us INTEGER NOT NULL
    CONSTRAINT deleted_end_range CHECK (end_us BETWEEN start_us AND 253402300799999999),
  PRIMARY KEY (camera_id, stream)
) STRICT, WITHOUT ROWID;

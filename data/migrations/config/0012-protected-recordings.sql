-- SPDX-License-Identifier: MIT
-- Which recordings people protect: no file says it, and the catalog can be lost.

-- By when it begins, which its file says, too: neither its place nor its row is for ever.
CREATE TABLE protected_recording (
  -- camera.id; the camera may be deleted by now.
  camera_id INTEGER NOT NULL
    CONSTRAINT protected_camera_positive CHECK (camera_id > 0),
  stream TEXT NOT NULL
    CONSTRAINT protected_stream_known CHECK (stream IN ('main', 'sub')),
  -- Microseconds UTC.
  start_us INTEGER NOT NULL
    CONSTRAINT protected_start_range CHECK (start_us BETWEEN 0 AND 253402300799999999),
  PRIMARY KEY (camera_id, stream, start_us)
) STRICT, WITHOUT ROWID;

-- SPDX-License-Identifier: MIT
-- What retention works on: the oldest recordings of each stream on each volume, found without reading
-- the others, and those that are being deleted.

-- Catalog::Oldest and Catalog::RecordedSince; holds all that they read, but for a few rows' paths.
CREATE INDEX segment_by_lane
  ON segment (volume_id, camera_id, stream, start_us, id, end_us, size_bytes, state, protected);

-- Recordings that are to go: marked before their files are unlinked, so that the next start finishes
-- what a crash left.
CREATE TABLE doomed_segment (
  segment_id INTEGER PRIMARY KEY REFERENCES segment (id) ON DELETE CASCADE
) STRICT;

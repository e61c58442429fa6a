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

-- What there is of a stream on a volume; kept up by the triggers below. Without files that are
-- missing. No checks, as in segment_total.
CREATE TABLE lane_total (
  -- volume.id
  volume_id INTEGER NOT NULL,
  -- camera.id of config.db; the camera may be deleted by now.
  camera_id INTEGER NOT NULL,
  -- As in segment.
  stream TEXT NOT NULL,
  -- How many rows; may be 0.
  files INTEGER NOT NULL,
  -- Bytes of their files.
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY (volume_id, camera_id, stream)
) STRICT, WITHOUT ROWID;

INSERT INTO lane_total (volume_id, camera_id, stream, files, size_bytes)
  SELECT volume_id, camera_id, stream, count(*), sum(size_bytes)
  FROM segment WHERE state <> 'missing' GROUP BY volume_id, camera_id, stream;

CREATE TRIGGER lane_total_insert AFTER INSERT ON segment WHEN new.state <> 'missing' BEGIN
  INSERT INTO lane_total (volume_id, camera_id, stream, files, size_bytes)
    VALUES (new.volume_id, new.camera_id, new.stream, 1, new.size_bytes)
    ON CONFLICT (volume_id, camera_id, stream)
    DO UPDATE SET files = files + 1, size_bytes = size_bytes + excluded.size_bytes;
END;

CREATE TRIGGER lane_total_delete AFTER DELETE ON segment WHEN old.state <> 'missing' BEGIN
  UPDATE lane_total SET files = files - 1, size_bytes = size_bytes - old.size_bytes
    WHERE volume_id = old.volume_id AND camera_id = old.camera_id AND stream = old.stream;
END;

CREATE TRIGGER lane_total_leave
AFTER UPDATE OF volume_id, camera_id, stream, state, size_bytes ON segment
WHEN old.state <> 'missing' BEGIN
  UPDATE lane_total SET files = files - 1, size_bytes = size_bytes - old.size_bytes
    WHERE volume_id = old.volume_id AND camera_id = old.camera_id AND stream = old.stream;
END;

CREATE TRIGGER lane_total_enter
AFTER UPDATE OF volume_id, camera_id, stream, state, size_bytes ON segment
WHEN new.state <> 'missing' BEGIN
  INSERT INTO lane_total (volume_id, camera_id, stream, files, size_bytes)
    VALUES (new.volume_id, new.camera_id, new.stream, 1, new.size_bytes)
    ON CONFLICT (volume_id, camera_id, stream)
    DO UPDATE SET files = files + 1, size_bytes = size_bytes + excluded.size_bytes;
END;

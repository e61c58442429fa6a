-- SPDX-License-Identifier: MIT
-- What there is by stream and by day, and long timelines without reading the rows themselves.

-- `segment_total` is made anew, with the stream.
DROP TRIGGER segment_total_insert;
DROP TRIGGER segment_total_delete;
DROP TRIGGER segment_total_update;
DROP TABLE segment_total;

-- What `segment` adds up to; kept up by the triggers below. No checks: a wrong sum must not keep a
-- file from getting its row.
CREATE TABLE segment_total (
  -- volume.id
  volume_id INTEGER NOT NULL,
  -- camera.id of config.db; the camera may be deleted by now.
  camera_id INTEGER NOT NULL,
  -- As in segment.
  stream TEXT NOT NULL,
  -- As in segment.
  state TEXT NOT NULL,
  -- How many rows; may be 0.
  files INTEGER NOT NULL,
  -- Bytes of their files.
  size_bytes INTEGER NOT NULL,
  -- No file is longer, microseconds; does not become less when the longest one goes.
  longest_us INTEGER NOT NULL,
  PRIMARY KEY (volume_id, camera_id, stream, state)
) STRICT, WITHOUT ROWID;

-- The same of the files that begin on one day, on all volumes; those that are missing do not count.
CREATE TABLE segment_day (
  -- As in segment.
  camera_id INTEGER NOT NULL,
  -- As in segment.
  stream TEXT NOT NULL,
  -- Days since 1970, UTC.
  day INTEGER NOT NULL,
  -- How many rows; a day without any has no row.
  files INTEGER NOT NULL,
  -- Bytes of their files.
  size_bytes INTEGER NOT NULL,
  -- How long they are together, microseconds; without those that are being written.
  recorded_us INTEGER NOT NULL,
  PRIMARY KEY (camera_id, stream, day)
) STRICT, WITHOUT ROWID;

INSERT INTO segment_total (volume_id, camera_id, stream, state, files, size_bytes, longest_us)
  SELECT volume_id, camera_id, stream, state, count(*), sum(size_bytes),
    max(coalesce(end_us - start_us, 0))
  FROM segment GROUP BY volume_id, camera_id, stream, state;

INSERT INTO segment_day (camera_id, stream, day, files, size_bytes, recorded_us)
  SELECT camera_id, stream, start_us / 86400000000, count(*), sum(size_bytes),
    sum(coalesce(end_us - start_us, 0))
  FROM segment WHERE state <> 'missing' GROUP BY camera_id, stream, start_us / 86400000000;

CREATE TRIGGER segment_sums_insert AFTER INSERT ON segment BEGIN
  INSERT INTO segment_total (volume_id, camera_id, stream, state, files, size_bytes, longest_us)
    VALUES (new.volume_id, new.camera_id, new.stream, new.state, 1, new.size_bytes,
      coalesce(new.end_us - new.start_us, 0))
    ON CONFLICT (volume_id, camera_id, stream, state)
    DO UPDATE SET files = files + 1, size_bytes = size_bytes + excluded.size_bytes,
      longest_us = max(longest_us, excluded.longest_us);
  INSERT INTO segment_day (camera_id, stream, day, files, size_bytes, recorded_us)
    SELECT new.camera_id, new.stream, new.start_us / 86400000000, 1, new.size_bytes,
        coalesce(new.end_us - new.start_us, 0)
      WHERE new.state <> 'missing'
    ON CONFLICT (camera_id, stream, day)
    DO UPDATE SET files = files + 1, size_bytes = size_bytes + excluded.size_bytes,
      recorded_us = recorded_us + excluded.recorded_us;
END;

CREATE TRIGGER segment_sums_delete AFTER DELETE ON segment BEGIN
  UPDATE segment_total SET files = files - 1, size_bytes = size_bytes - old.size_bytes
    WHERE volume_id = old.volume_id AND camera_id = old.camera_id AND stream = old.stream
      AND state = old.state;
  UPDATE segment_day SET files = files - 1, size_bytes = size_bytes - old.size_bytes,
      recorded_us = recorded_us - coalesce(old.end_us - old.start_us, 0)
    WHERE camera_id = old.camera_id AND stream = old.stream
      AND day = old.start_us / 86400000000 AND old.state <> 'missing';
  DELETE FROM segment_day
    WHERE camera_id = old.camera_id AND stream = old.stream
      AND day = old.start_us / 86400000000 AND files <= 0;
END;

CREATE TRIGGER segment_total_update
AFTER UPDATE OF volume_id, camera_id, stream, state, size_bytes, start_us, end_us ON segment BEGIN
  UPDATE segment_total SET files = files - 1, size_bytes = size_bytes - old.size_bytes
    WHERE volume_id = old.volume_id AND camera_id = old.camera_id AND stream = old.stream
      AND state = old.state;
  INSERT INTO segment_total (volume_id, camera_id, stream, state, files, size_bytes, longest_us)
    VALUES (new.volume_id, new.camera_id, new.stream, new.state, 1, new.size_bytes,
      coalesce(new.end_us - new.start_us, 0))
    ON CONFLICT (volume_id, camera_id, stream, state)
    DO UPDATE SET files = files + 1, size_bytes = size_bytes + excluded.size_bytes,
      longest_us = max(longest_us, excluded.longest_us);
END;

CREATE TRIGGER segment_day_update
AFTER UPDATE OF camera_id, stream, state, size_bytes, start_us, end_us ON segment BEGIN
  UPDATE segment_day SET files = files - 1, size_bytes = size_bytes - old.size_bytes,
      recorded_us = recorded_us - coalesce(old.end_us - old.start_us, 0)
    WHERE camera_id = old.camera_id AND stream = old.stream
      AND day = old.start_us / 86400000000 AND old.state <> 'missing';
  INSERT INTO segment_day (camera_id, stream, day, files, size_bytes, recorded_us)
    SELECT new.camera_id, new.stream, new.start_us / 86400000000, 1, new.size_bytes,
        coalesce(new.end_us - new.start_us, 0)
      WHERE new.state <> 'missing'
    ON CONFLICT (camera_id, stream, day)
    DO UPDATE SET files = files + 1, size_bytes = size_bytes + excluded.size_bytes,
      recorded_us = recorded_us + excluded.recorded_us;
  DELETE FROM segment_day
    WHERE camera_id = old.camera_id AND stream = old.stream
      AND day = old.start_us / 86400000000 AND files <= 0;
END;

-- Catalog::ForEachSpan, and Catalog::List of some cameras; holds all that they read or filter by, so
-- that years of one camera do not cost a look at each of its rows.
DROP INDEX segment_by_camera;
CREATE INDEX segment_by_camera ON segment (camera_id, stream, start_us, end_us, state, frames);

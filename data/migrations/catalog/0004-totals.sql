-- SPDX-License-Identifier: MIT
-- How many files there are, how large and how long they are, without reading all rows of `segment`:
-- those are millions in large installations.

-- What `segment` adds up to; kept up by the triggers below. No checks: a wrong sum must not keep a
-- file from getting its row.
CREATE TABLE segment_total (
  -- volume.id
  volume_id INTEGER NOT NULL,
  -- camera.id of config.db; the camera may be deleted by now.
  camera_id INTEGER NOT NULL,
  -- As in segment.
  state TEXT NOT NULL,
  -- How many rows; may be 0.
  files INTEGER NOT NULL,
  -- Bytes of their files.
  size_bytes INTEGER NOT NULL,
  -- No file is longer, microseconds; does not become less when the longest one goes.
  longest_us INTEGER NOT NULL,
  PRIMARY KEY (volume_id, camera_id, state)
) STRICT, WITHOUT ROWID;

INSERT INTO segment_total (volume_id, camera_id, state, files, size_bytes, longest_us)
  SELECT volume_id, camera_id, state, count(*), sum(size_bytes),
    max(coalesce(end_us - start_us, 0))
  FROM segment GROUP BY volume_id, camera_id, state;

CREATE TRIGGER segment_total_insert AFTER INSERT ON segment BEGIN
  INSERT INTO segment_total (volume_id, camera_id, state, files, size_bytes, longest_us)
    VALUES (new.volume_id, new.camera_id, new.state, 1, new.size_bytes,
      coalesce(new.end_us - new.start_us, 0))
    ON CONFLICT (volume_id, camera_id, state)
    DO UPDATE SET files = files + 1, size_bytes = size_bytes + excluded.size_bytes,
      longest_us = max(longest_us, excluded.longest_us);
END;

CREATE TRIGGER segment_total_delete AFTER DELETE ON segment BEGIN
  UPDATE segment_total SET files = files - 1, size_bytes = size_bytes - old.size_bytes
    WHERE volume_id = old.volume_id AND camera_id = old.camera_id AND state = old.state;
END;

CREATE TRIGGER segment_total_update
AFTER UPDATE OF volume_id, camera_id, state, size_bytes, start_us, end_us ON segment BEGIN
  UPDATE segment_total SET files = files - 1, size_bytes = size_bytes - old.size_bytes
    WHERE volume_id = old.volume_id AND camera_id = old.camera_id AND state = old.state;
  INSERT INTO segment_total (volume_id, camera_id, state, files, size_bytes, longest_us)
    VALUES (new.volume_id, new.camera_id, new.state, 1, new.size_bytes,
      coalesce(new.end_us - new.start_us, 0))
    ON CONFLICT (volume_id, camera_id, state)
    DO UPDATE SET files = files + 1, size_bytes = size_bytes + excluded.size_bytes,
      longest_us = max(longest_us, excluded.longest_us);
END;

-- SPDX-License-Identifier: MIT
-- Protected recordings, found and summed up without a look at the others.

-- Catalog::List of those that are protected.
CREATE INDEX segment_protected ON segment (start_us) WHERE protected = 1;

-- As segment_total, of the protected ones; without those that are missing.
CREATE TABLE protected_total (
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

INSERT INTO protected_total (volume_id, camera_id, stream, files, size_bytes)
  SELECT volume_id, camera_id, stream, count(*), sum(size_bytes)
  FROM segment WHERE protected = 1 AND state <> 'missing' GROUP BY volume_id, camera_id, stream;

CREATE TRIGGER protected_total_insert AFTER INSERT ON segment
WHEN new.protected = 1 AND new.state <> 'missing' BEGIN
  INSERT INTO protected_total (volume_id, camera_id, stream, files, size_bytes)
    VALUES (new.volume_id, new.camera_id, new.stream, 1, new.size_bytes)
    ON CONFLICT (volume_id, camera_id, stream)
    DO UPDATE SET files = files + 1, size_bytes = size_bytes + excluded.size_bytes;
END;

CREATE TRIGGER protected_total_delete AFTER DELETE ON segment
WHEN old.protected = 1 AND old.state <> 'missing' BEGIN
  UPDATE protected_total SET files = files - 1, size_bytes = size_bytes - old.size_bytes
    WHERE volume_id = old.volume_id AND camera_id = old.camera_id AND stream = old.stream;
END;

CREATE TRIGGER protected_total_update
AFTER UPDATE OF volume_id, camera_id, stream, state, size_bytes, protected ON segment
WHEN old.protected = 1 OR new.protected = 1 BEGIN
  UPDATE protected_total SET files = files - 1, size_bytes = size_bytes - old.size_bytes
    WHERE volume_id = old.volume_id AND camera_id = old.camera_id AND stream = old.stream
      AND old.protected = 1 AND old.state <> 'missing';
  INSERT INTO protected_total (volume_id, camera_id, stream, files, size_bytes)
    SELECT new.volume_id, new.camera_id, new.stream, 1, new.size_bytes
      WHERE new.protected = 1 AND new.state <> 'missing'
    ON CONFLICT (volume_id, camera_id, stream)
    DO UPDATE SET files = files + 1, size_bytes = size_bytes + excluded.size_bytes;
END;

-- SPDX-License-Identifier: MIT
-- Files that are on their way from one volume to another.

-- The closed files of a volume, the oldest first: what an archive takes next.
CREATE INDEX segment_movable ON segment (volume_id, start_us)
  WHERE state IN ('complete', 'recovered');

-- A file that is being moved: there is a row from before its copy is begun until what is left of it
-- at the other place is gone. Which of the two places counts is said by the row in `segment`.
CREATE TABLE file_move (
  -- segment.id; the row may be deleted meanwhile.
  segment_id INTEGER PRIMARY KEY,
  -- Where it was.
  from_volume_id INTEGER NOT NULL REFERENCES volume (id),
  from_path TEXT NOT NULL
    CONSTRAINT move_from_path_length CHECK (length(CAST(from_path AS BLOB)) BETWEEN 1 AND 1024),
  -- Where it will be.
  to_volume_id INTEGER NOT NULL REFERENCES volume (id),
  to_path TEXT NOT NULL
    CONSTRAINT move_to_path_length CHECK (length(CAST(to_path AS BLOB)) BETWEEN 1 AND 1024),
  CONSTRAINT move_to_another_volume CHECK (from_volume_id <> to_volume_id),
  UNIQUE (to_volume_id, to_path)
) STRICT;

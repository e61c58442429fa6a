-- SPDX-License-Identifier: MIT
-- How much is in a file, what must be kept, and a quick way to what a crash left open.

-- Video frames in the file; NULL while recording, or not known.
ALTER TABLE segment ADD COLUMN frames INTEGER
  CONSTRAINT frames_not_negative CHECK (frames >= 0)
  CONSTRAINT open_has_no_frames CHECK (frames IS NULL OR state <> 'recording');

-- 1: retention keeps it.
ALTER TABLE segment ADD COLUMN protected INTEGER NOT NULL DEFAULT 0
  CONSTRAINT protected_is_bool CHECK (protected IN (0, 1));

-- Catalog::Unfinished.
CREATE INDEX segment_unfinished ON segment (id) WHERE state = 'recording';

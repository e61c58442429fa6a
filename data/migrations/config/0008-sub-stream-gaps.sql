-- SPDX-License-Identifier: MIT
-- The sub stream is recorded, too: its gaps are its own.

-- Of which stream of the camera nothing was recorded.
ALTER TABLE gap ADD COLUMN stream TEXT NOT NULL DEFAULT 'main'
  CONSTRAINT gap_stream_known CHECK (stream IN ('main', 'sub'));

-- LedgerStore::Gaps.
DROP INDEX gap_by_camera;
CREATE INDEX gap_by_stream ON gap (camera_id, stream, start_us, end_us);

-- LedgerStore::BeginGap; and a stream can be missing for one reason at a time.
DROP INDEX gap_open;
CREATE UNIQUE INDEX gap_open ON gap (camera_id, stream) WHERE end_us IS NULL;

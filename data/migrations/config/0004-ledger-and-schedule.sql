-- SPDX-License-Identifier: MIT
-- What recorded files cannot tell: why there is none, when the recorder ran, how its clock was set;
-- and when a camera is to be recorded.

-- Hours of the week in which the camera is recorded, as JSON: {"mon":[["08:00","18:00"]]}, in the
-- site's time zone; NULL: always. See Schedule in src/config/.
ALTER TABLE camera ADD COLUMN schedule TEXT
  CONSTRAINT schedule_is_object CHECK (schedule GLOB '{*}')
  CONSTRAINT schedule_length CHECK (length(schedule) <= 8000);

-- Times without a recording of the main stream, and why. What is neither recorded nor in here has
-- no known reason.
CREATE TABLE gap (
  id INTEGER PRIMARY KEY
    CONSTRAINT gap_id_positive CHECK (id > 0),
  -- camera.id; the camera may be deleted by now.
  camera_id INTEGER NOT NULL
    CONSTRAINT gap_camera_id_positive CHECK (camera_id > 0),
  -- Where the recording ends, as far as was known when this began, microseconds UTC.
  start_us INTEGER NOT NULL
    CONSTRAINT gap_start_range CHECK (start_us BETWEEN 0 AND 253402300799999999),
  -- Where it goes on, or the next reason begins, microseconds UTC; NULL: it lasts.
  end_us INTEGER
    CONSTRAINT gap_end_range CHECK (end_us BETWEEN 0 AND 253402300799999999)
    CONSTRAINT gap_not_empty CHECK (end_us > start_us),
  reason TEXT NOT NULL
    CONSTRAINT gap_reason_known CHECK (reason IN ('camera', 'network', 'auth', 'disk', 'overload',
      'schedule', 'stopped', 'clock', 'restart', 'crash', 'power', 'deleted', 'unknown')),
  -- More exactly, such as a code of the camera's error; empty: nothing to add.
  detail TEXT NOT NULL
    CONSTRAINT gap_detail_length CHECK (length(detail) <= 200),
  -- 1: pictures are missing inside a file, so the file does not fill this time.
  in_file INTEGER NOT NULL
    CONSTRAINT gap_in_file_is_bool CHECK (in_file IN (0, 1))
    CONSTRAINT gap_in_file_is_over CHECK (in_file = 0 OR end_us IS NOT NULL)
) STRICT;

-- LedgerStore::Gaps.
CREATE INDEX gap_by_camera ON gap (camera_id, start_us, end_us);

-- LedgerStore::BeginGap; and a camera can be missing for one reason at a time.
CREATE UNIQUE INDEX gap_open ON gap (camera_id) WHERE end_us IS NULL;

-- When the recorder ran: tells at the next start how it ended.
CREATE TABLE run (
  id INTEGER PRIMARY KEY
    CONSTRAINT run_id_positive CHECK (id > 0),
  -- /proc/sys/kernel/random/boot_id: changes when the machine starts.
  boot_id TEXT NOT NULL
    CONSTRAINT run_boot_id_length CHECK (length(boot_id) <= 100),
  -- Microseconds UTC.
  started_us INTEGER NOT NULL
    CONSTRAINT run_started_range CHECK (started_us BETWEEN 0 AND 253402300799999999),
  -- When it was seen alive last, microseconds UTC; written every 10 s.
  alive_us INTEGER NOT NULL
    CONSTRAINT run_alive_range CHECK (alive_us BETWEEN 0 AND 253402300799999999),
  -- 1: it was told to stop, and closed all files.
  clean INTEGER NOT NULL
    CONSTRAINT run_clean_is_bool CHECK (clean IN (0, 1))
) STRICT;

-- Steps of the system's clock of more than 2 s; each begins an epoch of recorded times.
CREATE TABLE clock_step (
  id INTEGER PRIMARY KEY
    CONSTRAINT step_id_positive CHECK (id > 0),
  -- What the clock showed before, microseconds UTC.
  before_us INTEGER NOT NULL
    CONSTRAINT step_before_range CHECK (before_us BETWEEN 0 AND 253402300799999999),
  -- What it showed after, microseconds UTC; earlier when it was set back.
  after_us INTEGER NOT NULL
    CONSTRAINT step_after_range CHECK (after_us BETWEEN 0 AND 253402300799999999)
) STRICT;

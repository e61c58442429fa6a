-- SPDX-License-Identifier: MIT
-- Which clocks a recording was made by: the camera's own against ours, as evidence, and ours.

-- The camera's clock less ours where the file begins, as its RTCP sender reports say, microseconds;
-- below 0: the camera's is behind. NULL: it sent none, or they say no time.
ALTER TABLE segment ADD COLUMN camera_clock_offset_us INTEGER
  CONSTRAINT camera_clock_offset_range
    CHECK (camera_clock_offset_us BETWEEN -2147483648000000 AND 2147483648000000);

-- By how much more it is where the file ends, microseconds; NULL while recording, or not known.
ALTER TABLE segment ADD COLUMN camera_clock_drift_us INTEGER
  CONSTRAINT camera_clock_drift_range
    CHECK (camera_clock_drift_us BETWEEN -4294967296000000 AND 4294967296000000)
  CONSTRAINT camera_clock_drift_of_an_offset
    CHECK (camera_clock_drift_us IS NULL OR camera_clock_offset_us IS NOT NULL);

-- How often our clock had been set by more than 2 s when the file began: clock_step.id of config.db,
-- or 0. Times are comparable within one. NULL: not known, as of files that were found without a row.
ALTER TABLE segment ADD COLUMN clock_epoch INTEGER
  CONSTRAINT clock_epoch_not_negative CHECK (clock_epoch >= 0);

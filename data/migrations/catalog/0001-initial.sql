-- SPDX-License-Identifier: MIT
-- catalog.db: what was recorded, one row per file; rebuilt from the files when it is lost.
-- Times are microseconds since 1970, UTC, up to the year 9999.

-- Folders that hold recordings.
CREATE TABLE volume (
  id INTEGER PRIMARY KEY
    CONSTRAINT volume_id_positive CHECK (id > 0),
  -- Absolute path of its root.
  path TEXT NOT NULL UNIQUE
    CONSTRAINT volume_path_absolute CHECK (substr(path, 1, 1) = '/')
) STRICT;

-- Recorded files.
CREATE TABLE segment (
  id INTEGER PRIMARY KEY
    CONSTRAINT id_positive CHECK (id > 0),
  -- camera.id of config.db; the camera may be deleted by now.
  camera_id INTEGER NOT NULL
    CONSTRAINT camera_id_positive CHECK (camera_id > 0),
  stream TEXT NOT NULL
    CONSTRAINT stream_known CHECK (stream IN ('main', 'sub')),
  volume_id INTEGER NOT NULL REFERENCES volume (id),
  -- Path of the file below the volume's root.
  rel_path TEXT NOT NULL
    CONSTRAINT rel_path_length CHECK (length(CAST(rel_path AS BLOB)) BETWEEN 1 AND 1024)
    CONSTRAINT rel_path_stays_inside
      CHECK (substr(rel_path, 1, 1) <> '/' AND instr('/' || rel_path || '/', '/../') = 0),
  -- Time of the first frame, microseconds UTC.
  start_us INTEGER NOT NULL
    CONSTRAINT start_range CHECK (start_us BETWEEN 0 AND 253402300799999999),
  -- Time at which the last frame ends, microseconds UTC; NULL while recording, or when the file
  -- was lost before anybody knew.
  end_us INTEGER
    CONSTRAINT end_range CHECK (end_us BETWEEN 0 AND 253402300799999999)
    CONSTRAINT end_not_before_start CHECK (end_us >= start_us),
  -- Bytes of the file when it was closed; 0 while recording.
  size_bytes INTEGER NOT NULL
    CONSTRAINT size_not_negative CHECK (size_bytes >= 0),
  -- recording: being written. complete: closed in order. recovered: its end was found by reading
  -- the file. missing: the file is gone.
  state TEXT NOT NULL
    CONSTRAINT state_known CHECK (state IN ('recording', 'complete', 'recovered', 'missing')),
  -- "h264", "h265", …; NULL: not known.
  video_codec TEXT
    CONSTRAINT video_codec_length CHECK (length(video_codec) BETWEEN 1 AND 64),
  -- Pixels; NULL: not known.
  width INTEGER
    CONSTRAINT width_range CHECK (width BETWEEN 1 AND 65535),
  -- Pixels; NULL: not known.
  height INTEGER
    CONSTRAINT height_range CHECK (height BETWEEN 1 AND 65535),
  -- "aac", "opus", …; NULL: no sound.
  audio_codec TEXT
    CONSTRAINT audio_codec_length CHECK (length(audio_codec) BETWEEN 1 AND 64),
  -- Samples per second; NULL: not known.
  audio_rate_hz INTEGER
    CONSTRAINT audio_rate_range CHECK (audio_rate_hz BETWEEN 1 AND 768000),
  -- NULL: not known.
  audio_channels INTEGER
    CONSTRAINT audio_channels_range CHECK (audio_channels BETWEEN 1 AND 64),
  UNIQUE (volume_id, rel_path),
  CONSTRAINT open_has_no_end CHECK (state <> 'recording' OR end_us IS NULL),
  CONSTRAINT closed_has_an_end CHECK (state NOT IN ('complete', 'recovered') OR end_us IS NOT NULL),
  CONSTRAINT size_in_video_only
    CHECK (video_codec IS NOT NULL OR (width IS NULL AND height IS NULL)),
  CONSTRAINT sound_details_in_sound_only
    CHECK (audio_codec IS NOT NULL OR (audio_rate_hz IS NULL AND audio_channels IS NULL))
) STRICT;

-- Catalog::List of some cameras; holds all it filters by, so that skipped rows are not read.
CREATE INDEX segment_by_camera ON segment (camera_id, stream, start_us, end_us, state);

-- Catalog::List of all cameras; the oldest footage, for retention.
CREATE INDEX segment_by_start ON segment (start_us);

// SPDX-License-Identifier: MIT

/** What the daemon says of its disks, as far as the UI reads it. Times are RFC 3339 in UTC. */

export type CameraUse = {
  camera_id: number;
  size_bytes: number;
  main_bytes: number;
  sub_bytes: number;
  file_count: number;
  protected_bytes: number;
  oldest: string | null;
  newest: string | null;
  bitrate_bps: number | null;
  /** Of what should have been recorded in the last 24 hours; 0 to 1. */
  coverage_24h: number | null;
};

export type StorageStats = {
  size_bytes: number;
  file_count: number;
  oldest: string | null;
  cameras: CameraUse[];
};

/** Of both streams, in a day of UTC. */
export type DayUse = { day: string; camera_id: number; size_bytes: number; file_count: number };

export type VolumeRole = 'recording' | 'archive';

/** What can be set of a volume. */
export type VolumeSettings = {
  /** Its share of what is new; 0: nothing. */
  weight: number;
  role: VolumeRole;
  /** Of an archive: it takes what is older than that from the others. */
  move_after_days: number | null;
};

export type Volume = VolumeSettings & {
  /** Null: it was never there, so it has none yet. */
  id: number | null;
  path: string;
  /** "ok", "full", "read_only", "missing", "error"; a newer daemon may know more. */
  state: string;
  /** What is wrong with it. */
  sentence: string | null;
  capacity_bytes: number | null;
  free_bytes: number | null;
  recordings_bytes: number;
  file_count: number;
  write_bps: number | null;
  /** Named in the configuration, so it cannot be removed here. */
  configured: boolean;
};

/** Which recordings are kept; null: no such limit. */
export type PolicySettings = {
  retention_days: number | null;
  retention_bytes: number | null;
  retention_min_days: number | null;
  sub_retention_days: number | null;
  sub_retention_bytes: number | null;
  min_free_bytes: number | null;
};

export type Policy = PolicySettings & {
  /** Deletion by age waits, because the clock jumped. */
  held: { since: string; sentence: string } | null;
  last_run: { at: string; file_count: number; size_bytes: number } | null;
};

/** The limits of one camera; null: those of the policy. */
export type CameraLimits = {
  retention_days: number | null;
  retention_bytes: number | null;
  retention_min_days: number | null;
  sub_retention_days: number | null;
  sub_retention_bytes: number | null;
};

/** What is left away is as it is now. */
export type PreviewRequest = Partial<PolicySettings> & {
  cameras?: ({ id: number } & Partial<CameraLimits>)[];
};

export type CameraPreview = {
  camera_id: number;
  /** These four: of what would be deleted. */
  file_count: number;
  size_bytes: number;
  oldest: string | null;
  newest: string | null;
  /** At its present rate. */
  keeps_days: number | null;
};

/** What a policy would delete, and what it would come to. */
export type Preview = {
  file_count: number;
  size_bytes: number;
  cameras: CameraPreview[];
  volumes: { id: number; full_at: string | null }[];
  /** When the oldest recordings begin to make room for new ones. */
  full_at: string | null;
  warnings: string[];
};

export type Alarm = {
  id: string;
  /** "volume_low", "camera_down" and so on; a newer daemon may know more. */
  kind: string;
  severity: 'warning' | 'critical';
  since: string;
  sentence: string;
  volume_id: number | null;
  camera_id: number | null;
};

/** A run of the retention; the counts are what it has deleted so far. */
export type RetentionWork = {
  running: boolean;
  file_count: number;
  size_bytes: number;
  left_file_count: number;
};

/** Files on their way to an archive. */
export type MovingWork = { running: boolean; file_count: number; left_file_count: number };

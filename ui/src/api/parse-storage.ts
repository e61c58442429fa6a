// SPDX-License-Identifier: MIT
import {
  instant,
  list,
  number,
  object,
  oneOf,
  optional,
  optionalInstant,
  optionalNumber,
  optionalText,
  parseText,
  text,
} from './parse-fields';
import { parseLimits } from './parse-work';
import type {
  CameraPreview,
  CameraUse,
  DayUse,
  Policy,
  Preview,
  StorageStats,
  Volume,
} from './storage-types';

function parseCameraUse(value: unknown): CameraUse {
  const fields = object(value, 'camera');
  return {
    camera_id: number(fields, 'camera_id'),
    size_bytes: number(fields, 'size_bytes'),
    main_bytes: optionalNumber(fields, 'main_bytes') ?? number(fields, 'size_bytes'),
    sub_bytes: optionalNumber(fields, 'sub_bytes') ?? 0,
    file_count: number(fields, 'file_count'),
    protected_bytes: optionalNumber(fields, 'protected_bytes') ?? 0,
    oldest: optionalInstant(fields, 'oldest'),
    newest: optionalInstant(fields, 'newest'),
    bitrate_bps: optionalNumber(fields, 'bitrate_bps'),
    coverage_24h: optionalNumber(fields, 'coverage_24h'),
  };
}

export function parseStorageStats(value: unknown): StorageStats {
  const fields = object(value, 'answer');
  return {
    size_bytes: number(fields, 'size_bytes'),
    file_count: number(fields, 'file_count'),
    oldest: optionalInstant(fields, 'oldest'),
    cameras: list(fields['cameras'], 'cameras', parseCameraUse),
  };
}

function parseDayUse(value: unknown): DayUse {
  const fields = object(value, 'day');
  return {
    day: text(fields, 'day'),
    camera_id: number(fields, 'camera_id'),
    size_bytes: number(fields, 'size_bytes'),
    file_count: number(fields, 'file_count'),
  };
}

export function parseDays(value: unknown): DayUse[] {
  return list(object(value, 'answer')['days'], 'days', parseDayUse);
}

export function parseVolume(value: unknown): Volume {
  const fields = object(value, 'volume');
  const sentence = optionalText(fields, 'sentence');
  return {
    id: optionalNumber(fields, 'id'),
    path: text(fields, 'path'),
    state: text(fields, 'state'),
    sentence: sentence === '' ? null : sentence,
    capacity_bytes: optionalNumber(fields, 'capacity_bytes'),
    free_bytes: optionalNumber(fields, 'free_bytes'),
    recordings_bytes: optionalNumber(fields, 'recordings_bytes') ?? 0,
    file_count: optionalNumber(fields, 'file_count') ?? 0,
    write_bps: optionalNumber(fields, 'write_bps'),
    weight: number(fields, 'weight'),
    role: oneOf(fields, 'role', ['recording', 'archive'] as const),
    move_after_days: optionalNumber(fields, 'move_after_days'),
    configured: fields['configured'] === true,
  };
}

function parseHeld(value: unknown): Policy['held'] {
  const fields = object(value, 'held');
  return { since: instant(fields, 'since'), sentence: text(fields, 'sentence') };
}

function parseLastRun(value: unknown): Policy['last_run'] {
  const fields = object(value, 'last_run');
  return {
    at: instant(fields, 'at'),
    file_count: number(fields, 'file_count'),
    size_bytes: number(fields, 'size_bytes'),
  };
}

export function parsePolicy(value: unknown): Policy {
  const fields = object(value, 'policy');
  return {
    ...parseLimits(fields),
    min_free_bytes: optionalNumber(fields, 'min_free_bytes'),
    held: optional(fields['held'], parseHeld),
    last_run: optional(fields['last_run'], parseLastRun),
  };
}

function parseCameraPreview(value: unknown): CameraPreview {
  const fields = object(value, 'camera');
  return {
    camera_id: number(fields, 'camera_id'),
    file_count: number(fields, 'file_count'),
    size_bytes: number(fields, 'size_bytes'),
    oldest: optionalInstant(fields, 'oldest'),
    newest: optionalInstant(fields, 'newest'),
    keeps_days: optionalNumber(fields, 'keeps_days'),
  };
}

function parseVolumePreview(value: unknown): Preview['volumes'][number] {
  const fields = object(value, 'volume');
  return { id: number(fields, 'id'), full_at: optionalInstant(fields, 'full_at') };
}

export function parsePreview(value: unknown): Preview {
  const fields = object(value, 'preview');
  return {
    file_count: number(fields, 'file_count'),
    size_bytes: number(fields, 'size_bytes'),
    cameras: list(fields['cameras'], 'cameras', parseCameraPreview),
    volumes: list(fields['volumes'] ?? [], 'volumes', parseVolumePreview),
    full_at: optionalInstant(fields, 'full_at'),
    warnings: list(fields['warnings'] ?? [], 'warnings', parseText),
  };
}

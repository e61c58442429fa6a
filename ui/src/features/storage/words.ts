// SPDX-License-Identifier: MIT
import type { CameraLimits, Policy, Preview } from '../../api/storage-types';
import { formatCount, formatDays } from '../../lib/amounts';
import { asSentence } from '../../lib/sentence';
import { formatSize } from '../../lib/size';
import { formatDate, parseInstant } from '../../lib/time';

const dayMs = 86_400_000;

/** "Deletes 1,204 recordings, 310 GB, the oldest of 3 May" */
export function deletionWords(preview: Preview, now: number, zone: string): string {
  if (preview.file_count === 0) return 'Deletes nothing';
  const times = preview.cameras
    .map(({ oldest }) => (oldest === null ? null : parseInstant(oldest)))
    .filter((time) => time !== null);
  const what = `${formatCount(preview.file_count, 'recording')}, ${formatSize(preview.size_bytes)}`;
  if (times.length === 0) return `Deletes ${what}`;
  const oldest = formatDate(Math.min(...times), now, zone);
  return preview.file_count === 1
    ? `Deletes ${what}, of ${oldest}`
    : `Deletes ${what}, the oldest of ${oldest}`;
}

/** What is full keeps a little room for what is recorded until the next deletion. */
function isFull(at: number, now: number): boolean {
  return at - now < dayMs / 24;
}

/** "About 12 Dec", "In about 3 hours", "Now", "Not in sight" */
export function fullWords(fullAt: string | null, now: number, zone: string): string {
  const at = fullAt === null ? null : parseInstant(fullAt);
  if (at === null) return 'Not in sight';
  if (isFull(at, now)) return 'Now';
  const days = (at - now) / dayMs;
  return days <= 1 ? `In about ${formatDays(days)}` : `About ${formatDate(at, now, zone)}`;
}

/** "Full in about 12 days" */
export function daysLeftWords(fullAt: string | null, now: number): string {
  const at = fullAt === null ? null : parseInstant(fullAt);
  if (at === null) return 'Does not fill up at this rate';
  if (isFull(at, now)) return 'Full: the oldest recordings make room';
  return `Full in about ${formatDays((at - now) / dayMs)}`;
}

/** One limit each: "30 days", "500 GB"; empty where those of all cameras hold. */
export function limitWords(limits: CameraLimits): string[] {
  const words: string[] = [];
  const add = (value: number | null, say: (value: number) => string): void => {
    if (value !== null) words.push(say(value));
  };
  add(limits.retention_days, (days) => formatCount(days, 'day'));
  add(limits.retention_bytes, formatSize);
  add(limits.retention_min_days, (days) => `at least ${formatCount(days, 'day')}`);
  add(limits.sub_retention_days, (days) => `sub stream ${formatCount(days, 'day')}`);
  add(limits.sub_retention_bytes, (bytes) => `sub stream ${formatSize(bytes)}`);
  return words;
}

/** What the recorder says of a field, at which it is read. */
export function fieldSentence(words: string): string {
  return asSentence(/^[a-z]/.test(words) ? `This ${words}` : words);
}

export type Rule = { name: string; words: string };

/** The limits that hold for all cameras. */
export function policyRules(policy: Policy): Rule[] {
  const days = (value: number | null, otherwise: string): string =>
    value === null ? otherwise : formatCount(value, 'day');
  const bytes = (value: number | null, otherwise: string): string =>
    value === null ? otherwise : `at most ${formatSize(value)}`;
  const rules = [
    { name: 'Recordings are kept', words: days(policy.retention_days, 'until the space is needed') },
    { name: 'Sub streams are kept', words: days(policy.sub_retention_days, 'as long as the others') },
    { name: 'All recordings together', words: bytes(policy.retention_bytes, 'what the disk holds') },
    { name: 'Of them sub streams', words: bytes(policy.sub_retention_bytes, 'no limit of their own') },
    {
      name: 'Each camera keeps at least',
      words: days(policy.retention_min_days, 'no such limit'),
    },
    {
      name: 'Kept free on each volume',
      words: policy.min_free_bytes === null ? '2 % of it, from 2.1 GB to a tenth of it' : formatSize(policy.min_free_bytes),
    },
  ];
  return rules;
}

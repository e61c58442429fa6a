// SPDX-License-Identifier: MIT
import type { FieldPath, Resolver } from 'react-hook-form';
import * as z from 'zod/mini';

import type { CameraBody } from '../../api/camera-requests';
import type { FieldError } from '../../api/http';
import type { Camera, Transport } from '../../api/types';
import { resolverOf } from '../../components/resolver';
import { dayNames, readHours, writeHours, type DayName, type Schedule } from '../../lib/schedule';
import { asSentence } from '../../lib/sentence';

const addressForm = 'rtsp://192.0.2.10:554/stream1';
const notAnAddress = `Write the address as ${addressForm}.`;

/** The recorder reads it strictly; this is so that a slip is seen at once. */
function isAddress(text: string): boolean {
  return /^rtsps?:\/\/[^\s/?#]+\S*$/i.test(text);
}

function tagsOf(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

function atMost(length: number): ReturnType<typeof z.maxLength> {
  return z.maxLength(length, `This must not be longer than ${String(length)} characters.`);
}

function schemaOf(needsUrl: boolean) {
  const hours = Object.fromEntries(dayNames.map((day) => [day, z.string()])) as Record<
    DayName,
    z.ZodMiniString
  >;
  return z
    .object({
      name: z
        .string()
        .check(z.trim(), z.minLength(1, 'Give the camera a name, such as Front door.'), atMost(100)),
      url: z.string().check(
        z.trim(),
        z.refine((url) => !needsUrl || isAddress(url), notAnAddress),
        atMost(2048),
      ),
      sub_url: z.string().check(
        z.trim(),
        z.refine((url) => !needsUrl || url === '' || isAddress(url), notAnAddress),
        atMost(2048),
      ),
      username: z.string().check(atMost(256)),
      password: z.string().check(atMost(256)),
      transport: z.enum(['auto', 'tcp', 'udp', 'compat']),
      tls_fingerprint: z.string(),
      enabled: z.boolean(),
      record: z.boolean(),
      record_sub: z.boolean(),
      record_audio: z.boolean(),
      scheduled: z.boolean(),
      hours: z.object(hours),
      volume_id: z.string(),
      group: z.string().check(z.trim(), atMost(100)),
      tags: z.string(),
    })
    .check(({ value, issues }) => {
      if (value.record_sub && value.sub_url === '' && needsUrl) {
        const message = 'To record the sub stream, give its address.';
        issues.push({ code: 'custom', message, input: value, path: ['sub_url'] });
      }
      for (const day of value.scheduled ? dayNames : []) {
        const read = readHours(value.hours[day]);
        if (read.ok) continue;
        issues.push({ code: 'custom', message: read.error, input: value, path: ['hours', day] });
      }
    });
}

const wholeSchema = schemaOf(true);
const schemaWithoutUrl = schemaOf(false);

/** What is in the fields. */
export type CameraFormValues = z.infer<typeof wholeSchema>;

/** Checks the fields. `needsUrl`: false where the address is asked of the device itself. */
export function cameraResolver(needsUrl: boolean): Resolver<CameraFormValues> {
  return resolverOf(needsUrl ? wholeSchema : schemaWithoutUrl);
}

const noHours: CameraFormValues['hours'] = {
  mon: '',
  tue: '',
  wed: '',
  thu: '',
  fri: '',
  sat: '',
  sun: '',
};

/** Of a camera that is not there yet; the same as the recorder would take for what is not sent. */
export const newCameraValues: CameraFormValues = {
  name: '',
  url: '',
  sub_url: '',
  username: '',
  password: '',
  transport: 'auto',
  tls_fingerprint: '',
  enabled: true,
  record: true,
  record_sub: false,
  record_audio: true,
  scheduled: false,
  hours: noHours,
  volume_id: '',
  group: '',
  tags: '',
};

export function valuesOf(camera: Camera): CameraFormValues {
  const hours = { ...noHours };
  for (const day of dayNames) hours[day] = writeHours(camera.schedule?.[day]);
  return {
    name: camera.name,
    url: camera.url,
    sub_url: camera.sub_url ?? '',
    username: camera.username,
    password: '',
    transport: camera.transport,
    tls_fingerprint: camera.tls_fingerprint ?? '',
    enabled: camera.enabled,
    record: camera.record,
    record_sub: camera.record_sub,
    record_audio: camera.record_audio,
    scheduled: camera.schedule !== null,
    hours,
    volume_id: camera.volume_id === null ? '' : String(camera.volume_id),
    group: camera.group ?? '',
    tags: camera.tags.join(', '),
  };
}

function scheduleOf({ scheduled, hours }: CameraFormValues): Schedule | null {
  if (!scheduled) return null;
  const schedule: Schedule = {};
  for (const day of dayNames) {
    const read = readHours(hours[day]);
    if (read.ok && read.hours.length > 0) schedule[day] = read.hours;
  }
  return schedule;
}

function wholeBody(values: CameraFormValues): CameraBody {
  const emptyAsNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  return {
    name: values.name.trim(),
    url: values.url.trim(),
    sub_url: emptyAsNull(values.sub_url),
    username: values.username,
    password: values.password,
    transport: values.transport,
    tls_fingerprint: emptyAsNull(values.tls_fingerprint),
    enabled: values.enabled,
    record: values.record,
    record_sub: values.record_sub,
    record_audio: values.record_audio,
    schedule: scheduleOf(values),
    volume_id: values.volume_id === '' ? null : Number(values.volume_id),
    group: emptyAsNull(values.group),
    tags: tagsOf(values.tags),
  };
}

/** What `values` change in `before`; an empty password is the one that is stored. */
export function changesIn(values: CameraFormValues, before: CameraFormValues): CameraBody {
  const old: Record<string, unknown> = wholeBody(before);
  const changed = Object.entries(wholeBody(values)).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(old[key]),
  );
  const body: CameraBody = Object.fromEntries(changed);
  // Without a user there is nobody whose password it could be.
  if (body.username === '') body.password = '';
  return body;
}

/** What a connection needs. */
export const connectionFields = ['url', 'sub_url', 'username', 'password', 'transport'] as const;

/** Whether saving `body` connects to the camera anew. */
export function reconnects(body: CameraBody): boolean {
  const fields = [
    'url',
    'username',
    'password',
    'transport',
    'tls_fingerprint',
    'enabled',
  ] as const;
  return fields.some((field) => body[field] !== undefined);
}

export const transportNames: Record<Transport, string> = {
  auto: 'Automatic (TCP)',
  tcp: 'TCP',
  udp: 'UDP',
  compat: 'Compatible (for unusual cameras)',
};

const labels: Partial<Record<string, string>> = {
  name: 'The name',
  url: 'The address',
  sub_url: 'The address of the sub stream',
  username: 'The user name',
  password: 'The password',
  tls_fingerprint: 'The fingerprint',
  record_sub: 'The sub stream',
  volume_id: 'The volume',
  group: 'The group',
  tags: 'Tags',
};

const places: Partial<Record<string, FieldPath<CameraFormValues>>> = {
  name: 'name',
  url: 'url',
  sub_url: 'sub_url',
  username: 'username',
  password: 'password',
  transport: 'transport',
  tls_fingerprint: 'tls_fingerprint',
  enabled: 'enabled',
  record: 'record',
  record_sub: 'record_sub',
  record_audio: 'record_audio',
  schedule: 'scheduled',
  volume_id: 'volume_id',
  group: 'group',
  tags: 'tags',
};

export type PlacedError = { place: FieldPath<CameraFormValues> | null; sentence: string };

/** Where an error of the recorder belongs, and how it reads there. "tags[3]" belongs to "tags". */
export function placeError({ field, message }: FieldError): PlacedError {
  const [root = ''] = field.split(/[.[/]/);
  // "must not be empty" needs to be said of something.
  const begun = /^[a-z]/.test(message) ? `${labels[root] ?? field} ${message}` : message;
  return { place: places[root] ?? null, sentence: asSentence(begun) };
}

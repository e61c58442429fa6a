// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { makeCamera } from '../../test/samples';
import {
  cameraResolver,
  changesIn,
  newCameraValues,
  placeError,
  reconnects,
  valuesOf,
  type CameraFormValues,
} from './camera-form';

const options = { fields: {}, shouldUseNativeValidation: false };

async function errorsOf(change: Partial<CameraFormValues>, needsUrl = true): Promise<unknown> {
  const good = { ...newCameraValues, name: 'Yard', url: 'rtsp://192.0.2.10/stream1' };
  const read = await cameraResolver(needsUrl)({ ...good, ...change }, undefined, options);
  return JSON.parse(
    JSON.stringify(read.errors, (key, value: unknown) => (key === 'type' ? undefined : value)),
  );
}

describe('The fields of a camera', () => {
  it('are good with a name and an address', async () => {
    expect(await errorsOf({})).toEqual({});
    expect(await errorsOf({ url: ' RTSPS://[2001:db8::1]:322/a?b=c ' })).toEqual({});
  });

  it('are each told what is wrong with them', async () => {
    const message = 'Write the address as rtsp://192.0.2.10:554/stream1.';
    expect(await errorsOf({ name: '  ', url: '', sub_url: 'http://192.0.2.10/' })).toEqual({
      name: { message: 'Give the camera a name, such as Front door.' },
      url: { message },
      sub_url: { message },
    });
    expect(await errorsOf({ name: 'x'.repeat(101) })).toEqual({
      name: { message: 'This must not be longer than 100 characters.' },
    });
  });

  it('need no address where the device is asked for it', async () => {
    expect(await errorsOf({ url: '', record_sub: true }, false)).toEqual({});
  });

  it('need a sub stream to record it', async () => {
    expect(await errorsOf({ record_sub: true })).toEqual({
      sub_url: { message: 'To record the sub stream, give its address.' },
    });
  });

  it('have their hours checked only when hours are wanted', async () => {
    const hours = { ...newCameraValues.hours, tue: '9-8', sun: 'noon' };
    expect(await errorsOf({ hours })).toEqual({});
    expect(await errorsOf({ hours, scheduled: true })).toEqual({
      hours: {
        tue: { message: 'These hours end before they begin; for a night, give both days a part.' },
        sun: { message: 'Write hours as 08:00-18:00, several with commas between them.' },
      },
    });
  });
});

describe('changesIn', () => {
  const camera = makeCamera({
    group: 'Yard',
    tags: ['night', 'gate'],
    schedule: { mon: [['08:00', '12:30']] },
  });
  const before = valuesOf(camera);

  it('finds nothing where nothing was changed', () => {
    expect(changesIn(before, before)).toEqual({});
    expect(changesIn({ ...before, name: ' Front door ', tags: 'night,gate' }, before)).toEqual({});
  });

  it('sends only what was changed', () => {
    expect(changesIn({ ...before, name: 'Door', sub_url: 'rtsp://a/b' }, before)).toEqual({
      name: 'Door',
      sub_url: 'rtsp://a/b',
    });
    expect(changesIn({ ...before, group: '', tags: 'a, b, a,' }, before)).toEqual({
      group: null,
      tags: ['a', 'b'],
    });
    expect(changesIn({ ...before, scheduled: false }, before)).toEqual({ schedule: null });
    const hours = { ...before.hours, mon: '', sat: '0-24' };
    expect(changesIn({ ...before, hours }, before)).toEqual({
      schedule: { sat: [['00:00', '24:00']] },
    });
  });

  it('keeps the stored password, unless there is no user any more', () => {
    expect(changesIn({ ...before, password: 'new' }, before)).toEqual({ password: 'new' });
    expect(changesIn({ ...before, username: 'root' }, before)).toEqual({ username: 'root' });
    expect(changesIn({ ...before, username: '' }, before)).toEqual({ username: '', password: '' });
  });

  it('knows which of them connect anew', () => {
    expect(reconnects({ name: 'Door', record: false })).toBe(false);
    expect(reconnects({ password: 'new' })).toBe(true);
    expect(reconnects({ enabled: false })).toBe(true);
  });
});

describe('placeError', () => {
  it('makes a sentence of what the recorder says, at its field', () => {
    expect(placeError({ field: 'name', message: 'must not contain control characters' })).toEqual({
      place: 'name',
      sentence: 'The name must not contain control characters.',
    });
    expect(placeError({ field: 'url', message: 'The address has no host; write another.' })).toEqual({
      place: 'url',
      sentence: 'The address has no host; write another.',
    });
    expect(placeError({ field: 'tags[3]', message: 'must be a text' }).place).toBe('tags');
    expect(placeError({ field: 'schedule', message: '"xyz" is no day' }).place).toBe('scheduled');
  });

  it('keeps what belongs to no field', () => {
    expect(placeError({ field: 'retention_days', message: 'is not supported yet' })).toEqual({
      place: null,
      sentence: 'Retention_days is not supported yet.',
    });
  });
});

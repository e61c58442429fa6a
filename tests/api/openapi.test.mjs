// SPDX-License-Identifier: MIT
// data/openapi.yaml is well made, served, and what the program does.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { createConfig, lintFromString } from '@redocly/openapi-core';

import { Daemon, Socket, until } from '../e2e/daemon.mjs';
import { OnvifDevice } from '../support/onvif_device.mjs';
import { assertAnswer, file, operations, text } from './openapi.mjs';

// A WebSocket answers with 101, so there is an operation without a 2XX.
const rules = { extends: ['recommended'], rules: { 'operation-2xx-response': 'off' } };

test('the document is valid OpenAPI 3.1', async () => {
  const config = await createConfig(rules);

  const problems = await lintFromString({ source: text, absoluteRef: file, config });

  const told = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`);
  assert.deepEqual(told, []);
});

test('a wrong document is found', async () => {
  const config = await createConfig(rules);
  const source = text.replace("'#/components/schemas/Health'", "'#/components/schemas/Wealth'");

  assert.ok((await lintFromString({ source, absoluteRef: file, config })).length > 0);
  assert.throws(() => assertAnswer('GET', '/health', 200, 'application/json', '{"status":"fine"}'));
  assert.throws(() => assertAnswer('GET', '/health', 418, 'application/json', '{}'));
  assert.throws(() => assertAnswer('GET', '/api/cameras', 200, 'text/html', '[]'));
  assert.throws(() => assertAnswer('GET', '/api/unknown', 200, 'application/json', '{}'));
});

test('the program serves it, and every operation answers as it says', async (t) => {
  const daemon = await Daemon.start({ demo: 1 });
  t.after(() => daemon.remove());
  const served = await daemon.fetch('/api/openapi.yaml');
  assert.match(served.headers.get('content-type'), /^application\/yaml/);
  assert.equal(await served.text(), text);
  const { id } = (await daemon.json('/api/cameras')).items[0];
  const recording = await until('a recording', async () => (await daemon.recordings())[0], 60_000);
  const playlist = await until('a playlist', async () => {
    const answer = await daemon.fetch(`/api/cameras/${id}/stream/hls/playlist.m3u8`);
    return answer.status === 200 && answer.text();
  });
  const [, segment] = /(\d+)\.ts/.exec(playlist);
  const seen = new Map();
  const ask = async (operationId, method, target, body, headers = {}) => {
    const sent = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const answer = await daemon.fetch(target, { method, headers: { ...sent, ...headers }, body: body && JSON.stringify(body) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    assertAnswer(method, target, answer.status, answer.headers.get('content-type'), bytes.toString());
    seen.set(operationId, [...(seen.get(operationId) ?? []), answer.status]);
    return /json$/.test(answer.headers.get('content-type')) ? JSON.parse(bytes.toString()) : undefined;
  };

  await ask('getHealth', 'GET', '/health');
  await ask('getMetrics', 'GET', '/metrics');
  await ask('getOpenapi', 'GET', '/api/openapi.yaml');
  await ask('openEvents', 'GET', '/api/events');
  const events = await Socket.open(daemon.url, '/api/events', 'ronin.events.1');
  assert.match(events.head, /^HTTP\/1.1 101 /);
  seen.get('openEvents').push(101);
  events.close();
  await ask('openLive', 'GET', '/api/live');
  const live = await Socket.open(daemon.url, '/api/live', 'ronin.live.1');
  assert.match(live.head, /^HTTP\/1.1 101 /);
  seen.get('openLive').push(101);
  live.close();
  const camera = { name: 'Shed', url: 'rtsp://bob:secret@192.0.2.1/s', enabled: false, group: 'Yard', tags: ['a'] };
  const added = await ask('addCamera', 'POST', '/api/cameras', camera);
  const own = `/api/cameras/${added.id}`;
  for (const target of ['/api/cameras', '/api/cameras?group=yard&tag=A', '/api/cameras?limit=1', '/api/cameras?limit=0']) {
    await ask('listCameras', 'GET', target);
  }
  await ask('addCamera', 'POST', '/api/cameras', camera);
  await ask('addCamera', 'POST', '/api/cameras', { name: '' });
  await ask('addCamera', 'POST', '/api/cameras', '');
  await ask('getCamera', 'GET', own);
  await ask('getCamera', 'GET', `/api/cameras/${id}`);
  await ask('getCamera', 'GET', '/api/cameras/999');
  await ask('putCamera', 'PUT', own, { ...added, group: null });
  await ask('putCamera', 'PUT', own, {});
  await ask('patchCamera', 'PATCH', own, { tags: ['b'] });
  await ask('patchCamera', 'PATCH', own, { tags: 7 });
  await ask('replaceCamera', 'POST', `${own}/replace`, { url: 'rtsp://192.0.2.2/s' });
  await ask('replaceCamera', 'POST', `${own}/replace`, {});
  const exported = await ask('exportCameras', 'GET', '/api/cameras/export');
  await ask('exportCamerasWithSecrets', 'POST', '/api/cameras/export', { passphrase: 'correct horse' });
  await ask('exportCamerasWithSecrets', 'POST', '/api/cameras/export', {});
  await ask('importCameras', 'POST', '/api/cameras/import?on_conflict=skip', exported);
  await ask('importCameras', 'POST', '/api/cameras/import?dry_run=true', { cameras: [{ ...camera, name: 'Not stored' }] });
  await ask('importCameras', 'POST', '/api/cameras/import', exported);
  await ask('importCameras', 'POST', '/api/cameras/import', { cameras: 7 });
  for (const action of ['start', 'stop']) await ask(`${action}Recording`, 'POST', `${own}/recording/${action}`);
  const nowhere = await (await daemon.post('/api/cameras', { name: 'Nowhere', url: 'rtsp://127.0.0.1:1/s' })).json();
  await until('a try at once', async () => {
    await ask('retryCamera', 'POST', `/api/cameras/${nowhere.id}/retry`);
    return seen.get('retryCamera').includes(202);
  });
  await ask('retryCamera', 'POST', `${own}/retry`);
  await ask('retryCamera', 'POST', '/api/cameras/999/retry');
  await ask('getRecordingStatus', 'GET', `${own}/recording/status`);
  await ask('getRecordingStatus', 'GET', `/api/cameras/${id}/recording/status`);
  await ask('getPipeline', 'GET', `/api/cameras/${id}/pipeline`);
  await ask('getPipeline', 'GET', `${own}/pipeline`);
  await ask('getTalk', 'GET', `/api/cameras/${id}/talk`);
  await ask('getTalk', 'GET', `${own}/talk`);
  await ask('getTalk', 'GET', '/api/cameras/999/talk');
  await ask('openTalk', 'GET', '/api/talk');
  const talk = await Socket.open(daemon.url, '/api/talk', 'ronin.talk.1');
  assert.match(talk.head, /^HTTP\/1.1 101 /);
  seen.get('openTalk').push(101);
  talk.close();
  await ask('getSnapshot', 'GET', `/api/cameras/${id}/snapshot.jpg?width=160`);
  await ask('getSnapshot', 'GET', `/api/cameras/${id}/snapshot.jpg`, undefined, { 'If-None-Match': '*' });
  await ask('getSnapshot', 'GET', `${own}/snapshot.jpg`);
  await ask('getSnapshot', 'GET', `${own}/snapshot.jpg?width=1`);
  await ask('getSnapshot', 'GET', `${own}/snapshot.jpg?last=true`);
  await ask('getPlaylist', 'GET', `/api/cameras/${id}/stream/hls/playlist.m3u8`);
  await ask('getPlaylist', 'GET', `/api/cameras/${id}/stream/hls/playlist.m3u8?block=true&_HLS_msn=${segment}`);
  await ask('getPlaylist', 'GET', `/api/cameras/${id}/stream/hls/playlist.m3u8?block=yes&_HLS_msn=-1`);
  await ask('getPlaylist', 'GET', '/api/cameras/999/stream/hls/playlist.m3u8');
  await ask('getLiveSegment', 'GET', `/api/cameras/${id}/stream/hls/${segment}.ts`);
  await ask('getLiveSegment', 'GET', `/api/cameras/${id}/stream/hls/999999.ts`);
  const low = `/api/cameras/${id}/stream/ll`;
  const parts = await until('a playlist of parts', async () => {
    const answer = await daemon.fetch(`${low}/playlist.m3u8`);
    return answer.status === 200 && answer.text();
  });
  const [, part] = /PART:.*URI="(\d+\.\d+)\.m4s/.exec(parts);
  await ask('getLowLatencyPlaylist', 'GET', `${low}/playlist.m3u8`);
  await ask('getLowLatencyPlaylist', 'GET', `${low}/playlist.m3u8?_HLS_part=1`);
  await ask('getLowLatencyPlaylist', 'GET', `${own}/stream/ll/playlist.m3u8`);
  await ask('getLowLatencyPlaylist', 'GET', '/api/cameras/999/stream/ll/playlist.m3u8');
  await ask('getLowLatencyInit', 'GET', `${low}/init.mp4`);
  await ask('getLowLatencyInit', 'GET', `${low}/init.mp4?id=999`);
  await ask('getLowLatencyPiece', 'GET', `${low}/${part}.m4s`);
  await ask('getLowLatencyPiece', 'GET', `${low}/1.m4s`);
  await ask('listRecordings', 'GET', `/api/recordings?camera_id=${id}`);
  await ask('getRecording', 'GET', `/api/recordings/${recording.id}`);
  await ask('getRecording', 'GET', '/api/recordings/999');
  await ask('getRecordingFile', 'GET', `/api/recordings/${recording.id}/stream`, undefined, { Range: 'bytes=0-9' });
  await ask('getRecordingFile', 'HEAD', `/api/recordings/${recording.id}/stream`);
  const itself = `/api/recordings/${recording.id}`;
  await ask('listRecordings', 'GET', '/api/recordings?protected=true');
  await ask('patchRecording', 'PATCH', itself, { protected: true });
  await ask('patchRecording', 'PATCH', itself, { protected: 7 });
  await ask('patchRecording', 'PATCH', '/api/recordings/999', { protected: true });
  await ask('deleteRecording', 'DELETE', itself);
  await ask('deleteRecording', 'DELETE', '/api/recordings/999');
  await ask('removeCamera', 'DELETE', `/api/cameras/${id}?footage=delete`);
  await ask('patchRecording', 'PATCH', itself, { protected: false });
  await until('its file is closed', async () => (await daemon.json(itself)).state !== 'recording');
  await ask('deleteRecording', 'DELETE', itself);
  await ask('getTimeline', 'GET', `/api/timeline?camera_id=${id}&start=${Date.now() - 60_000}&end=${Date.now()}`);
  await ask('getStorageStats', 'GET', '/api/storage/stats');
  await ask('getStorageDays', 'GET', '/api/storage/days?start=2026-11-01&end=2026-11-28');
  await ask('getStorageDays', 'GET', '/api/storage/days?start=today');
  await ask('listAlarms', 'GET', '/api/alarms');
  const { url } = await daemon.camera(id);
  await ask('testNewCamera', 'POST', '/api/cameras/test', { url });
  await ask('testNewCamera', 'POST', '/api/cameras/test', {});
  await ask('testCamera', 'POST', `/api/cameras/${id}/test`);
  await ask('testCamera', 'POST', '/api/cameras/999/test');
  const password = 'a device password';
  const device = await OnvifDevice.start({ stream: url, password, discover: true });
  t.after(() => device.stop());
  await ask('findDevices', 'POST', '/api/discovery');
  await ask('findDevices', 'POST', '/api/discovery', { colour: 1 });
  const found = await ask('readDevice', 'POST', '/api/discovery/device', { xaddr: device.url, username: 'admin', password });
  await ask('readDevice', 'POST', '/api/discovery/device', { xaddr: device.url, username: 'admin', password: 'wrong' });
  await ask('readDevice', 'POST', '/api/discovery/device', {});
  await ask('patchCamera', 'PATCH', own, { onvif_url: found.onvif_url, url, username: 'admin', password });
  await ask('listPresets', 'GET', `${own}/ptz`);
  await ask('turnCamera', 'POST', `${own}/ptz`, { stop: true });
  await ask('turnCamera', 'POST', `${own}/ptz`, { stop: 7 });
  await ask('setUpCamera', 'POST', `${own}/onvif/apply`, { fps: 12 });
  await ask('setUpCamera', 'POST', `${own}/onvif/apply`, { fps: 'many' });
  const policy = await ask('getPolicy', 'GET', '/api/storage/policy');
  await ask('putPolicy', 'PUT', '/api/storage/policy', { ...policy, retention_days: 7 });
  await ask('putPolicy', 'PUT', '/api/storage/policy', { retention_min_days: 8 });
  await ask('putPolicy', 'PUT', '/api/storage/policy', 'x');
  await ask('getPolicy', 'GET', '/api/storage/policy');
  await ask('previewPolicy', 'POST', '/api/storage/policy/preview', { retention_bytes: 1, cameras: [{ id, retention_min_days: 1 }] });
  await ask('previewPolicy', 'POST', '/api/storage/policy/preview', { cameras: [{ id: 999 }] });
  await ask('enforcePolicy', 'POST', '/api/storage/enforce');
  await ask('confirmClock', 'POST', '/api/storage/clock/confirm');
  await ask('putPreferences', 'PUT', '/api/me/preferences', { live: { layout: '2x2' } });
  await ask('putPreferences', 'PUT', '/api/me/preferences', []);
  await ask('putPreferences', 'PUT', '/api/me/preferences', {}, { 'If-Match': '"0"' });
  await ask('getPreferences', 'GET', '/api/me/preferences');
  await ask('getPreferences', 'GET', '/api/me/preferences', undefined, { 'If-None-Match': '"1"' });
  const volumes = '/api/storage/volumes';
  const [configured] = (await ask('listVolumes', 'GET', volumes)).items;
  await ask('listVolumes', 'GET', `${volumes}?colour=red`);
  const folder = await mkdtemp(path.join(tmpdir(), 'ronin-volume-'));
  t.after(() => rm(folder, { recursive: true }));
  const volume = await ask('addVolume', 'POST', volumes, { path: folder, role: 'archive' });
  await ask('addVolume', 'POST', volumes, { path: folder });
  await ask('addVolume', 'POST', volumes, {});
  await ask('patchVolume', 'PATCH', `${volumes}/${volume.id}`, { ...volume, move_after_days: 30 });
  await ask('patchVolume', 'PATCH', `${volumes}/${volume.id}`, { weight: 'heavy' });
  await ask('patchVolume', 'PATCH', `${volumes}/999`, {});
  await ask('removeVolume', 'DELETE', `${volumes}/${volume.id}`);
  await ask('removeVolume', 'DELETE', `${volumes}/${volume.id}`);
  await ask('removeVolume', 'DELETE', `${volumes}/${configured.id}`);
  await ask('removeCamera', 'DELETE', own);
  await ask('removeCamera', 'DELETE', own);
  await ask('restoreCamera', 'POST', `${own}/restore`);
  await ask('restoreCamera', 'POST', `${own}/restore`);

  for (const { operation } of operations) {
    const statuses = seen.get(operation.operationId) ?? [];
    assert.ok(statuses.some((one) => one < 400), `${operation.operationId} was never seen to work: ${statuses}`);
  }
});

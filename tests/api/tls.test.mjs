// SPDX-License-Identifier: MIT
// Cameras with TLS: what is trusted, what the user is told of what is not, and what he may trust.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Daemon, until } from '../e2e/daemon.mjs';
import { holdAllAnswers } from './openapi.mjs';
import { loadClip } from './rtp_clip.mjs';
import { ScriptedCamera } from './scripted_camera.mjs';

holdAllAnswers();

const run = promisify(execFile);
const sdp = 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n';

/** Certificates of an issuer that the recorder knows, and of cameras that sign for themselves. */
class Issuer {
  static async make() {
    const issuer = new Issuer();
    issuer.folder = await mkdtemp(path.join(tmpdir(), 'ronin-tls-'));
    await issuer.selfSigned('issuer', 'Test issuer');
    return issuer;
  }

  file(name) {
    return path.join(this.folder, name);
  }

  async openssl(...args) {
    await run('openssl', args, { cwd: this.folder });
  }

  async selfSigned(name, subject) {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`];
    await this.openssl('req', '-x509', ...key, '-days', '2', '-subj', `/O=Maker/CN=${subject}`, '-out', `${name}.pem`);
    return this.pair(name);
  }

  async signed(name, address) {
    await writeFile(this.file('san'), `subjectAltName=IP:${address}\n`);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`];
    await this.openssl('req', ...key, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
    const by = ['-CA', 'issuer.pem', '-CAkey', 'issuer.key', '-CAcreateserial', '-extfile', 'san'];
    await this.openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-days', '2', '-out', `${name}.pem`);
    return this.pair(name);
  }

  async pair(name) {
    const [key, cert] = await Promise.all([`${name}.key`, `${name}.pem`].map((file) => readFile(this.file(file))));
    return { key, cert, sha256: new X509Certificate(cert).fingerprint256 };
  }
}

describe('a camera with TLS', () => {
  let issuer;
  let daemon;
  let camera;
  let own;
  let id;
  const servers = [];

  async function start(tls) {
    const server = await ScriptedCamera.start({ sdp, clips: { h264: await loadClip('h264') }, tls });
    servers.push(server);
    return server;
  }

  async function add(name, url) {
    const answer = await daemon.post('/api/cameras', { name, url });
    assert.equal(answer.status, 201, await answer.clone().text());
    return (await answer.json()).id;
  }

  function patch(change) {
    return daemon.fetch(`/api/cameras/${id}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(change) });
  }

  const recording = (one) => until('it is recorded', async () => (await daemon.camera(one)).status === 'recording');
  const refused = (one) =>
    until('a certificate is refused', async () => {
      const { last_error: error } = await daemon.camera(one);
      return error?.code === 'tls' && error;
    });
  const tested = async (body, of = '') => (await daemon.post(`/api/cameras${of}/test`, body)).json();

  before(async () => {
    issuer = await Issuer.make();
    own = await issuer.selfSigned('camera', 'Camera 7');
    camera = await start(own);
    // The only issuer that the recorder knows, in a view of the file system of its own.
    const trust = 'mount --bind "$0" "$(readlink -f /etc/ssl/certs/ca-certificates.crt)" && exec "$@"';
    const prefix = ['unshare', '--map-root-user', '--mount', 'sh', '-c', trust, issuer.file('issuer.pem')];
    daemon = await Daemon.start({ prefix, args: ['--set', 'allow_loopback_cameras=true'] });
  });
  after(async () => {
    await daemon?.remove();
    for (const server of servers) server.stop();
    await rm(issuer.folder, { recursive: true });
  });

  test('a certificate that nobody vouches for is refused, and shown', async () => {
    id = await add('Yard', camera.url);
    const error = await refused(id);

    assert.match(error.message, /not one that this machine trusts \(its issuer is not known here/);
    const { sha256, subject, issuer: by, not_after: end } = error.certificate;
    assert.equal(sha256, own.sha256);
    assert.match(subject, /CN=Camera 7/);
    assert.equal(by, subject);
    assert.equal(Date.parse(end), Date.parse(new X509Certificate(own.cert).validTo));
    assert.match(error.certificate.reason, /its issuer is not known here/);
    assert.equal((await daemon.camera(id)).tls_fingerprint, null);
    assert.equal(camera.requests.length, 0, 'nothing was said to it');
  });

  test('the test of a camera shows it too, and takes a fingerprint that is not saved', async () => {
    const { ok, error } = await tested({ url: camera.url });
    assert.deepEqual([ok, error.code, error.certificate.sha256], [false, 'tls', own.sha256]);

    const trusted = await tested({ url: camera.url, tls_fingerprint: own.sha256 });
    assert.equal(trusted.ok, true, JSON.stringify(trusted.error));
  });

  test('something that is no fingerprint is refused, and nothing changes', async () => {
    for (const wrong of ['AA:BB', own.sha256.slice(3), `${own.sha256}:00`, 'yes', 7, [own.sha256]]) {
      const answer = await patch({ tls_fingerprint: wrong });
      assert.equal(answer.status, 422, JSON.stringify(wrong));
      assert.deepEqual((await answer.json()).errors.map((one) => one.field), ['tls_fingerprint']);
    }
    assert.equal((await daemon.camera(id)).tls_fingerprint, null);
  });

  // The test before has left a session, which TLS resumes without a question.
  test('another fingerprint does not help', async () => {
    const { length } = camera.requests;
    assert.equal((await patch({ tls_fingerprint: own.sha256.replaceAll(/\w/g, '0') })).status, 200);
    assert.match((await refused(id)).message, /has changed/);
    assert.equal(camera.requests.length, length);
  });

  test('with its fingerprint, however it is written, it is recorded, and the list has it in one form', async () => {
    const answer = await patch({ tls_fingerprint: own.sha256.toLowerCase().replaceAll(':', '') });
    assert.equal((await answer.json()).tls_fingerprint, own.sha256);
    await recording(id);
    assert.equal((await daemon.camera(id)).last_error, null);
    assert.equal((await tested({}, `/${id}`)).ok, true);
    const file = await daemon.json('/api/cameras/export');
    assert.equal(file.cameras[0].tls_fingerprint, own.sha256);
  });

  test('trust that is taken back counts at once', async () => {
    assert.equal((await (await patch({ tls_fingerprint: null })).json()).tls_fingerprint, null);
    assert.match((await refused(id)).message, /not one that this machine trusts/);
    assert.equal((await patch({ tls_fingerprint: own.sha256 })).status, 200);
    await recording(id);
  });

  test('another certificate in its place is refused, and said to be another', async () => {
    const other = await issuer.selfSigned('other', 'Camera 7');
    camera.server.setSecureContext(other);
    camera.hangUp();
    const error = await refused(id);

    assert.match(error.message, /certificate has changed/);
    assert.equal(error.certificate.sha256, other.sha256);
    const { error: told } = await tested({}, `/${id}`);
    assert.deepEqual([told.code, told.certificate.sha256], ['tls', other.sha256]);
    assert.match(told.message, /certificate has changed/);
    await patch({ tls_fingerprint: other.sha256 });
    await recording(id);
  });

  test('one of an issuer that is known needs no fingerprint, also when it is renewed', async () => {
    const renewed = await issuer.signed('renewed', '127.0.0.1');
    const { url } = await start(await issuer.signed('known', '127.0.0.1'));
    await recording(await add('Gate', url));

    camera.server.setSecureContext(renewed);
    const before = camera.connections;
    camera.hangUp();
    await until('it has connected again', () => camera.connections > before);
    await recording(id);
    assert.equal((await daemon.camera(id)).last_error.code === 'tls', false);
  });

  test('one of that issuer for another address is refused', async () => {
    const { url } = await start(await issuer.signed('elsewhere', '192.0.2.1'));
    const { certificate } = await refused(await add('Shed', url));
    assert.equal(certificate.reason, 'it is made for another address');
    assert.match(certificate.issuer, /Test issuer/);
  });

  test('what speaks no TLS is said to', async () => {
    const plain = await ScriptedCamera.start({ sdp, clips: {} });
    servers.push(plain);
    const { error } = await tested({ url: plain.url.replace('rtsp://', 'rtsps://') });
    assert.deepEqual([error.code, error.certificate], ['tls', undefined]);
    assert.match(error.message, /not with TLS/);
  });
});

// SPDX-License-Identifier: MIT
// A simulated ONVIF device: WS-Discovery on loopback and SOAP over HTTP, by Node's own modules, so
// that it agrees with the recorder only where both follow the standard.
//   node onvif_device.mjs --stream rtsp://… [--sub rtsp://…] [--user U --password P] [--port N]
//     [--mode NAME[,NAME…]]     prints "ready http://…/onvif/device_service"
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import dgram from 'node:dgram';
import http from 'node:http';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const ns = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media: 'http://www.onvif.org/ver10/media/wsdl',
  media2: 'http://www.onvif.org/ver20/media/wsdl',
  ptz: 'http://www.onvif.org/ver20/ptz/wsdl',
};
const group = '239.255.255.250';
const sizes = [[1920, 1080], [1280, 720], [640, 360]];
const sizeList = (prefix) =>
  sizes.map(([w, h]) => `<${prefix}ResolutionsAvailable><tt:Width>${w}</tt:Width><tt:Height>${h}</tt:Height></${prefix}ResolutionsAvailable>`).join('');
const range = (name, min, max) => `<tt:${name}><tt:Min>${min}</tt:Min><tt:Max>${max}</tt:Max></tt:${name}>`;
const inside = (text, name) => new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(text)?.[1];
const attribute = (text, name) => new RegExp(` ${name}="([^"]*)"`).exec(text)?.[1];
const hash = (kind, text, form = 'hex') => createHash(kind).update(text).digest(form);

/**
 * What a device can be like; any of them together:
 * token (asks for WS-UsernameToken), digest (asks for HTTP Digest), basic (asks for HTTP Basic),
 * media1 (no Media2), no-ptz, old (GetCapabilities only), locked-clock (its clock asks for a password,
 * too), elsewhere (names another host), stubborn (takes settings and keeps none), slow (never
 * answers), drip (answers a byte a second), huge, bomb, entity, deep, html, redirect, fault.
 */
export class OnvifDevice {
  calls = [];
  refused = 0;
  presets = [['1', 'Gate'], ['2', 'Yard & door']];
  encoders = {
    main: { codec: 'H264', width: 1920, height: 1080, fps: 25, gov: 100, kbit: 4096 },
    sub: { codec: 'H264', width: 640, height: 360, fps: 10, gov: 20, kbit: 512 },
  };

  static async start({ modes = [], stream, sub, user = 'admin', password = 'secret', port = 0, clockOffsetS = 0, discover = true, name = 'Front%20door' } = {}) {
    const device = new OnvifDevice();
    Object.assign(device, { modes: new Set(modes), user, password, clockOffsetS, name });
    device.streams = { main: stream, sub };
    device.id = randomUUID();
    device.nonce = randomBytes(8).toString('hex');
    device.usedNonces = new Set();
    device.server = http.createServer((request, answer) => device.#read(request, answer));
    await new Promise((done) => device.server.listen(port, '127.0.0.1', done));
    device.port = device.server.address().port;
    device.origin = `http://127.0.0.1:${device.port}`;
    device.url = `${device.origin}/onvif/device_service`;
    if (discover) await device.#listen();
    return device;
  }

  stop() {
    this.udp?.close();
    this.server.closeAllConnections();
    this.server.close();
  }

  /** The operations that were asked for, in order. */
  operations() {
    return this.calls.map((call) => call.operation);
  }

  last(operation) {
    return this.calls.findLast((call) => call.operation === operation);
  }

  now() {
    return new Date(Date.now() + this.clockOffsetS * 1000);
  }

  // --- Discovery -------------------------------------------------------------------------------

  #listen() {
    this.udp = dgram.createSocket({ type: 'udp4', reuseAddr: true });
    this.udp.on('message', (text, from) => this.#answerProbe(text.toString(), from));
    return new Promise((done) => {
      this.udp.bind(3702, () => {
        this.udp.addMembership(group, '127.0.0.1');
        done();
      });
    });
  }

  #answerProbe(text, from) {
    const message = inside(text, 'MessageID');
    if (!text.includes('/discovery/Probe') || message === undefined) return;
    const xaddr = this.modes.has('elsewhere') ? this.url.replace('127.0.0.1', '203.0.113.9') : this.url;
    const head = this.modes.has('bomb') ? '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' : '';
    const answer = `${head}<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header><w:RelatesTo>${message}</w:RelatesTo></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch><w:EndpointReference><w:Address>urn:uuid:${this.id}</w:Address></w:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/${this.name} onvif://www.onvif.org/hardware/SIM-1 onvif://www.onvif.org/location/yard</d:Scopes><d:XAddrs>${xaddr}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>`;
    this.udp.send(answer, from.port, from.address);
  }

  // --- HTTP ------------------------------------------------------------------------------------

  #read(request, answer) {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => this.#serve(request, body, answer));
  }

  #serve(request, body, answer) {
    const operation = /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '';
    const service = Object.keys(ns).find((name) => body.includes(`<${operation} xmlns="${ns[name]}"`));
    const call = { operation, service, body, signedBy: null, headers: request.headers, path: request.url };
    this.calls.push(call);
    if (this.modes.has('slow')) return;
    if (this.#oddAnswer(answer)) return;
    const open = operation === 'GetSystemDateAndTime' && !this.modes.has('locked-clock');
    if (!open && !this.#authorised(request, body, call)) {
      this.refused += 1;
      this.#refuse(answer);
      return;
    }
    if (this.modes.has('fault') && operation !== 'GetSystemDateAndTime') {
      this.#fault(answer, 500, 's:Receiver', 'ter:Action', 'The lens is on fire');
      return;
    }
    const text = this.#answer(service, operation, body);
    if (text === undefined) {
      this.#fault(answer, 400, 's:Receiver', 'ter:ActionNotSupported', 'Not here');
    } else {
      this.#send(answer, 200, `<x:${operation}Response xmlns:x="${ns[service]}">${text}</x:${operation}Response>`);
    }
  }

  #oddAnswer(answer) {
    const xml = { 'Content-Type': 'application/soap+xml' };
    const lots = 'x'.repeat(64 * 1024);
    if (this.modes.has('huge')) {
      answer.writeHead(200, xml);
      answer.write('<a>');
      const more = () => {
        while (!answer.destroyed && answer.write(lots));
      };
      answer.on('drain', more);
      more();
    } else if (this.modes.has('drip')) {
      answer.writeHead(200, xml);
      const timer = setInterval(() => answer.write(' '), 1000);
      answer.on('close', () => clearInterval(timer));
    } else if (this.modes.has('bomb')) {
      const levels = [...'bcdefghij'].map((name, at) => `<!ENTITY ${name} "${`&${'abcdefghi'[at]};`.repeat(10)}">`);
      answer.writeHead(200, xml).end(`<!DOCTYPE x [<!ENTITY a "lol">${levels.join('')}]><s:Envelope xmlns:s="s"><s:Body><a>&j;</a></s:Body></s:Envelope>`);
    } else if (this.modes.has('entity')) {
      answer.writeHead(200, xml).end(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "${this.origin}/fetched">]><s:Envelope xmlns:s="s"><s:Body><a>&a;&b;</a></s:Body></s:Envelope>`);
    } else if (this.modes.has('deep')) {
      answer.writeHead(200, xml).end('<a>'.repeat(100_000));
    } else if (this.modes.has('html')) {
      answer.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><body><p>Welcome<br></body></html>');
    } else if (this.modes.has('redirect')) {
      answer.writeHead(302, { Location: 'http://203.0.113.9/onvif/device_service' }).end();
    } else {
      return false;
    }
    return true;
  }

  #send(answer, status, body, headers = {}) {
    answer.writeHead(status, { 'Content-Type': 'application/soap+xml; charset=utf-8', ...headers });
    answer.end(`<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>${body}</s:Body></s:Envelope>`);
  }

  #fault(answer, status, code, subcode, reason, headers) {
    this.#send(answer, status, `<s:Fault><s:Code><s:Value>${code}</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`, headers);
  }

  // --- Passwords -------------------------------------------------------------------------------

  #authorised(request, body, call) {
    const asks = ['token', 'digest', 'basic'].filter((mode) => this.modes.has(mode));
    if (asks.length === 0) return true;
    if (this.modes.has('token') && this.#goodToken(body)) call.signedBy = 'token';
    if (this.modes.has('digest') && this.#goodDigest(request)) call.signedBy = 'digest';
    return call.signedBy !== null;
  }

  #goodToken(body) {
    const nonce = inside(body, 'Nonce');
    const created = inside(body, 'Created');
    if (nonce === undefined || inside(body, 'Username') !== this.user || this.usedNonces.has(nonce)) return false;
    this.usedNonces.add(nonce);
    if (Math.abs(Date.parse(created) - this.now()) > 10_000) return false;
    const bytes = Buffer.concat([Buffer.from(nonce, 'base64'), Buffer.from(created + this.password)]);
    return inside(body, 'Password') === hash('sha1', bytes, 'base64');
  }

  #goodDigest(request) {
    const given = request.headers.authorization ?? '';
    const field = (name) => new RegExp(`\\b${name}="?([^",]*)`).exec(given)?.[1];
    if (!given.startsWith('Digest ') || field('username') !== this.user || field('nonce') !== this.nonce) return false;
    const who = hash('md5', `${this.user}:onvif:${this.password}`);
    const what = hash('md5', `POST:${request.url}`);
    return field('response') === hash('md5', `${who}:${this.nonce}:${field('nc')}:${field('cnonce')}:auth:${what}`);
  }

  #refuse(answer) {
    if (this.modes.has('digest')) {
      answer.writeHead(401, { 'WWW-Authenticate': `Digest realm="onvif", qop="auth", algorithm=MD5, nonce="${this.nonce}"` }).end();
    } else if (this.modes.has('basic')) {
      answer.writeHead(401, { 'WWW-Authenticate': 'Basic realm="onvif"' }).end();
    } else {
      this.#fault(answer, 400, 's:Sender', 'ter:NotAuthorized', 'Sender not authorized');
    }
  }

  // --- Services --------------------------------------------------------------------------------

  #answer(service, operation, body) {
    if (service === 'device') return this.#device(operation, body);
    if (service === 'media2' && this.modes.has('media1')) return undefined;
    if (service === 'media' || service === 'media2') return this.#media(service, operation, body);
    if (service === 'ptz' && !this.modes.has('no-ptz')) return this.#ptz(operation);
    return undefined;
  }

  #address(service) {
    const url = `${this.origin}/onvif/${service}_service`;
    return this.modes.has('elsewhere') ? url.replace('127.0.0.1', '203.0.113.9') : url;
  }

  #services() {
    const names = ['device', 'media', 'media2', 'ptz'];
    return names.filter((name) => !(name === 'media2' && this.modes.has('media1')) && !(name === 'ptz' && this.modes.has('no-ptz')));
  }

  #device(operation, body) {
    if (operation === 'GetSystemDateAndTime') {
      const now = this.now();
      return `<x:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>CET-1CEST</tt:TZ></tt:TimeZone><tt:UTCDateTime><tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></x:SystemDateAndTime>`;
    }
    if (operation === 'SetSystemDateAndTime') {
      const number = (name) => Number(inside(body, name));
      const time = Date.UTC(number('Year'), number('Month') - 1, number('Day'), number('Hour'), number('Minute'), number('Second'));
      this.clockOffsetS = (time - Date.now()) / 1000;
      return '';
    }
    if (operation === 'GetDeviceInformation') {
      return '<x:Manufacturer>Simulated &amp; Co</x:Manufacturer><x:Model>SIM-1</x:Model><x:FirmwareVersion>1.2.3</x:FirmwareVersion><x:SerialNumber>0042</x:SerialNumber><x:HardwareId>1</x:HardwareId>';
    }
    if (operation === 'GetServices' && !this.modes.has('old')) {
      return this.#services().map((name) => `<x:Service><x:Namespace>${ns[name]}</x:Namespace><x:XAddr>${this.#address(name)}</x:XAddr></x:Service>`).join('');
    }
    if (operation === 'GetCapabilities') {
      const ptz = this.modes.has('no-ptz') ? '' : `<tt:PTZ><tt:XAddr>${this.#address('ptz')}</tt:XAddr></tt:PTZ>`;
      return `<x:Capabilities><tt:Media><tt:XAddr>${this.#address('media')}</tt:XAddr></tt:Media>${ptz}</x:Capabilities>`;
    }
    return undefined;
  }

  #names() {
    return ['main', 'sub'].filter((name) => this.streams[name] !== undefined);
  }

  #media(service, operation, body) {
    const newer = service === 'media2';
    const name = inside(body, 'ProfileToken')?.replace('profile_', '') ?? inside(body, 'ConfigurationToken')?.replace('encoder_', '');
    switch (operation) {
      case 'GetProfiles':
        return this.#names().map((one) => (newer ? this.#profile2(one) : this.#profile1(one))).join('');
      case 'GetStreamUri': {
        const uri = this.streams[name]?.replace('rtsp://', 'rtsp://root:pass@').replace(/&/g, '&amp;');
        return newer ? `<x:Uri>${uri}</x:Uri>` : `<x:MediaUri><tt:Uri>${uri}</tt:Uri></x:MediaUri>`;
      }
      case 'GetSnapshotUri': {
        const uri = `${this.origin}/snapshot/${name}.jpg`;
        return newer ? `<x:Uri>${uri}</x:Uri>` : `<x:MediaUri><tt:Uri>${uri}</tt:Uri></x:MediaUri>`;
      }
      case 'GetVideoEncoderConfigurationOptions':
        return newer ? this.#options2() : this.#options1();
      case 'GetVideoEncoderConfiguration':
        return newer ? undefined : this.#encoder1(name, 'x:Configuration');
      case 'GetVideoEncoderConfigurations':
        return newer ? this.#names().map((one) => this.#encoder2(one, 'x:Configurations')).join('') : undefined;
      case 'SetVideoEncoderConfiguration':
        return this.#setEncoder(body, newer);
      default:
        return undefined;
    }
  }

  #setEncoder(body, newer) {
    const configuration = /<(?:\w+:)?Configuration .*<\/(?:\w+:)?Configuration>/s.exec(body)?.[0] ?? '';
    const encoder = this.encoders[attribute(configuration, 'token')?.replace('encoder_', '')];
    // Fields of its own must come back.
    if (encoder === undefined || inside(configuration, 'Vendor') !== 'a & b'.replace('&', '&amp;')) return undefined;
    if (this.modes.has('stubborn')) return '';
    const number = (name) => Number(inside(configuration, name));
    const gov = newer ? attribute(configuration, 'GovLength') : inside(configuration, 'GovLength');
    Object.assign(encoder, {
      codec: inside(configuration, 'Encoding'),
      width: number('Width'),
      height: number('Height'),
      fps: number('FrameRateLimit'),
      kbit: number('BitrateLimit'),
      gov: Number(gov),
    });
    return '';
  }

  #inner(one, encoder, rate) {
    return `<tt:Name>${one}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${encoder.codec}</tt:Encoding><tt:Resolution><tt:Width>${encoder.width}</tt:Width><tt:Height>${encoder.height}</tt:Height></tt:Resolution><tt:Quality>4</tt:Quality><tt:RateControl><tt:FrameRateLimit>${encoder.fps}</tt:FrameRateLimit>${rate}<tt:BitrateLimit>${encoder.kbit}</tt:BitrateLimit></tt:RateControl>`;
  }

  #tail() {
    return '<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type></tt:Address><tt:Port>0</tt:Port></tt:Multicast><tt:SessionTimeout>PT60S</tt:SessionTimeout><v:Vendor xmlns:v="http://vendor.example/">a &amp; b</v:Vendor>';
  }

  #encoder1(one, tag) {
    const encoder = this.encoders[one];
    if (encoder === undefined) return undefined;
    const h264 = encoder.codec === 'H264' ? `<tt:H264><tt:GovLength>${encoder.gov}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264>` : '';
    return `<${tag} token="encoder_${one}">${this.#inner(one, encoder, '<tt:EncodingInterval>1</tt:EncodingInterval>')}${h264}${this.#tail()}</${tag}>`;
  }

  #encoder2(one, tag) {
    const encoder = this.encoders[one];
    return `<${tag} token="encoder_${one}" GovLength="${encoder.gov}" Profile="Main">${this.#inner(one, encoder, '')}${this.#tail()}</${tag}>`;
  }

  #profile1(one) {
    const ptz = this.modes.has('no-ptz') ? '' : '<tt:PTZConfiguration token="ptz"/>';
    return `<x:Profiles token="profile_${one}" fixed="true"><tt:Name>${one}</tt:Name>${this.#encoder1(one, 'tt:VideoEncoderConfiguration')}${ptz}</x:Profiles>`;
  }

  #profile2(one) {
    const ptz = this.modes.has('no-ptz') ? '' : '<x:PTZ token="ptz"/>';
    return `<x:Profiles token="profile_${one}" fixed="true"><x:Name>${one}</x:Name><x:Configurations>${this.#encoder2(one, 'x:VideoEncoder')}${ptz}</x:Configurations></x:Profiles>`;
  }

  #options1() {
    return `<x:Options>${range('QualityRange', 1, 6)}<tt:H264>${sizeList('tt:')}${range('GovLengthRange', 5, 100)}${range('FrameRateRange', 1, 25)}${range('EncodingIntervalRange', 1, 1)}<tt:H264ProfilesSupported>Main</tt:H264ProfilesSupported></tt:H264><tt:Extension><tt:H264>${range('BitrateRange', 64, 8192)}</tt:H264></tt:Extension></x:Options>`;
  }

  #options2() {
    const one = (codec, profiles) =>
      `<x:Options GovLengthRange="5 100" FrameRatesSupported="25 20 15 12.5 10 5" ProfilesSupported="${profiles}"><tt:Encoding>${codec}</tt:Encoding>${range('QualityRange', 1, 6)}${sizeList('tt:')}${range('BitrateRange', 64, 8192)}</x:Options>`;
    return one('H264', 'Main High') + one('H265', 'Main10');
  }

  #ptz(operation) {
    if (operation === 'GetPresets') {
      return this.presets.map(([token, name]) => `<x:Preset token="${token}"><tt:Name>${name.replace('&', '&amp;')}</tt:Name></x:Preset>`).join('');
    }
    return ['ContinuousMove', 'Stop', 'GotoPreset'].includes(operation) ? '' : undefined;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { stream: text, sub: text, user: text, password: text, port: text, mode: text } });
  const { mode, port, ...rest } = values;
  const device = await OnvifDevice.start({ ...rest, port: Number(port ?? 0), modes: mode?.split(',') ?? [] });
  console.log(`ready ${device.url}`);
}

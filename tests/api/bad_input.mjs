// SPDX-License-Identifier: MIT
// Bad requests, generated from data/openapi.yaml: valid ones, and then something wrong with them.
import { operations, resolve } from './openapi.mjs';

/** Small, and the same numbers each time: a failure can be repeated. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { below, pick: (list) => list[below(list.length)], chance: (of) => below(of) === 0 };
}

/** A value that the schema allows. */
function valueOf(schema, random) {
  const it = resolve(schema);
  if (it.const !== undefined) return it.const;
  if (it.enum !== undefined) return random.pick(it.enum);
  if (it.anyOf !== undefined) return valueOf(random.pick(it.anyOf), random);
  const type = Array.isArray(it.type) ? random.pick(it.type) : it.type;
  switch (type) {
    case 'object': {
      const named = Object.entries(it.properties ?? {});
      const some = named.filter(([name]) => it.required?.includes(name) || random.chance(3));
      return Object.fromEntries(some.map(([name, one]) => [name, one === undefined ? 1 : valueOf(one, random)]));
    }
    case 'array':
      return Array.from({ length: random.below(3) + (it.minItems ?? 0) }, () => valueOf(it.items, random));
    case 'integer':
    case 'number':
      return (it.minimum ?? 0) + random.below(10);
    case 'boolean':
      return random.chance(2);
    case 'null':
      return null;
    case 'string':
      return random.pick(strings).slice(0, it.maxLength ?? 100).padEnd(it.minLength ?? 0, 'x');
    default:
      return random.pick([null, 1, 'x', [], {}]);
  }
}

const strings = ['Front door', 'rtsp://192.0.2.1/s', 'rtsp://u:p@192.0.2.1:8554/s?x=1', 'x', '門', '08:00'];

const hostile = [
  () => null, () => true, () => 0, () => -1, () => 1.5, () => 2 ** 53, () => -(2 ** 63), () => 1e300, () => '',
  () => ' ', () => '\u0000', () => 'a\u0007b', () => 'a\nb', () => '\u202eabc', () => '../../etc/passwd', () => '..', () => '/',
  () => 'x'.repeat(5000), () => '門'.repeat(2000), () => [], () => {}, () => [[]], () => ({}), () => ({ a: { b: [1] } }),
  () => 'file:///etc/passwd', () => 'http://192.0.2.1/', () => 'rtsp://', () => 'rtsp://127.0.0.1/s', () => 'rtsp://[::1]/s',
  () => 'rtsp://a b/', () => 'rtsp://h:0/', () => 'rtsp://h:65536/', () => "'; DROP TABLE camera; --", () => '%s%n%x',
  () => Array.from({ length: 500 }, (_, at) => at), () => ({ mon: [['18:00', '08:00']] }), () => '\ud83d',
];

/** Puts something wrong somewhere into a value. */
function spoil(value, random) {
  if (value !== null && typeof value === 'object' && !random.chance(6)) {
    const keys = Object.keys(value);
    if (keys.length > 0 && !random.chance(6)) {
      const key = random.pick(keys);
      const copy = Array.isArray(value) ? [...value] : { ...value };
      if (random.chance(8) && !Array.isArray(copy)) delete copy[key];
      else copy[key] = spoil(copy[key], random);
      return copy;
    }
    if (!Array.isArray(value)) return { ...value, [random.pick(['colour', '', '__proto__x', 'Name', 'a'.repeat(300), 'id\u0007'])]: 1 };
  }
  return random.pick(hostile)();
}

/** What is no JSON any more, or JSON that a careless reader chokes on. */
const breakers = [
  (text) => text.slice(0, Math.floor(text.length / 2)),
  (text) => `${text}${text}`,
  (text) => text.replace(/"/g, "'"),
  (text) => text.replace('}', ',}'),
  (text) => `// ${text}\n${text}`,
  (text) => text.replace('{', '{"name":"\\ud800",'),
  (text) => text.replace('{', '{"name":"a\\u0000b",'),
  (text) => text.replace('{', '{"name":"one","name":"two","retention_days":99999999999999999999,'),
  (text) => text.replace('{', '{"retention_days":1e999,'),
  (text) => text.replace('{', '{"retention_days":0x10,'),
  () => '',
  () => '\u0000',
  () => 'null',
  () => '[]',
  () => '['.repeat(10_000),
  () => '{"a":'.repeat(200) + '1' + '}'.repeat(200),
  () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  (text) => Buffer.from(`\ufeff${text}`),
];

const megabyte = { once: 0 };
const types = ['application/json', 'application/json; charset=utf-8', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''];
const numbers = ['999999', '0', '-1', 'x', '1.5', '99999999999999999999', '%00', '%2e%2e', '1%2F2', '\u9580'];

/** Those that change something more often: most of them take a body. */
const weighted = operations.flatMap((one) => (one.method === 'GET' ? [one] : [one, one, one, one]));

/**
 * A request that is most likely wrong. `ids`: of things that are there.
 * A body that happens to be good changes something: callers look at the status.
 */
export function badRequest(random, ids) {
  // Sealing takes a fifth of a second each time.
  const wanted = random.pick(weighted);
  const isSlow = wanted.operation.operationId === 'exportCamerasWithSecrets' && !random.chance(20);
  const { method, pattern, operation, parameters } = isSlow ? operations[0] : wanted;
  const target = pattern.replace(/\{(\w+)\}/g, () =>
    random.chance(6) ? encodeURI(random.pick(numbers)) : String(random.pick(ids)),
  );
  const query = new URLSearchParams();
  for (const one of parameters) {
    if (one.in !== 'query' || random.chance(2)) continue;
    const value = random.chance(3) ? valueOf(one.schema, random) : random.pick(hostile)();
    for (const item of Array.isArray(value) ? value.slice(0, 70) : [value]) query.append(one.name, String(item).slice(0, 500));
  }
  if (random.chance(10)) query.append(random.pick(['colour', '', 'limit', 'a'.repeat(200)]), random.pick(strings));
  const request = { method, target: query.size > 0 ? `${target}?${query}` : target, headers: {}, body: undefined };
  if (method === 'GET' || (method === 'DELETE' && !random.chance(3))) return request;
  const schema = operation.requestBody?.content['application/json'].schema ?? { $ref: '#/components/schemas/CameraPatch' };
  let value = valueOf(schema, random);
  for (let left = 1 + random.below(3); left > 0; --left) value = spoil(value, random);
  request.body = JSON.stringify(value) ?? '';
  if (random.chance(4)) request.body = random.pick(breakers)(request.body);
  // A good one takes seconds, since devices are asked: never good.
  if (operation['x-asks-devices']) request.body = `{"colour":1,${request.body}`;
  // A name of 1 MiB takes long to send, so there are a few of them only.
  if (megabyte.once < 5 && random.chance(500)) {
    megabyte.once += 1;
    request.body = JSON.stringify({ name: 'x'.repeat(random.pick([1_000_000, 1_048_540, 1_100_000])), url: 'rtsp://192.0.2.1/' });
  }
  const type = random.chance(8) ? random.pick(types) : 'application/json';
  if (type !== '') request.headers['Content-Type'] = type;
  return request;
}

/** The routes that the requests go to, so that a test can say that none was left out. */
export const routes = operations.map(({ method, pattern }) => `${method} ${pattern}`);

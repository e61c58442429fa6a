// SPDX-License-Identifier: MIT
// data/openapi.yaml as data, and what it says of a request and its answer.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';

import { Daemon } from '../e2e/daemon.mjs';

const root = process.env.RONIN_SOURCE_ROOT ?? new URL('../..', import.meta.url).pathname;
export const file = path.join(root, 'data/openapi.yaml');
export const text = readFileSync(file, 'utf8');
export const document = parse(text);

const methods = ['get', 'put', 'post', 'delete', 'patch'];
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'openapi', ...document });

/** What a $ref points to; other things as they are. */
export function resolve(value) {
  if (value?.$ref === undefined) return value;
  return value.$ref.slice(2).split('/').reduce((at, name) => at[name], document);
}

/** Every operation: {method, pattern, operation, parameters, matches(pathname)}. */
export const operations = Object.entries(document.paths).flatMap(([pattern, item]) =>
  methods
    .filter((method) => item[method] !== undefined)
    .map((method) => ({
      method: method.toUpperCase(),
      pattern,
      operation: item[method],
      parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(resolve),
      matches: new RegExp(
        `^${pattern
          .replace(/[.]/g, '\\.')
          .replace('{piece}', '[1-9]\\d*(?:\\.\\d+)?')
          .replace(/\{\w+\}/g, '[1-9]\\d*')}$`,
      ),
    })),
);

export function operationOf(method, pathname) {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const found = operations.filter((one) => one.method === wanted && one.matches.test(pathname));
  return found.find((one) => one.pattern === pathname) ?? found[0];
}

const validators = new Map();
function validatorOf(schema) {
  if (!validators.has(schema)) {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'));
    validators.set(schema, ajv.compile(absolute));
  }
  return validators.get(schema);
}

/** Fails unless the answer is one that the document allows. Gives the body of a JSON answer. */
export function assertAnswer(method, target, status, contentType, body) {
  const { pathname } = new URL(target, 'http://recorder');
  const what = `${method} ${target}: ${status}`;
  const found = operationOf(method, pathname);
  if (found === undefined) {
    assert.ok(status === 404 || status === 405, `${what}, but the document has no such route`);
    return;
  }
  const { responses } = found.operation;
  const response = resolve(responses[status] ?? responses[`${String(status)[0]}XX`]);
  assert.ok(response, `${what} is not in the document`);
  const type = contentType?.split(';')[0];
  if (response.content === undefined) {
    assert.equal(body, '', what);
    return;
  }
  assert.ok(type in response.content, `${what}: ${type} is not in the document`);
  if (method === 'HEAD' || !/json$/.test(type)) return;
  const valid = validatorOf(response.content[type].schema);
  assert.ok(valid(JSON.parse(body)), `${what}: ${JSON.stringify(valid.errors?.slice(0, 3))}\n${body.slice(0, 500)}`);
}

const inMemory = /json$|^text\/|mpegurl$/;

/** From now on every answer that a test gets of a recorder is held against the document. */
export function holdAllAnswers() {
  const plain = Daemon.prototype.fetch;
  Daemon.prototype.fetch = async function held(target, options) {
    const answer = await plain.call(this, target, options);
    const method = options?.method ?? 'GET';
    const type = answer.headers.get('content-type') ?? '';
    const read = method !== 'HEAD' && (type === '' || inMemory.test(type.split(';')[0]));
    assertAnswer(method, target, answer.status, type, read ? await answer.clone().text() : '');
    return answer;
  };
}

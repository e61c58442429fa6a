// SPDX-License-Identifier: MIT
// Reads Prometheus' text format 0.0.4, and refuses whatever is not in it or against its customs.
import assert from 'node:assert/strict';

import { until } from '../e2e/daemon.mjs';

const head = /^# (HELP|TYPE) ([a-z][a-z0-9_]*) (\S.*)$/;
const sample = /^([a-z][a-z0-9_]*)(?:\{(.*)\})? (NaN|[+-]Inf|-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)$/;
const label = /^([a-z][a-z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/;
const endings = { histogram: ['_bucket', '_sum', '_count'], counter: [''], gauge: [''] };

function readLabels(text, line) {
  const out = {};
  for (let rest = text; rest !== '';) {
    const match = label.exec(rest);
    assert.ok(match, `bad labels: ${line}`);
    const [all, name, value] = match;
    assert.ok(!(name in out), `${name} twice: ${line}`);
    out[name] = value.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
    rest = rest.slice(all.length);
  }
  return out;
}

function checkHistogram(name, samples) {
  const groups = new Map();
  for (const { suffix, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = JSON.stringify(others);
    if (!groups.has(key)) groups.set(key, { buckets: [] });
    if (suffix === '_bucket') groups.get(key).buckets.push([le, value]);
    else groups.get(key)[suffix] = value;
  }
  for (const { buckets, _sum: sum, _count: count } of groups.values()) {
    assert.ok(sum >= 0, name);
    assert.deepEqual(buckets.at(-1), ['+Inf', count], name);
    for (let i = 1; i < buckets.length - 1; ++i) {
      assert.ok(Number(buckets[i][0]) > Number(buckets[i - 1][0]), name);
    }
    for (let i = 1; i < buckets.length; ++i) assert.ok(buckets[i][1] >= buckets[i - 1][1], name);
  }
}

function checkFamily(name, { type, help, samples }) {
  assert.ok(type && help, `${name} has HELP and TYPE`);
  assert.ok(samples.length > 0, name);
  assert.match(name, /^ronin_/);
  assert.equal(name.endsWith('_total'), type === 'counter', `${name}: only counters end in _total`);
  assert.doesNotMatch(name, /_(bucket|count|sum|ms|us|kb|mb|bits|bps|percent)$/);
  if (type === 'counter') for (const { value } of samples) assert.ok(value >= 0, name);
  if (type === 'histogram') checkHistogram(name, samples);
}

/** The metrics of one scrape, by name: type, help, samples. */
export function parseMetrics(text) {
  assert.ok(text.endsWith('\n'), 'the last line ends');
  const families = new Map();
  const series = new Set();
  let now;
  for (const line of text.slice(0, -1).split('\n')) {
    const about = head.exec(line);
    if (about) {
      const [, what, name, value] = about;
      if (what === 'HELP') {
        assert.ok(!families.has(name), `${name} comes twice`);
        now = { name, help: value, samples: [] };
        families.set(name, now);
      } else {
        assert.ok(now?.name === name && now.samples.length === 0 && !now.type, line);
        assert.ok(value in endings, line);
        now.type = value;
      }
      continue;
    }
    const match = sample.exec(line);
    assert.ok(match, `not in the format: ${line}`);
    const suffix = match[1].slice(now.name.length);
    assert.ok(match[1].startsWith(now.name) && endings[now.type].includes(suffix), `${line} belongs to ${now.name}`);
    const labels = readLabels(match[2] ?? '', line);
    const key = match[1] + JSON.stringify(Object.entries(labels).sort());
    assert.ok(!series.has(key), `twice: ${line}`);
    series.add(key);
    now.samples.push({ suffix, labels, value: Number(match[3].replace('Inf', 'Infinity')) });
  }
  for (const [name, family] of families) checkFamily(name, family);
  return families;
}

/** One scrape of a daemon. */
export class Scrape {
  static async of(daemon) {
    const answer = await daemon.fetch('/metrics');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const scrape = new Scrape();
    scrape.families = parseMetrics(await answer.text());
    return scrape;
  }

  /** All samples of a metric that have these labels. */
  all(name, labels = {}) {
    const wanted = Object.entries(labels);
    const { samples = [] } = this.families.get(name) ?? {};
    return samples.filter((one) => wanted.every(([key, value]) => one.labels[key] === String(value)));
  }

  /** The only one; undefined when there is none. */
  value(name, labels) {
    const found = this.all(name, labels);
    assert.ok(found.length <= 1, `${name}: ${found.length} samples`);
    return found[0]?.value;
  }
}

/** Scrapes until `probe` gives something true. */
export function untilScrape(daemon, what, probe, timeoutMs = 30_000) {
  return until(what, async () => {
    const scrape = await Scrape.of(daemon);
    return probe(scrape) && scrape;
  }, timeoutMs, 200);
}

export const sum = (samples) => samples.reduce((all, one) => all + one.value, 0);

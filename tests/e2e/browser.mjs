// SPDX-License-Identifier: MIT
// Debian's Chromium, and what must be so on every page.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

import { buildRoot } from './daemon.mjs';

export const screenshots = path.join(buildRoot, 'screenshots');
export const sizes = [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
];

/**
 * Chromium takes the last of such lists, so this holds Playwright's as well. What is added: the list
 * below the address bar, a page of 1.3 s of processor that is loaded with each new window, beside ours.
 */
const withoutFeatures = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable'],
  ...['LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect'],
  ...['OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch'],
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'],
];

/** `more`: further arguments of Chromium; `program`: what starts it. */
export async function launchBrowser(more = [], program = '/usr/bin/chromium') {
  await mkdir(screenshots, { recursive: true });
  return chromium.launch({
    executablePath: program,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      `--disable-features=${withoutFeatures.join()}`,
      ...more,
    ],
  });
}

/** In the page, from its start: what moved without being asked to, and how often a pointer was pressed. */
function watch() {
  globalThis.seen = { shift: 0, shifted: [], presses: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      globalThis.seen.shift += entry.value;
      for (const { node } of entry.sources) globalThis.seen.shifted.push(node?.outerHTML?.slice(0, 80));
    }
  }).observe({ type: 'layout-shift', buffered: true });
  document.addEventListener('pointerdown', () => (globalThis.seen.presses += 1), true);
}

/** A page, and what must stay empty: console errors and requests to other hosts. */
export async function newPage(browser, daemon, viewport = sizes[0]) {
  const page = await browser.newPage({ viewport });
  await page.addInitScript(watch);
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(error.stack));
  page.on('request', (request) => {
    const url = new URL(request.url());
    const isOwn = url.origin === daemon.url || ['blob:', 'data:'].includes(url.protocol);
    if (!isOwn) complaints.push(`request to ${url.href}`);
  });
  return { page, complaints };
}

/** Such a page of the daemon. The live page's pictures may move before it is there, and takes no keys then. */
export async function openIn(browser, daemon, target, viewport) {
  const opened = await newPage(browser, daemon, viewport);
  await opened.page.goto(new URL(target, daemon.url).href);
  await opened.page.locator('#root main').waitFor();
  return opened;
}

/** As browsers measure it (CLS); what moves within half a second of a click or a key does not count. */
export async function assertSteady(page, what) {
  const { shift, shifted } = await page.evaluate(() => globalThis.seen);
  assert.ok(shift <= 0.02, `${what} jumps by ${shift}: ${shifted.join('\n')}`);
}

export function setTheme(page, theme) {
  return page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
}

/** `rules`: only those; all of WCAG 2.2 AA otherwise. */
export async function assertAccessible(page, what, rules = null) {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const violations = await page.evaluate(async (only) => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const runOnly = only === null ? { type: 'tag', values: tags } : { type: 'rule', values: only };
    const result = await globalThis.axe.run(document, { runOnly });
    return result.violations.map(({ id, nodes }) => ({ id, targets: nodes.map((n) => n.target) }));
  }, rules);
  assert.deepEqual(violations, [], `${what}: ${JSON.stringify(violations)}`);
}

/** Nothing is cut, wrapped or covered in the header; no page and no dialog is wider than the screen. */
export async function assertFits(page, what) {
  const faults = await page.evaluate(() => {
    const found = [];
    const root = document.scrollingElement;
    const main = document.querySelector('main');
    for (const one of [root, main, ...document.querySelectorAll('[role$=dialog], [role$=dialog] *')]) {
      const isLine = getComputedStyle(one).display === 'inline' || one.matches('.visually-hidden, input, select, [role=progressbar]');
      if (!isLine && one.scrollWidth > one.clientWidth) found.push(`${one.outerHTML.slice(0, 80)} scrolls sideways`);
    }
    for (const one of document.querySelectorAll('main *, [role$=dialog] *')) {
      if (one.parentElement.role === 'progressbar') continue;
      if (one.getBoundingClientRect().right > root.clientWidth) found.push(`${one.outerHTML.slice(0, 80)} is cut`);
    }
    const header = document.querySelector('header');
    let edge = 0;
    for (const part of header.children) {
      const { left, right, height } = part.getBoundingClientRect();
      if (height === 0 || getComputedStyle(part).position === 'fixed') continue;
      if (left < edge || right > root.clientWidth) found.push(`${part.textContent}: overlaps or is cut`);
      if (part.scrollWidth > part.clientWidth) found.push(`${part.textContent}: has no room`);
      if (height > header.clientHeight) found.push(`${part.textContent}: is too high`);
      edge = right;
    }
    return found;
  });
  assert.deepEqual(faults, [], what);
}

/** In both themes: a picture to look at, nothing that axe finds, nothing cut off. */
export async function look(page, name, size) {
  for (const theme of ['light', 'dark']) {
    await setTheme(page, theme);
    const what = `${name}-${size.width}-${theme}`;
    await page.screenshot({ path: path.join(screenshots, `${what}.png`) });
    // All that differs between themes is colour.
    await assertAccessible(page, what, theme === 'light' ? ['color-contrast'] : null);
  }
  await assertFits(page, `${name} at ${size.width}`);
}

/** Closes a page that had nothing to complain about. */
export async function end(page, complaints) {
  await page.close();
  assert.deepEqual(complaints, []);
}

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const field = (page, name) => page.getByRole('dialog').getByLabel(name, { exact: true });

/** By keys: to a browser, what moves after another kind of change moves by itself. */
export async function enter(page, name, text) {
  await field(page, name).press('Control+a');
  await page.keyboard.type(text);
}

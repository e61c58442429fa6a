// SPDX-License-Identifier: MIT
import { parseCamera, parsePage } from '../api/parse';
import type { Camera } from '../api/types';
import { drawFirstGrid } from '../features/live/first-grid';
import { askEarly, earlyPaths } from '../lib/early-answers';
import { dropFirstPage, firstPage } from '../lib/first-page';
import { pageAddressOf, pageContent } from '../lib/live-page';
import { canDecode } from '../lib/live/can-decode';
import { liveSocket } from '../lib/live/page-socket';
import { loadCodecSession } from '../lib/live/session-factory';
import { firstPreferences } from '../lib/preferences-mirror';
import styles from './layout.module.css';

/** The socket is open before it is known what for. */
const heldMs = 10_000;

function readCameras(body: unknown): Camera[] | null {
  try {
    return parsePage(body, parseCamera).items;
  } catch {
    // The page asks again, and says what is wrong with it.
    return null;
  }
}

/** The frame of `Layout`, empty; gives its main part. */
function drawFrame(isKiosk: boolean): HTMLElement {
  const frame = document.createElement('div');
  frame.className = styles.layout ?? '';
  frame.dataset['kiosk'] = String(isKiosk);
  const part = (tag: string, className: string | undefined): HTMLElement => {
    const element = document.createElement(tag);
    element.className = className ?? '';
    frame.append(element);
    return element;
  };
  if (!isKiosk) {
    part('div', styles.header);
    // As high as on a phone with its links, where it is below the pictures.
    part('div', styles.nav).append(Object.assign(document.createElement('div'), { className: styles.link }));
  }
  const main = part('div', styles.main);
  firstPage().append(frame);
  return main;
}

/**
 * Has the live page's pictures move before the rest of the page is there. Resolves, with the cameras
 * if they are known, when that rest is to be drawn: at the latest after `longestMs`.
 */
export async function beginPage(longestMs: number): Promise<Camera[] | null> {
  const address = pageAddressOf(window.location);
  if (typeof address?.enlargedId === 'number' && canDecode()) void loadCodecSession();
  if (address !== null) setTimeout(liveSocket().hold(), heldMs);
  const asked = Promise.all([askEarly(earlyPaths.cameras), askEarly(earlyPaths.preferences)]);
  const late = new Promise<null>((done) => setTimeout(() => done(null), longestMs));
  const [cameras, preferences] = (await Promise.race([asked, late])) ?? [null, null];
  const found = cameras === null ? null : readCameras(cameras.body);
  // A page that nobody sees yet is in no hurry.
  if (found === null || address === null || document.hidden) return found;
  const isPhone = window.matchMedia('(width < 600px)').matches;
  const content = pageContent(found, firstPreferences(preferences?.body ?? null), address, isPhone);
  if (content.shown.every((id) => id === null)) return found;
  if (address.enlargedId !== null && content.enlarged === undefined) return found;
  try {
    const main = drawFrame(address.isKiosk);
    await Promise.race([drawFirstGrid(main, found, content, address, isPhone), late]);
  } catch (error) {
    // The page itself is not to wait for what it can do without.
    console.warn('The first pictures could not be shown:', error);
    dropFirstPage();
  }
  return found;
}

// SPDX-License-Identifier: MIT
import type { Camera } from '../../api/types';
import type { LivePlayerEvent } from '../../lib/live/events';
import type { PageAddress, PageContent } from '../../lib/live-page';
import { lastPictureUrl } from '../../lib/live/stream-url';
import gridStyles from './camera-grid.module.css';
import { EarlyStream } from './early-streams';
import { fitOf, gridVariables, largeArea, mostOnPhone } from './grid-fit';
import tileStyles from './live-tile.module.css';
import barStyles from './live-toolbar.module.css';
import type { Surface } from './make-player';
import pictureStyles from './tile-picture.module.css';
import { hasPictures, initialTileState, isTileEvent, tileReducer } from './tile-state';

function box(parent: Element, className: string | undefined, tag = 'div'): HTMLElement {
  const element = document.createElement(tag);
  element.className = className ?? '';
  parent.append(element);
  return element;
}

/** As `LiveTile` draws it, without what can be done with it. */
function drawTile(grid: Element, camera: Camera, area: string | null): [HTMLElement, HTMLElement] {
  const tile = box(grid, tileStyles.tile, 'article');
  tile.setAttribute('aria-label', camera.name);
  tile.dataset['state'] = 'placeholder';
  if (area !== null) tile.style.gridArea = area;
  const layers = box(box(tile, tileStyles.picture), pictureStyles.layers);
  const surface = box(layers, pictureStyles.surface);
  box(box(tile, tileStyles.head, 'header'), '', 'h2').textContent = camera.name;
  return [tile, surface];
}

const stillWidth = 640;
/** Two pictures: what is drawn by the page itself stands still while the rest of its script starts. */
const movesForMs = 80;
/** Of a page of many, decoding more would take the time that moving pictures need. */
const mostLast = 4;

type Waiting = { cameraId: number; surface: Surface; tile: HTMLElement };

/** The picture that the recorder had last, until one moves. */
async function drawLast({ cameraId, surface: { still }, tile }: Waiting): Promise<void> {
  const hasMoved = (): boolean => tile.dataset['state'] === 'live';
  if (hasMoved()) return;
  const picture = new Image();
  picture.src = lastPictureUrl(cameraId, stillWidth);
  try {
    await picture.decode();
  } catch {
    return; // There is none.
  }
  if (hasMoved()) return;
  still.width = picture.naturalWidth;
  still.height = picture.naturalHeight;
  still.getContext('2d')?.drawImage(picture, 0, 0);
}

/** One by one, for the recorder decodes them one by one, and what moves by then needs none. */
async function drawAllLast(waiting: readonly Waiting[]): Promise<void> {
  for (const one of waiting.slice(0, mostLast)) await drawLast(one);
}

/** Calls `onMoving` when the picture moves. */
function play(
  camera: Camera,
  isEnlarged: boolean,
  tile: HTMLElement,
  place: HTMLElement,
  onMoving: () => void,
): Surface {
  let state = initialTileState;
  const onEvent = (event: LivePlayerEvent): void => {
    if (!isTileEvent(event)) return;
    // The rest of the page may be long in coming: what no longer moves must not look as if it did.
    state = tileReducer(state, event);
    tile.dataset['state'] = state.kind;
    if (event.type !== 'moving') return;
    // By now a tile may have taken it.
    if (surface.video.parentElement === place) surface.video.className = '';
    onMoving();
  };
  const { surface } = new EarlyStream(camera, isEnlarged, onEvent);
  surface.video.className = pictureStyles.covered ?? '';
  place.append(surface.still, surface.video);
  return surface;
}

/**
 * Draws the tiles of the live page where that will draw them, and has their pictures move; resolves
 * a moment after all do. The page's tiles take these streams over.
 */
export async function drawFirstGrid(
  main: HTMLElement,
  cameras: readonly Camera[],
  content: PageContent<Camera>,
  address: PageAddress,
  isPhone: boolean,
): Promise<void> {
  const { layout, shown } = content;
  const isEnlarged = address.enlargedId !== null;
  if (!isEnlarged && !address.isKiosk) {
    box(box(main, barStyles.bar), '').style.minHeight = 'var(--target)';
  }
  const grid = box(main, gridStyles.grid);
  const cells = isEnlarged ? shown.filter((id) => id === address.enlargedId) : shown;
  const style = getComputedStyle(grid);
  const padding = Number.parseFloat(style.paddingLeft) * 2;
  const size = { width: grid.clientWidth - padding, height: grid.clientHeight - padding };
  const fit = fitOf(layout.grid, cells.length, size, { isEnlarged, isPhone });
  for (const [name, value] of Object.entries(gridVariables(fit))) grid.style.setProperty(name, value);
  const moving: Promise<void>[] = [];
  const waiting: Waiting[] = [];
  for (const [place, id] of cells.entries()) {
    const camera = cameras.find((one) => one.id === id);
    if (camera === undefined) {
      box(grid, gridStyles.empty);
      continue;
    }
    const area = isEnlarged ? null : largeArea(layout.grid, place, isPhone);
    const [tile, room] = drawTile(grid, camera, area);
    const isInTurn = !isPhone || place < mostOnPhone;
    if (!hasPictures(camera) || !isInTurn) continue;
    const isMoving = new Promise<void>((done) => {
      const surface = play(camera, isEnlarged, tile, room, done);
      // A stream that is there has a picture as soon as one could be decoded for this.
      const isIdle = !isEnlarged && camera.sub?.status === 'idle';
      if (isIdle) waiting.push({ cameraId: camera.id, surface, tile });
    });
    moving.push(isMoving);
  }
  void drawAllLast(waiting);
  await Promise.all(moving);
  await new Promise((done) => setTimeout(done, movesForMs));
}

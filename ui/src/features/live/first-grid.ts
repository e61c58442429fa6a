// SPDX-License-Identifier: MIT
import type { Camera } from '../../api/types';
import type { LivePlayerEvent } from '../../lib/live/events';
import type { PageAddress, PageContent } from '../../lib/live-page';
import gridStyles from './camera-grid.module.css';
import { EarlyStream } from './early-streams';
import { fitOf, gridVariables, largeArea, mostOnPhone } from './grid-fit';
import tileStyles from './live-tile.module.css';
import barStyles from './live-toolbar.module.css';
import pictureStyles from './tile-picture.module.css';
import { hasPictures } from './tile-state';

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

/** Resolves when the picture moves. */
function play(camera: Camera, isEnlarged: boolean, tile: HTMLElement, place: HTMLElement): Promise<void> {
  return new Promise((done) => {
    const onEvent = ({ type }: LivePlayerEvent): void => {
      if (type !== 'moving') return;
      // By now a tile may have taken it.
      if (stream.surface.video.parentElement === place) stream.surface.video.className = '';
      tile.dataset['state'] = 'live';
      done();
    };
    const stream = new EarlyStream(camera, isEnlarged, onEvent);
    stream.surface.video.className = pictureStyles.covered ?? '';
    place.append(stream.surface.still, stream.surface.video);
  });
}

/**
 * Draws the tiles of the live page where that will draw them, and has their pictures move; resolves
 * when all do. The page's tiles take these streams over.
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
  const room = { width: grid.clientWidth - padding, height: grid.clientHeight - padding };
  const fit = fitOf(layout.grid, cells.length, room, { isEnlarged, isPhone });
  for (const [name, value] of Object.entries(gridVariables(fit))) grid.style.setProperty(name, value);
  const moving: Promise<void>[] = [];
  for (const [place, id] of cells.entries()) {
    const camera = cameras.find((one) => one.id === id);
    if (camera === undefined) {
      box(grid, gridStyles.empty);
      continue;
    }
    const area = isEnlarged ? null : largeArea(layout.grid, place, isPhone);
    const [tile, surface] = drawTile(grid, camera, area);
    const isInTurn = !isPhone || place < mostOnPhone;
    if (hasPictures(camera) && isInTurn) moving.push(play(camera, isEnlarged, tile, surface));
  }
  await Promise.all(moving);
}

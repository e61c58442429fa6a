// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';

import { pageAddressOf, pageContent, type PageAddress } from './live-page';
import { defaultPreferences } from './preferences';

const at = (pathname: string, search = ''): PageAddress | null => pageAddressOf({ pathname, search });

describe('pageAddressOf', () => {
  it('knows the live page, and no other', () => {
    for (const path of ['/', '/live', '/live/', '/live/2x2', '/live/cam/3']) expect(at(path)).not.toBeNull();
    for (const path of ['/cameras', '/live/cam/x/y', '/liver', '/live/a/b']) expect(at(path)).toBeNull();
  });

  it('reads the layout, the camera, the page and the filter', () => {
    expect(at('/live/back%20yard')?.layoutKey).toBe('back yard');
    expect(at('/live/%zz')?.layoutKey).toBe('%zz');
    expect(at('/live')?.layoutKey).toBeUndefined();
    expect(at('/live/cam/12')?.enlargedId).toBe(12);
    expect(at('/live', '?page=3&group=Hall&tag=door&kiosk=1')).toMatchObject({
      page: 3,
      filter: { group: 'Hall', tag: 'door' },
      isKiosk: true,
    });
    for (const page of ['0', '-1', 'x', '1e3']) expect(at('/live', `?page=${page}`)?.page).toBe(1);
  });
});

describe('pageContent', () => {
  const cameras = [1, 2, 3, 4, 5].map((id) => ({
    id,
    enabled: id !== 4,
    group: id < 3 ? 'Hall' : null,
    tags: [],
  }));
  const content = (path: string, search = '', change = {}, isPhone = false) =>
    pageContent(cameras, { ...defaultPreferences, ...change }, at(path, search)!, isPhone);

  it('has those that are switched on, in the order that was chosen', () => {
    expect(content('/live', '', { order: [5, 1] }).shown).toEqual([5, 1, 2, 3]);
    expect(content('/live', '?group=Hall').shown).toEqual([1, 2]);
  });

  it('has as many as the layout on a page, and says which page that is', () => {
    expect(content('/live/1', '?page=2')).toMatchObject({ pageCount: 4, pageNumber: 2, shown: [2], firstPlace: 1 });
    expect(content('/live/1', '?page=9')).toMatchObject({ pageNumber: 4, shown: [5] });
    expect(content('/live/1', '', {}, true).shown).toEqual([1, 2, 3, 5]);
  });

  it('has the camera that is looked at, also one that is off or belongs to another page', () => {
    expect(content('/live/cam/4').shown).toEqual([1, 2, 3, 4, 5]);
    expect(content('/live/cam/5', '', { layout: '1' }).shown).toEqual([1, 5]);
    expect(content('/live/cam/9').enlarged).toBeUndefined();
  });

  it('leaves the places of a named layout empty whose cameras are gone', () => {
    const layouts = [{ id: 'mine', name: 'Mine', grid: '2x2' as const, cells: [5, 9, null, 1] }];
    expect(content('/live/mine', '', { layouts }).shown).toEqual([5, null, null, 1]);
  });
});

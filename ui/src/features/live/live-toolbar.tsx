// SPDX-License-Identifier: MIT
import { useEffect, useState, type ReactNode } from 'react';

import { usePreferences } from '../../api/site';
import type { Camera } from '../../api/types';
import { Choice } from '../../components/choice';
import { Icon } from '../../components/icon';
import { IconButton } from '../../components/icon-button';
import { Menu } from '../../components/menu';
import { gridFacts, gridKinds, type NamedLayout } from '../../lib/live-layout';
import type { ShownLayout } from '../../lib/preferences';
import { enterKiosk } from './enter-kiosk';
import { LiveFilterBar } from './live-filter-bar';
import type { LiveDialog } from './live-dialogs';
import styles from './live-toolbar.module.css';
import type { LiveAddress } from './use-live-address';

type LiveToolbarProps = {
  address: LiveAddress;
  layout: ShownLayout;
  cameras: readonly Camera[];
  page: number;
  pageCount: number;
  isPatrolling: boolean;
  isPhone: boolean;
  onDialog: (dialog: LiveDialog) => void;
};

/** How the pictures are laid out, which of them, and page by page. */
export function LiveToolbar(props: LiveToolbarProps): ReactNode {
  const { address, layout, cameras, page, pageCount, isPatrolling, isPhone, onDialog } = props;
  const [{ layouts }] = usePreferences();
  const chooseLayout = useLayoutChoice(address);
  return (
    <div className={styles.bar}>
      {!isPhone && (
        <div role="group" aria-label="Layout" className={styles.grids}>
          {gridKinds.map((kind) => {
            const { short, long, key } = gridFacts(kind);
            return (
              <button
                key={kind}
                type="button"
                className={styles.grid}
                aria-pressed={layout.named === null && layout.grid === kind}
                aria-label={`${short}: ${long}`}
                title={key === null ? long : `${long} (${key.toUpperCase()})`}
                onClick={() => chooseLayout(kind)}
              >
                {short}
              </button>
            );
          })}
        </div>
      )}
      <Choice
        label="Named layout"
        all={layout.named === null ? 'No named layout' : 'All cameras'}
        values={layouts.map(({ id }) => id)}
        words={new Map(layouts.map(({ id, name }) => [id, name]))}
        value={layout.named?.id ?? ''}
        onChange={(id) => chooseLayout(id === '' ? 'auto' : id)}
      />
      <LayoutMenu layout={layout} address={address} onDialog={onDialog} />
      {layout.named === null && (
        <LiveFilterBar
          cameras={cameras}
          filter={address.filter}
          onChange={(change) => address.setFilter(change)}
        />
      )}
      <span className={styles.space} />
      {!isPhone && pageCount > 1 && (
        <Pages page={page} count={pageCount} isPatrolling={isPatrolling} address={address} />
      )}
      {!isPhone && (
        <>
          <IconButton
            icon="keyboard"
            label="Keyboard shortcuts"
            hint="Keyboard shortcuts (?)"
            onClick={() => onDialog({ kind: 'help' })}
          />
          <IconButton
            icon="wall"
            label="Kiosk: pictures only"
            hint="Kiosk: pictures only (F)"
            onClick={() => enterKiosk(address)}
          />
        </>
      )}
    </div>
  );
}

/** What is chosen by hand is what the page opens with from now on, in every browser. */
export function useLayoutChoice(address: LiveAddress): (key: string) => void {
  const [, change] = usePreferences();
  return (key) => {
    change((now) => ({ ...now, layout: key }));
    address.setLayout(key);
  };
}

type PagesProps = { page: number; count: number; isPatrolling: boolean; address: LiveAddress };

function Pages({ page, count, isPatrolling, address }: PagesProps): ReactNode {
  const [{ patrolS }] = usePreferences();
  return (
    <div role="group" aria-label="Pages" className={styles.pages}>
      <IconButton
        icon="previous"
        label="Previous page"
        hint="Previous page (Page Up)"
        disabled={page <= 1}
        onClick={() => address.setPage(page - 1)}
      />
      <span className={styles.page}>
        page {page} of {count}
      </span>
      <IconButton
        icon="next"
        label="Next page"
        hint="Next page (Page Down)"
        disabled={page >= count}
        onClick={() => address.setPage(page + 1)}
      />
      <button
        type="button"
        className={styles.grid}
        aria-pressed={isPatrolling}
        title={`Turns to the next page every ${String(patrolS)} s`}
        onClick={() => address.setPatrolling(!isPatrolling)}
      >
        <Icon name={isPatrolling ? 'pause' : 'play'} size={16} />
        Patrol
      </button>
    </div>
  );
}

type LayoutMenuProps = {
  layout: ShownLayout;
  address: LiveAddress;
  onDialog: (dialog: LiveDialog) => void;
};

const undoMs = 10_000;

function LayoutMenu({ layout: { named }, address, onDialog }: LayoutMenuProps): ReactNode {
  const [, change] = usePreferences();
  const [removed, setRemoved] = useState<NamedLayout | null>(null);
  useEffect(() => {
    if (removed === null) return;
    const timer = setTimeout(() => setRemoved(null), undoMs);
    return () => clearTimeout(timer);
  }, [removed]);

  const remove = (layout: NamedLayout): void => {
    change((now) => ({
      ...now,
      layouts: now.layouts.filter(({ id }) => id !== layout.id),
      layout: now.layout === layout.id ? layout.grid : now.layout,
    }));
    setRemoved(layout);
    address.setLayout(layout.grid);
  };
  const restore = (layout: NamedLayout): void => {
    change((now) => ({
      ...now,
      layouts: [...now.layouts.filter(({ id }) => id !== layout.id), layout],
      layout: layout.id,
    }));
    setRemoved(null);
    address.setLayout(layout.id);
  };
  return (
    <>
      <Menu label="Named layouts" isFloating>
        <button type="button" onClick={() => onDialog({ kind: 'layout', id: null })}>
          <Icon name="add" />
          New named layout
        </button>
        {named !== null && (
          <>
            <button type="button" onClick={() => onDialog({ kind: 'layout', id: named.id })}>
              <Icon name="edit" />
              Change {named.name}
            </button>
            <button type="button" onClick={() => remove(named)}>
              <Icon name="remove" />
              Remove {named.name}
            </button>
          </>
        )}
      </Menu>
      <span role="status" className={styles.removed}>
        {removed !== null && (
          <>
            {removed.name} removed
            <button type="button" className="button" onClick={() => restore(removed)}>
              Undo
            </button>
          </>
        )}
      </span>
    </>
  );
}

// SPDX-License-Identifier: MIT
import { lazy, Suspense, useState, type ReactNode } from 'react';

import { usePreferences } from '../../api/site';
import type { Camera } from '../../api/types';
import { arranged, type Cell } from '../../lib/live-layout';
import type { ShownLayout } from '../../lib/preferences';
import type { LiveAddress } from './use-live-address';

/** What is open over the pictures. */
export type LiveDialog =
  | { kind: 'help' }
  /** `id`: of the layout that is changed; null for a new one. */
  | { kind: 'layout'; id: string | null }
  /** `place`: of the camera that is moved, over all pages. */
  | { kind: 'move'; place: number };

export type OpenDialogs = {
  open: LiveDialog | null;
  show: (dialog: LiveDialog) => void;
  close: () => void;
};

export function useLiveDialogs(): OpenDialogs {
  const [open, setOpen] = useState<LiveDialog | null>(null);
  return { open, show: setOpen, close: () => setOpen(null) };
}

// Dialogs are fetched when they are wanted: pictures come first.
const HelpDialog = lazy(async () => ({ default: (await import('./help-dialog')).HelpDialog }));
const LayoutDialog = lazy(async () => ({
  default: (await import('./layout-dialog')).LayoutDialog,
}));
const MoveDialog = lazy(async () => ({ default: (await import('./move-dialog')).MoveDialog }));

type LiveDialogsProps = {
  dialogs: OpenDialogs;
  address: LiveAddress;
  layout: ShownLayout;
  cameras: readonly Camera[];
  cells: readonly Cell[];
  allIds: readonly number[];
};

export function LiveDialogs(props: LiveDialogsProps): ReactNode {
  const { dialogs, address, layout, cameras, cells, allIds } = props;
  const [preferences, change] = usePreferences();
  const { open, close } = dialogs;
  if (open === null) return null;
  return (
    <Suspense fallback={null}>
      {open.kind === 'help' && <HelpDialog onClose={close} />}
      {open.kind === 'layout' && (
        <LayoutDialog
          before={preferences.layouts.find(({ id }) => id === open.id) ?? null}
          shown={{ grid: layout.grid, cells }}
          taken={preferences.layouts}
          cameras={cameras}
          onSave={(saved) => {
            change((now) => ({
              ...now,
              layout: saved.id,
              layouts: now.layouts.some(({ id }) => id === saved.id)
                ? now.layouts.map((one) => (one.id === saved.id ? saved : one))
                : [...now.layouts, saved],
            }));
            address.setLayout(saved.id);
            close();
          }}
          onClose={close}
        />
      )}
      {open.kind === 'move' && (
        <MoveDialog
          layout={layout}
          cells={cells}
          cameras={cameras}
          place={open.place}
          onMove={(to) => {
            const arrangement = { named: layout.named, cells };
            change((now) => arranged(now, arrangement, allIds, open.place, to));
            close();
          }}
          onClose={close}
        />
      )}
    </Suspense>
  );
}

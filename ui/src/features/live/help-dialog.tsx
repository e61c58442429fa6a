// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { usePreferences } from '../../api/site';
import { SelectField, TickField } from '../../components/form-field';
import { DialogBody, ModalDialog } from '../../components/modal-dialog';
import { patrolTimes } from '../../lib/preferences';
import styles from './help-dialog.module.css';

type Shortcut = [keys: string[], what: string];

const sections: { title: string; shortcuts: Shortcut[] }[] = [
  {
    title: 'The page',
    shortcuts: [
      [['1', '2', '3', '4'], 'One camera, 2×2, 3×3, 4×4'],
      [['A'], 'As many as fit'],
      [['Page Up', 'Page Down'], 'Previous and next page'],
      [['F'], 'Kiosk: pictures only; of an enlarged camera: full screen'],
      [['?'], 'This help'],
      [['Esc'], 'Back, close, put back'],
    ],
  },
  {
    title: 'The camera that has the focus, or that the pointer is on',
    shortcuts: [
      [['←', '↑', '→', '↓'], 'Next camera; where the picture is zoomed: move in it'],
      [['Enter'], 'Enlarge, and back'],
      [['Space', 'K'], 'Freeze the picture, and go on'],
      [['+', '-', '0'], 'Zoom in, zoom out, whole picture'],
      [['M'], 'Sound on and off'],
      [['S'], 'Save the picture'],
      [['C'], 'Copy the address of the camera'],
      [['Shift', 'D'], 'Figures of the streams'],
    ],
  },
  {
    title: 'Putting cameras elsewhere',
    shortcuts: [
      [['G'], 'Pick up'],
      [['Shift', '← ↑ → ↓'], 'Move what is picked up'],
      [['Enter'], 'Drop'],
      [['Esc'], 'Put back'],
    ],
  },
];

/** Every key of the live page, and what can be set about it. */
export function HelpDialog({ onClose }: { onClose: () => void }): ReactNode {
  const [{ hasSingleKeys, patrolS }, change] = usePreferences();
  return (
    <ModalDialog title="Keyboard shortcuts" onClose={onClose}>
      <DialogBody>
        {sections.map(({ title, shortcuts }) => (
          <section key={title} className={styles.section}>
            <h3>{title}</h3>
            <dl className={styles.list}>
              {shortcuts.map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <TickField
          label="Letters, digits and signs work as shortcuts"
          hint="Switch it off if you control the computer by voice, or press keys by accident."
          checked={hasSingleKeys}
          onChange={({ currentTarget: { checked } }) =>
            change((now) => ({ ...now, hasSingleKeys: checked }))
          }
        />
        <SelectField
          label="Patrol stays on a page for"
          value={String(patrolS)}
          onChange={({ currentTarget: { value } }) =>
            change((now) => ({ ...now, patrolS: Number(value) }))
          }
        >
          {patrolTimes.map((time) => (
            <option key={time} value={time}>
              {time} s
            </option>
          ))}
        </SelectField>
      </DialogBody>
    </ModalDialog>
  );
}

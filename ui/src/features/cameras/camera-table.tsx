// SPDX-License-Identifier: MIT
import { memo, type ReactNode } from 'react';

import type { Camera } from '../../api/types';
import {
  CameraActions,
  CameraLabels,
  CameraLink,
  type CameraActionHandlers,
} from './camera-row-parts';
import type { Sort, SortKey } from './camera-sort';
import { CameraStatusMark, CameraTrouble } from './camera-status';
import styles from './camera-table.module.css';
import { CameraThumbnail } from './camera-thumbnail';
import { figuresOf } from './camera-words';

type CameraListProps = {
  cameras: readonly Camera[];
  sort: Sort;
  onSort: (sort: Sort) => void;
} & CameraActionHandlers;

const headings: [SortKey, string][] = [
  ['name', 'Name'],
  ['status', 'Status'],
  ['codec', 'Codec'],
  ['size', 'Size'],
  ['fps', 'Frame rate'],
  ['keyframe', 'Keyframe'],
  ['bitrate', 'Bitrate'],
];

/** Where there is room for columns. */
export function CameraTable({
  cameras,
  sort,
  onSort,
  ...handlers
}: CameraListProps): ReactNode {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Cameras</caption>
      <thead>
        <tr>
          {headings.map(([key, heading]) => (
            <SortHeading key={key} column={key} heading={heading} sort={sort} onSort={onSort} />
          ))}
          <th scope="col" className={styles.trouble}>
            What is wrong
          </th>
          <th scope="col" className={styles.actions}>
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {cameras.map((camera) => (
          <CameraRow key={camera.id} camera={camera} {...handlers} />
        ))}
      </tbody>
    </table>
  );
}

type SortHeadingProps = {
  column: SortKey;
  heading: string;
  sort: Sort;
  onSort: (sort: Sort) => void;
};

/** A second click turns the order round. */
function SortHeading({ column, heading, sort, onSort }: SortHeadingProps): ReactNode {
  const isSorted = sort.key === column;
  const direction = sort.isDescending ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      className={styles[column]}
      aria-sort={isSorted ? direction : undefined}
    >
      <button
        type="button"
        className={styles.sort}
        onClick={() => onSort({ key: column, isDescending: isSorted && !sort.isDescending })}
      >
        {heading}
        {/* Has its room in every column, so that none moves. */}
        <span className={styles.arrow} aria-hidden="true">
          {isSorted && (sort.isDescending ? '▾' : '▴')}
        </span>
      </button>
    </th>
  );
}

type CameraProps = { camera: Camera } & CameraActionHandlers;

/** Drawn anew only for its own camera: an event is about one of many. */
const CameraRow = memo(function CameraRow({ camera, ...handlers }: CameraProps): ReactNode {
  const { codec, size, fps, keyframes, bitrate } = figuresOf(camera.stream);
  return (
    <tr>
      <th scope="row" className={styles.name}>
        <div className={styles.nameCell}>
          <div className={styles.words}>
            <CameraLink camera={camera} />
            <CameraLabels camera={camera} />
          </div>
          <CameraThumbnail camera={camera} />
        </div>
      </th>
      <td>
        <CameraStatusMark camera={camera} />
      </td>
      <Figure value={codec} />
      <Figure value={size} />
      <Figure value={fps} />
      <Figure value={keyframes} />
      <Figure value={bitrate} />
      <td className={styles.trouble}>
        <CameraTrouble camera={camera} />
      </td>
      <td className={styles.actions}>
        <CameraActions camera={camera} {...handlers} />
      </td>
    </tr>
  );
});

function Figure({ value }: { value: string | null }): ReactNode {
  return (
    <td>
      {value ?? (
        <>
          <span aria-hidden="true">–</span>
          <span className="visually-hidden">not known</span>
        </>
      )}
    </td>
  );
}

/** One below the other, on a phone. */
export function CameraCards({ cameras, ...handlers }: CameraListProps): ReactNode {
  return (
    <ul className={styles.cards} aria-label="Cameras">
      {cameras.map((camera) => (
        <CameraCard key={camera.id} camera={camera} {...handlers} />
      ))}
    </ul>
  );
}

const CameraCard = memo(function CameraCard({ camera, ...handlers }: CameraProps): ReactNode {
  const { codec, size, fps, keyframes, bitrate } = figuresOf(camera.stream);
  const facts = [
    codec,
    size,
    fps,
    bitrate,
    keyframes === null ? null : `keyframe ${keyframes}`,
  ].filter((fact) => fact !== null);
  const isWaiting = camera.enabled && camera.last_error === null;
  return (
    <li className={styles.card}>
      <div className={styles.cardHead}>
        <div className={styles.words}>
          <CameraLink camera={camera} />
          <CameraLabels camera={camera} />
          <CameraStatusMark camera={camera} />
        </div>
        <CameraThumbnail camera={camera} />
      </div>
      {(facts.length > 0 || isWaiting) && <p className={styles.facts}>{facts.join(' · ')}</p>}
      <p className={styles.cardTrouble}>
        <CameraTrouble camera={camera} />
      </p>
      <div className={styles.cardActions}>
        <CameraActions camera={camera} {...handlers} />
      </div>
    </li>
  );
});

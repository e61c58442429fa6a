// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import type { Camera } from '../../api/types';
import { CameraActions, CameraLabels, CameraLink } from './camera-row-parts';
import { CameraStatusMark, CameraTrouble } from './camera-status';
import styles from './camera-table.module.css';
import { figuresOf } from './camera-words';

type CameraListProps = { cameras: readonly Camera[]; onRemove: (camera: Camera) => void };

const headings = ['Name', 'Status', 'Codec', 'Size', 'Frame rate', 'Keyframe', 'Bitrate'];

/** Where there is room for columns. */
export function CameraTable({ cameras, onRemove }: CameraListProps): ReactNode {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Cameras</caption>
      <thead>
        <tr>
          {headings.map((heading) => (
            <th key={heading} scope="col">
              {heading}
            </th>
          ))}
          <th scope="col" className={styles.trouble}>
            What is wrong
          </th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {cameras.map((camera) => (
          <CameraRow key={camera.id} camera={camera} onRemove={onRemove} />
        ))}
      </tbody>
    </table>
  );
}

type CameraProps = { camera: Camera; onRemove: (camera: Camera) => void };

function CameraRow({ camera, onRemove }: CameraProps): ReactNode {
  const { codec, size, fps, keyframes, bitrate } = figuresOf(camera.stream);
  return (
    <tr>
      <th scope="row" className={styles.name}>
        <CameraLink camera={camera} />
        <CameraLabels camera={camera} />
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
        <CameraActions camera={camera} onRemove={onRemove} />
      </td>
    </tr>
  );
}

function Figure({ value }: { value: string | null }): ReactNode {
  return (
    <td className={styles.figure}>
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
export function CameraCards({ cameras, onRemove }: CameraListProps): ReactNode {
  return (
    <ul className={styles.cards} aria-label="Cameras">
      {cameras.map((camera) => (
        <CameraCard key={camera.id} camera={camera} onRemove={onRemove} />
      ))}
    </ul>
  );
}

function CameraCard({ camera, onRemove }: CameraProps): ReactNode {
  const { codec, size, fps, keyframes, bitrate } = figuresOf(camera.stream);
  const facts = [
    codec,
    size,
    fps,
    keyframes === null ? null : `keyframe ${keyframes}`,
    bitrate,
  ].filter((fact) => fact !== null);
  return (
    <li className={styles.card}>
      <div className={styles.cardHead}>
        <CameraLink camera={camera} />
        <CameraStatusMark camera={camera} />
      </div>
      <CameraLabels camera={camera} />
      {facts.length > 0 && <p className={styles.facts}>{facts.join(' · ')}</p>}
      <p className={styles.cardTrouble}>
        <CameraTrouble camera={camera} />
      </p>
      <div className={styles.cardActions}>
        <CameraActions camera={camera} onRemove={onRemove} />
      </div>
    </li>
  );
}

// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import type { LiveStats, LiveTransport, TransportName } from '../../lib/live/events';
import styles from './tile-stats.module.css';

const transportNames: Record<TransportName, string> = {
  websocket: 'WebSocket',
  'll-hls': 'Low-latency HLS',
  hls: 'HLS',
  jpeg: 'Single pictures',
};

export function transportName({ transport, isLowLatency }: LiveTransport): string {
  return isLowLatency ? `${transportNames[transport]}, low latency` : transportNames[transport];
}

function bitrate(bps: number): string {
  return bps >= 1e6 ? `${(bps / 1e6).toFixed(1)} Mbit/s` : `${String(Math.round(bps / 1e3))} kbit/s`;
}

function seconds(value: number): string {
  return `${value.toFixed(value < 1 ? 2 : 1)} s`;
}

type TileStatsProps = { stats: LiveStats | null; transport: LiveTransport | null };

/** How the picture comes, in figures of the last second. */
export function TileStats({ stats, transport }: TileStatsProps): ReactNode {
  const rows: [string, string][] = [];
  if (stats !== null) {
    rows.push(
      ['Latency', stats.latencyS === null ? 'not known' : seconds(stats.latencyS)],
      ['Frames', `${stats.fps.toFixed(1)} per second`],
      ['Bit rate', bitrate(stats.bitrateBps)],
      ['Picture', `${String(stats.width)} × ${String(stats.height)} ${stats.codec}`],
      ['Buffer', seconds(stats.bufferedS)],
      ['Dropped', String(stats.droppedFrames)],
    );
  }
  if (transport !== null) {
    rows.push(['Transport', `${transportName(transport)}, ${transport.stream}`]);
  }
  if (rows.length === 0) rows.push(['Figures', 'none yet']);
  return (
    <dl className={styles.stats}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

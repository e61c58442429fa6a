// SPDX-License-Identifier: MIT
import 'uplot/dist/uPlot.min.css';

import { useEffect, useRef, type ReactNode } from 'react';
import UPlot from 'uplot';

import { formatSize } from '../../lib/size';
import { formatDayShort } from '../../lib/time';
import styles from './use-chart.module.css';
import type { Stack } from './use-stacks';

export const chartHeight = 240;

type UseChartProps = {
  days: readonly string[];
  stacks: readonly Stack[];
  /** The key of the one that stands on the ground, in its colour, with the others in grey. */
  focused: string | null;
  label: string;
  /** The place in `days` that the pointer is at. */
  onPoint: (at: number | null) => void;
};

function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The one in focus at the bottom, for only there it can be compared from day to day. */
function inOrder(stacks: readonly Stack[], focused: string | null): Stack[] {
  return [...stacks].sort((a, b) => Number(b.key === focused) - Number(a.key === focused));
}

/** Series that stand on each other, the whole first, so that each hides the lower part of the one before. */
function dataOf(days: readonly string[], stacks: readonly Stack[]): UPlot.AlignedData {
  const series: number[][] = [];
  let below = days.map(() => 0);
  for (const { sizes } of stacks) {
    below = below.map((height, at) => height + (sizes[at] ?? 0));
    series.unshift(below);
  }
  return [days.map((_, at) => at), ...series];
}

function optionsOf(
  { days, stacks, focused, onPoint }: UseChartProps,
  width: number,
): UPlot.Options {
  const [soft, line, panel] = [css('--text-soft'), css('--line'), css('--panel')];
  const font = '12px system-ui, sans-serif';
  const axis = { stroke: soft, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  const bars = UPlot.paths.bars?.({ size: [0.8, 64] });
  return {
    width,
    height: chartHeight,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { setScale: false, x: false, y: false } },
    scales: {
      x: { time: false, range: () => [-0.5, days.length - 0.5] },
      // At least a megabyte: before the first file is closed there is nothing to measure by.
      y: { range: (_, _min, max) => [0, Math.max(1e6, max) * 1.05] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        incrs: [1, 2, 5, 7, 14, 30],
        space: 56,
        values: (_, places) =>
          places.map((at) => {
            const day = days[at];
            return day === undefined ? '' : formatDayShort(day);
          }),
      },
      { ...axis, size: 68, values: (_, sizes) => sizes.map((size) => formatSize(size)) },
    ],
    series: [
      {},
      ...inOrder(stacks, focused)
        .reverse()
        .map(({ key, colour }) => ({
          paths: bars,
          fill: focused === null || key === focused ? colour : line,
          stroke: panel,
          width: 1,
          points: { show: false },
        })),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
  };
}

/** A bar a day, in which each camera has a colour. The table beside it says the same in words. */
export function UseChart(props: UseChartProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const { days, stacks, focused, label, onPoint } = props;
  useEffect(() => {
    const target = box.current;
    if (target === null) return;
    let chart: UPlot | null = null;
    const draw = (): void => {
      chart?.destroy();
      const given = { days, stacks, focused, label, onPoint };
      const data = dataOf(days, inOrder(stacks, focused));
      chart = new UPlot(optionsOf(given, target.clientWidth), data, target);
    };
    draw();
    const sizes = new ResizeObserver(() =>
      chart?.setSize({ width: target.clientWidth, height: chartHeight }),
    );
    sizes.observe(target);
    // A canvas has the colours that it was drawn with.
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      sizes.disconnect();
      theme.disconnect();
      chart?.destroy();
    };
  }, [days, stacks, focused, label, onPoint]);
  return <div ref={box} className={styles.chart} role="img" aria-label={label} />;
}

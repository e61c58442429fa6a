// SPDX-License-Identifier: MIT
import type UPlot from 'uplot';

/** uPlot as the chart sees it; keeps what it was told to draw. */
export class FakeUplot {
  static readonly paths = {};
  static newest: FakeUplot | null = null;
  readonly options: UPlot.Options;
  readonly data: UPlot.AlignedData;

  constructor(options: UPlot.Options, data: UPlot.AlignedData) {
    this.options = options;
    this.data = data;
    FakeUplot.newest = this;
  }

  /** As if the pointer were over a bar; null: over none. */
  point(idx: number | null): void {
    for (const hook of this.options.hooks?.setCursor ?? []) hook?.({ cursor: { idx } } as unknown as UPlot);
  }

  setSize(): void {
    // jsdom lays nothing out.
  }

  destroy(): void {
    if (FakeUplot.newest === this) FakeUplot.newest = null;
  }
}

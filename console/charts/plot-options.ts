// How uPlot draws a graph of lines or of stacked areas.

import uPlot from 'uplot';
import type { ChartContent } from '../../src/console/contract.ts';
import { axisTime, shortNumber, type Zone } from '../text/format.ts';
import { drawAnnotations } from './annotations.ts';
import { colourOf, withOpacity } from './colours.ts';
import { limitsOf } from './columns.ts';
import { type Told, tooltip } from './tooltip.ts';

/** The colours of the page. */
export interface Theme {
  text: string;
  grid: string;
  annotation: string;
}

/** What a graph is made of besides its data. */
export interface PlotSettings {
  content: ChartContent;
  width: number;
  height: number;
  zone: Zone;
  theme: Theme;
  told: () => readonly Told[];
  /** A range of seconds was marked with the pointer. */
  onRange(from: number, to: number): void;
}

const FONT = '11px system-ui, sans-serif';
/** All graphs of a page show the same time under the pointer. */
const SYNC = 'dashboard';
const FEW_POINTS = 40;

export function plotOptions(settings: PlotSettings): uPlot.Options {
  const { content, width, height, zone, theme, told, onRange } = settings;
  const { series, isStacked, span, horizontal, vertical } = content;
  const axes = (['left', 'right'] as const).filter(
    (axis) => series.some((one) => one.axis === axis) || (axis === 'left' && series.length === 0),
  );
  return {
    ...{ width, height },
    ...(zone === 'utc' && { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') }),
    padding: [8, axes.includes('right') ? 0 : 12, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      sync: { key: SYNC, setSeries: false, scales: ['x', null] },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      focus: { prox: -1 },
    },
    scales: {
      x: { time: true, range: () => [span.start / 1000, span.end / 1000] },
      ...Object.fromEntries(axes.map((axis) => [axis, { range: rangeOf(content, axis) }])),
    },
    axes: [timeAxis(theme, zone), ...axes.map((axis) => valueAxis(content, axis, theme))],
    series: [
      {},
      ...series.map(
        ({ label, colour, axis, times }, index): uPlot.Series => ({
          ...{ label, scale: axis, stroke: colourOf(colour, index), width: 1.6, spanGaps: true },
          ...(isStacked && { fill: withOpacity(colourOf(colour, index), 0.35) }),
          points: { show: times.length <= FEW_POINTS, size: 4, fill: colourOf(colour, index) },
        }),
      ),
    ],
    ...(isStacked && { bands: bandsBetween(series.length) }),
    plugins: [tooltip(told, zone)],
    hooks: {
      // Below the series.
      drawAxes: [(plot) => drawAnnotations(plot, { horizontal, vertical, colour: theme.annotation })],
      setSelect: [
        (plot) => {
          const { left, width: selected } = plot.select;
          if (selected < 4) return;
          onRange(plot.posToVal(left, 'x'), plot.posToVal(left + selected, 'x'));
        },
      ],
    },
  };
}

/** Each area ends where the one below it begins. */
const bandsBetween = (count: number): uPlot.Band[] =>
  Array.from({ length: Math.max(0, count - 1) }, (_, index) => ({ series: [index + 2, index + 1] }));

function rangeOf(
  { horizontal, axes, isStacked }: ChartContent,
  axis: 'left' | 'right',
): uPlot.Range.Function {
  const lines = horizontal
    .filter((band) => band.axis === axis)
    .flatMap(({ from, to }) => (to === undefined ? [from] : [from, to]));
  return (_plot, min, max) =>
    limitsOf(
      min == null || max == null ? undefined : [min, max],
      isStacked ? [0, ...lines] : lines,
      axes[axis],
    );
}

const timeAxis = (theme: Theme, zone: Zone): uPlot.Axis => ({
  ...{ stroke: theme.text, font: FONT, space: 56, size: 28, gap: 4 },
  ...{ grid: { show: false }, ticks: { stroke: theme.grid, width: 1, size: 4 } },
  values: (_plot, marks, _axis, _space, step) => marks.map((mark) => axisTime(mark, step, zone)),
});

const valueAxis = ({ axes }: ChartContent, axis: 'left' | 'right', theme: Theme): uPlot.Axis => ({
  ...{
    scale: axis,
    side: axis === 'left' ? 3 : 1,
    stroke: theme.text,
    font: FONT,
    space: 32,
    size: 52,
    gap: 6,
  },
  ...{ grid: { show: axis === 'left', stroke: theme.grid, width: 1 }, ticks: { show: false } },
  ...(axes[axis].label && { label: axes[axis].label, labelFont: FONT, labelSize: 18, labelGap: 0 }),
  values: (_plot, marks) => marks.map(shortNumber),
});

// A graph over time with its legend.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { ChartContent } from '../../src/console/contract.ts';
import { shortNumber, type Zone } from '../text/format.ts';
import { colourOf } from './colours.ts';
import { columnsOf, stacked, summaryOf } from './columns.ts';
import { Legend } from './legend.tsx';
import { plotOptions, type Theme } from './plot-options.ts';
import type { Told } from './tooltip.ts';
import { useSize } from './use-size.ts';

export interface LineChartProps {
  content: ChartContent;
  title: string;
  zone: Zone;
  onRange(from: number, to: number): void;
}

export function LineChart({ content, title, zone, onRange }: LineChartProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [frame, { width, height }] = useSize<HTMLDivElement>();
  const theme = useTheme();
  const { series, isStacked, legend } = content;
  const isShown = series.map(({ label }, index) => !hidden.has(keyOf(label, index)));
  const columns = useMemo(() => columnsOf(series), [series]);
  const told = useRef<readonly Told[]>([]);
  told.current = series.map(({ label, colour }, index) => ({
    ...{ label, colour: colourOf(colour, index), values: columns.values[index]! },
  }));
  const range = useRef(onRange);
  range.current = onRange;
  const plot = useRef<uPlot | undefined>(undefined);
  const hiddenKeys = [...hidden].join('\n');

  // Another size is set below; which series are hidden is in their keys.
  useEffect(() => {
    if (!frame.current || width < 40 || height < 40) return;
    const options = plotOptions({
      ...{ content, width, height, zone, theme },
      told: () => told.current,
      onRange: (from, to) => range.current(from, to),
    });
    for (const [index, shown] of isShown.entries()) options.series[index + 1]!.show = shown;
    const { times, values } = isStacked ? stacked(columns, isShown) : columns;
    const created = new uPlot(options, [times, ...values] as uPlot.AlignedData, frame.current);
    plot.current = created;
    return () => {
      plot.current = undefined;
      created.destroy();
    };
  }, [content, columns, zone, theme, hiddenKeys, width < 40, height < 40]);

  useEffect(() => {
    if (width >= 40 && height >= 40) plot.current?.setSize({ width, height });
  }, [width, height]);

  const toggle = (key: string) => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  };
  return (
    <div class={`chart legend-${legend}`}>
      <div class="plot" role="img" aria-label={describe(title, content)} ref={frame}>
        {columns.times.length === 0 && <p class="no-data">No data in this time range</p>}
      </div>
      {legend !== 'hidden' && (
        <Legend
          entries={series.map(({ label, colour, values }, index) => ({
            ...{ key: keyOf(label, index), label, colour: colourOf(colour, index) },
            ...{ isShown: isShown[index]!, last: values.at(-1) },
          }))}
          isLong={legend === 'right'}
          onToggle={toggle}
        />
      )}
    </div>
  );
}

const keyOf = (label: string, index: number): string => `${index} ${label}`;

/** What a screen reader says of the graph. */
function describe(title: string, { series, isStacked }: ChartContent): string {
  const parts = series.slice(0, 10).map(({ label, values }) => {
    const summary = summaryOf(values);
    return summary
      ? `${label}: last ${shortNumber(summary.last)}, from ${shortNumber(summary.min)} to ${shortNumber(summary.max)}`
      : `${label}: no values`;
  });
  const more = series.length > 10 ? [`and ${series.length - 10} more`] : [];
  return `${isStacked ? 'Stacked graph' : 'Graph'} ${title}. ${[...parts, ...more].join('; ')}`;
}

const DARK = matchMedia('(prefers-color-scheme: dark)');

function useTheme(): Theme {
  const [isDark, setDark] = useState(DARK.matches);
  useEffect(() => {
    const change = () => setDark(DARK.matches);
    DARK.addEventListener('change', change);
    return () => DARK.removeEventListener('change', change);
  }, []);
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const of = (name: string) => style.getPropertyValue(name).trim();
    return { text: of('--muted'), grid: of('--grid'), annotation: of('--annotation') };
    // The style follows the scheme.
  }, [isDark]);
}

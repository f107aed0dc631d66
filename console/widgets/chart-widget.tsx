// A chart by its view.

import type { ChartContent } from '../../src/console/contract.ts';
import { BarChart } from '../charts/bar-chart.tsx';
import { Gauges } from '../charts/gauge.tsx';
import { LineChart, type LineChartProps } from '../charts/line-chart.tsx';
import { Numbers } from '../charts/numbers.tsx';
import { PieChart } from '../charts/pie-chart.tsx';
import { SeriesTable } from '../charts/series-table.tsx';

export function ChartWidget({ asTable, ...props }: LineChartProps & { asTable: boolean }) {
  const { content, title } = props;
  const { view, series } = content;
  if (asTable || view === 'table') return <SeriesTable series={series} title={title} />;
  switch (view) {
    case 'timeSeries':
      return <LineChart {...props} />;
    case 'bar':
      return <BarChart content={content} title={title} />;
    case 'pie':
      return <PieChart content={content} title={title} />;
    case 'gauge':
      return <Gauges content={content} />;
    case 'singleValue':
      return <Numbers content={content} />;
  }
}

/** Whether the widget can show its numbers in place of its picture. */
export const hasTable = ({ view, bars, series }: ChartContent): boolean =>
  view === 'timeSeries' && bars === undefined && series.length > 0;

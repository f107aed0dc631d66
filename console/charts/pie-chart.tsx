// The view `pie`: the parts of a whole, as a ring with its legend.

import type { ChartContent } from '../../src/console/contract.ts';
import { fullNumber, shortNumber } from '../text/format.ts';
import { categoriesOf, partsOf } from './categories.ts';
import { colourOf } from './colours.ts';

const MOST_PARTS = 10;
const RADIUS = 38;
const AROUND = 2 * Math.PI * RADIUS;

export function PieChart({ content, title }: { content: ChartContent; title: string }) {
  const bars = categoriesOf(content);
  const parts = partsOf(bars, MOST_PARTS);
  if (parts.length === 0) return <p class="no-data">No data in this time range</p>;
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  const colour = (label: string, index: number) =>
    colourOf(bars.colours[bars.categories.indexOf(label)], index);
  let before = 0;
  return (
    <div class="pie">
      <svg viewBox="0 0 100 100" role="img" aria-label={`${title}: parts of ${fullNumber(total)}`}>
        {parts.map(({ label, value, share }, index) => {
          const offset = before;
          before += share;
          return (
            <circle
              key={label}
              {...{ cx: 50, cy: 50, r: RADIUS, fill: 'none' }}
              stroke={colour(label, index)}
              stroke-dasharray={`${Math.max(0, share * AROUND - 0.8)} ${AROUND}`}
              stroke-dashoffset={-offset * AROUND}
            >
              <title>{`${label}: ${fullNumber(value)}`}</title>
            </circle>
          );
        })}
        <text x="50" y="54">
          {shortNumber(total)}
        </text>
      </svg>
      <ul class="legend long" aria-label="Parts">
        {parts.map(({ label, value, share }, index) => (
          <li key={label} title={`${label}: ${fullNumber(value)}`}>
            <i style={{ background: colour(label, index) }} />
            <span>{label}</span>
            <b>{shortNumber(value)}</b>
            <small>{(share * 100).toFixed(share < 0.1 ? 1 : 0)} %</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

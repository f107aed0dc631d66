// The view `singleValue`: the last value of each series, with a small line.

import type { ChartContent } from '../../src/console/contract.ts';
import { fullNumber, shortNumber } from '../text/format.ts';
import { colourOf } from './colours.ts';
import { Sparkline } from './sparkline.tsx';

export function Numbers({ content: { series, hasSparkline } }: { content: ChartContent }) {
  return (
    <ul class="numbers">
      {series.map((one, index) => {
        const last = one.values.at(-1);
        return (
          <li key={`${index} ${one.label}`}>
            <span class="label">{one.label}</span>
            <strong title={last === undefined ? 'No data' : fullNumber(last)}>
              {shortNumber(last ?? Number.NaN)}
            </strong>
            {hasSparkline && <Sparkline series={one} colour={colourOf(one.colour, index)} />}
          </li>
        );
      })}
    </ul>
  );
}

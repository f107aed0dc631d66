// The view `table`: the numbers of each series. Every graph has it, too, for those who cannot see it.

import type { Series } from '../../src/console/contract.ts';
import { fullNumber, shortNumber } from '../text/format.ts';
import { Scrollable } from '../text/scrollable.tsx';
import { colourOf } from './colours.ts';
import { type Summary, summaryOf } from './columns.ts';

const NUMBERS: [name: string, of: keyof Summary][] = [
  ['Last', 'last'],
  ['Average', 'mean'],
  ['Minimum', 'min'],
  ['Maximum', 'max'],
  ['Sum', 'sum'],
];

export function SeriesTable({ series, title }: { series: readonly Series[]; title: string }) {
  return (
    <Scrollable label={title}>
      <table class="data">
        <caption class="hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            {NUMBERS.map(([name]) => (
              <th scope="col" class="number" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map(({ label, colour, values }, index) => {
            const summary = summaryOf(values);
            return (
              <tr key={`${index} ${label}`}>
                <th scope="row">
                  <i class="swatch" style={{ background: colourOf(colour, index) }} />
                  {label}
                </th>
                {NUMBERS.map(([name, of]) => (
                  <td class="number" key={name} title={summary && fullNumber(summary[of])}>
                    {summary ? shortNumber(summary[of]) : '–'}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scrollable>
  );
}

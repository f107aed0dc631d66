// The view `bar`: a bar for each category, or a group of bars.

import type { ChartContent } from '../../src/console/contract.ts';
import { fullNumber, shortNumber } from '../text/format.ts';
import { Scrollable } from '../text/scrollable.tsx';
import { categoriesOf } from './categories.ts';
import { colourOf } from './colours.ts';

export function BarChart({ content, title }: { content: ChartContent; title: string }) {
  const { categories, groups, colours } = categoriesOf(content);
  const values = groups.flatMap((group) => group.values).filter((value) => value !== null);
  if (values.length === 0) return <p class="no-data">No data in this time range</p>;
  const max = content.axes.left.max ?? Math.max(0, ...values);
  const min = content.axes.left.min ?? Math.min(0, ...values);
  const isGrouped = groups.length > 1;
  return (
    <div class="bars">
      {isGrouped && (
        <ul class="legend" aria-hidden="true">
          {groups.map(({ label }, index) => (
            <li key={label}>
              <i style={{ background: colourOf(undefined, index) }} />
              {label}
            </li>
          ))}
        </ul>
      )}
      <Scrollable label={title}>
        <table>
          <caption class="hidden">{title}</caption>
          <tbody>
            {categories.map((category, row) => (
              <tr key={`${row} ${category}`}>
                <th scope="row" title={category}>
                  {category || groups[0]?.label}
                </th>
                <td>
                  {groups.map(({ label, values: own }, index) => (
                    <Bar
                      key={label}
                      name={isGrouped ? label : ''}
                      value={own[row] ?? null}
                      colour={
                        isGrouped
                          ? colourOf(undefined, index)
                          : colourOf(colours[row], content.bars ? 0 : row)
                      }
                      {...{ min, max }}
                    />
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
    </div>
  );
}

interface BarProps {
  name: string;
  value: number | null;
  colour: string;
  min: number;
  max: number;
}

function Bar({ name, value, colour, min, max }: BarProps) {
  const share = (at: number) => Math.min(1, Math.max(0, (at - min) / (max - min || 1)));
  const from = share(Math.min(0, value ?? 0));
  const width = share(Math.max(0, value ?? 0)) - from;
  const text = value === null ? 'No value' : fullNumber(value);
  return (
    <div class="bar" title={name ? `${name}: ${text}` : text}>
      <span class="track">
        <i style={{ background: colour, marginLeft: `${from * 100}%`, width: `${width * 100}%` }} />
      </span>
      <b>
        {name && <span class="hidden">{name}: </span>}
        {shortNumber(value ?? Number.NaN)}
      </b>
    </div>
  );
}

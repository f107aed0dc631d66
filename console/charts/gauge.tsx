// The view `gauge`: the last value of each series between the limits of the left axis.

import type { ChartContent } from '../../src/console/contract.ts';
import { fullNumber, shortNumber } from '../text/format.ts';
import { colourOf } from './colours.ts';

const RADIUS = 42;

export function Gauges({ content }: { content: ChartContent }) {
  const { series, axes, horizontal } = content;
  const min = axes.left.min ?? 0;
  const max = axes.left.max ?? 100;
  const shareOf = (value: number) => Math.min(1, Math.max(0, (value - min) / (max - min || 1)));
  return (
    <ul class="gauges">
      {series.map((one, index) => {
        const last = one.values.at(-1);
        const text = last === undefined ? 'No data' : fullNumber(last);
        return (
          <li key={`${index} ${one.label}`}>
            <svg viewBox="0 0 100 62" role="img" aria-label={`${one.label}: ${text}, of ${min} to ${max}`}>
              <path class="track" d={arc(0, 1)} />
              {last !== undefined && <path d={arc(0, shareOf(last))} stroke={colourOf(one.colour, index)} />}
              {horizontal.map(({ from, colour }) => (
                <path class="mark" d={arc(shareOf(from) - 0.006, shareOf(from) + 0.006)} stroke={colour} />
              ))}
              <text x="50" y="50" class="value">
                {shortNumber(last ?? Number.NaN)}
              </text>
              <text x="8" y="61" class="limit">
                {shortNumber(min)}
              </text>
              <text x="92" y="61" class="limit">
                {shortNumber(max)}
              </text>
            </svg>
            <span class="label">{one.label}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** A part of the upper half of a circle; 0 is its left end and 1 its right one. */
function arc(from: number, to: number): string {
  const at = (share: number) => {
    const angle = Math.PI * (1 - Math.min(1, Math.max(0, share)));
    return `${(50 + RADIUS * Math.cos(angle)).toFixed(2)} ${(52 - RADIUS * Math.sin(angle)).toFixed(2)}`;
  };
  return `M ${at(from)} A ${RADIUS} ${RADIUS} 0 0 1 ${at(to)}`;
}

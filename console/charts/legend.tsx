// The names of series with their colours. A click hides a series or shows it again.

import { fullNumber, shortNumber } from '../text/format.ts';

export interface LegendEntry {
  key: string;
  label: string;
  colour: string;
  isShown: boolean;
  last: number | undefined;
}

export interface LegendProps {
  entries: LegendEntry[];
  /** One entry a line, each with its last value. */
  isLong: boolean;
  onToggle(key: string): void;
}

export function Legend({ entries, isLong, onToggle }: LegendProps) {
  return (
    <ul class={isLong ? 'legend long' : 'legend'} aria-label="Series">
      {entries.map(({ key, label, colour, isShown, last }) => (
        <li key={key}>
          <button type="button" aria-pressed={isShown} title={label} onClick={() => onToggle(key)}>
            <i style={{ background: colour }} />
            <span>{label}</span>
            {isLong && (
              <b title={last === undefined ? '' : fullNumber(last)}>{shortNumber(last ?? Number.NaN)}</b>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

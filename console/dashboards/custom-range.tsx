// A time range that the viewer enters: a duration until now, or from one time to another.

import { useRef, useState } from 'preact/hooks';
import type { TimeSpan } from '../../src/console/contract.ts';
import type { View } from '../frame/page-state.ts';
import type { Zone } from '../text/format.ts';

export interface CustomRangeProps {
  isOn: boolean;
  text: string;
  span: TimeSpan | undefined;
  zone: Zone;
  change(changes: Partial<View>): void;
}

const UNITS: [letter: string, name: string][] = [
  ['M', 'minutes'],
  ['H', 'hours'],
  ['D', 'days'],
  ['W', 'weeks'],
];

export function CustomRange({ isOn, text, span, zone, change }: CustomRangeProps) {
  const panel = useRef<HTMLDialogElement>(null);
  const [count, setCount] = useState(30);
  const [unit, setUnit] = useState('M');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const open = () => {
    if (span) {
      setFrom(fieldOf(span.start, zone));
      setTo(fieldOf(span.end, zone));
    }
    panel.current?.showModal();
  };
  const choose = (changes: Partial<View>) => {
    panel.current?.close();
    change(changes);
  };
  const [start, end] = [momentOf(from, zone), momentOf(to, zone)];
  const isRange = start !== undefined && end !== undefined && start < end;
  return (
    <>
      <button type="button" aria-pressed={isOn} aria-haspopup="dialog" onClick={open}>
        {text}
      </button>
      <dialog ref={panel} class="custom-range" aria-label="Custom time range">
        <h2>Until now</h2>
        <div class="row">
          <label>
            <span class="hidden">How many</span>
            <input
              type="number"
              min={1}
              max={9999}
              value={count}
              onInput={({ currentTarget }) => setCount(currentTarget.valueAsNumber)}
            />
          </label>
          <label>
            <span class="hidden">Unit</span>
            <select value={unit} onChange={({ currentTarget }) => setUnit(currentTarget.value)}>
              {UNITS.map(([letter, name]) => (
                <option key={letter} value={letter}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            class="primary"
            disabled={!(Number.isInteger(count) && count >= 1 && count <= 9_999)}
            onClick={() =>
              choose({
                start: `-P${'MH'.includes(unit) ? 'T' : ''}${count}${unit}`,
                end: undefined,
              })
            }
          >
            Show
          </button>
        </div>
        <h2>From one time to another ({zone === 'utc' ? 'UTC' : 'local time'})</h2>
        <div class="row">
          <label>
            From
            <input
              type="datetime-local"
              step={1}
              value={from}
              onInput={({ currentTarget }) => setFrom(currentTarget.value)}
            />
          </label>
          <label>
            To
            <input
              type="datetime-local"
              step={1}
              value={to}
              onInput={({ currentTarget }) => setTo(currentTarget.value)}
            />
          </label>
          <button
            type="button"
            class="primary"
            disabled={!isRange}
            onClick={() =>
              isRange && choose({ start: new Date(start).toISOString(), end: new Date(end).toISOString() })
            }
          >
            Show
          </button>
        </div>
        <div class="row end">
          <button type="button" onClick={() => choose({ start: undefined, end: undefined })}>
            As the dashboard says
          </button>
          <button type="button" onClick={() => panel.current?.close()}>
            Cancel
          </button>
        </div>
      </dialog>
    </>
  );
}

/** As a field for local times takes it. */
function fieldOf(milliseconds: number, zone: Zone): string {
  const offset = zone === 'utc' ? 0 : new Date(milliseconds).getTimezoneOffset() * 60_000;
  return new Date(milliseconds - offset).toISOString().slice(0, 19);
}

function momentOf(field: string, zone: Zone): number | undefined {
  const moment = Date.parse(zone === 'utc' ? `${field}Z` : field);
  return Number.isNaN(moment) ? undefined : moment;
}

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

type Choose = (range: Pick<View, 'start' | 'end'>) => void;

export function CustomRange({ isOn, text, span, zone, change }: CustomRangeProps) {
  const panel = useRef<HTMLDialogElement>(null);
  // Each time it opens, it begins with the range that is shown.
  const [opened, setOpened] = useState(0);
  const open = () => {
    setOpened(opened + 1);
    panel.current?.showModal();
  };
  const choose: Choose = ({ start, end }) => {
    panel.current?.close();
    change({ start, end });
  };
  return (
    <>
      <button type="button" aria-pressed={isOn} aria-haspopup="dialog" onClick={open}>
        {text}
      </button>
      <dialog ref={panel} class="custom-range" aria-label="Custom time range">
        <UntilNow choose={choose} />
        <FromTo key={opened} {...{ span, zone, choose }} />
        <div class="row end">
          <button type="button" onClick={() => choose({})}>
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

const UNITS: [letter: string, name: string][] = [
  ['M', 'minutes'],
  ['H', 'hours'],
  ['D', 'days'],
  ['W', 'weeks'],
];
const MOST = 9_999;

function UntilNow({ choose }: { choose: Choose }) {
  const [count, setCount] = useState(30);
  const [unit, setUnit] = useState('M');
  const isCount = Number.isInteger(count) && count >= 1 && count <= MOST;
  const time = unit === 'M' || unit === 'H' ? 'T' : '';
  return (
    <>
      <h2>Until now</h2>
      <div class="row">
        <label>
          <span class="hidden">How many</span>
          <input
            type="number"
            min={1}
            max={MOST}
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
          disabled={!isCount}
          onClick={() => choose({ start: `-P${time}${count}${unit}` })}
        >
          Show
        </button>
      </div>
    </>
  );
}

function FromTo({ span, zone, choose }: Pick<CustomRangeProps, 'span' | 'zone'> & { choose: Choose }) {
  const [from, setFrom] = useState(span ? fieldOf(span.start, zone) : '');
  const [to, setTo] = useState(span ? fieldOf(span.end, zone) : '');
  const [start, end] = [momentOf(from, zone), momentOf(to, zone)];
  const range = start !== undefined && end !== undefined && start < end ? { start, end } : undefined;
  return (
    <>
      <h2>From one time to another ({zone === 'utc' ? 'UTC' : 'local time'})</h2>
      <div class="row">
        <MomentField label="From" value={from} set={setFrom} />
        <MomentField label="To" value={to} set={setTo} />
        <button
          type="button"
          class="primary"
          disabled={!range}
          onClick={() => range && choose({ start: isoOf(range.start), end: isoOf(range.end) })}
        >
          Show
        </button>
      </div>
    </>
  );
}

function MomentField({ label, value, set }: { label: string; value: string; set(value: string): void }) {
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        step={1}
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    </label>
  );
}

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** As a field for local times takes it. */
function fieldOf(milliseconds: number, zone: Zone): string {
  const offset = zone === 'utc' ? 0 : new Date(milliseconds).getTimezoneOffset() * 60_000;
  return isoOf(milliseconds - offset).slice(0, 19);
}

function momentOf(field: string, zone: Zone): number | undefined {
  const moment = Date.parse(zone === 'utc' ? `${field}Z` : field);
  return Number.isNaN(moment) ? undefined : moment;
}

// Alarms with their states.

import type { AlarmState } from '../../src/console/contract.ts';
import { agoText } from '../text/format.ts';

const WORDS: Record<AlarmState['state'], string> = {
  ALARM: 'In alarm',
  INSUFFICIENT_DATA: 'Insufficient data',
  OK: 'OK',
  MISSING: 'No such alarm',
};
/** The state is told by shape as well as by colour. */
const SHAPES: Record<AlarmState['state'], string> = {
  ALARM: 'M8 1.5 15 14H1Z',
  INSUFFICIENT_DATA: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM4 7h8v2H4Z',
  OK: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM6.9 11.2 3.8 8.1l1.3-1.3 1.8 1.8 4-4 1.3 1.3Z',
  MISSING: 'M2 2h12v12H2Zm2 2v8h8V4Z',
};

export function AlarmWidget({ alarms }: { alarms: readonly AlarmState[] }) {
  if (alarms.length === 0) return <p class="no-data">No alarm is in one of these states</p>;
  return (
    <ul class="alarms">
      {alarms.map((alarm) => (
        <AlarmTile key={`${alarm.region} ${alarm.name}`} alarm={alarm} />
      ))}
    </ul>
  );
}

/** One alarm. */
export function AlarmTile({ alarm }: { alarm: AlarmState }) {
  const { name, region, state, reason, condition, updatedAt } = alarm;
  return (
    <li class={`alarm state-${state}`} title={reason}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[state]} fill-rule="evenodd" />
      </svg>
      <div>
        <strong>{name}</strong>
        <span class="detail">
          {WORDS[state]}
          {updatedAt > 0 && <> · {agoText(updatedAt, Date.now())}</>}
          {region && <> · {region}</>}
        </span>
        <span class="hidden">{reason}</span>
        {condition && <span class="detail condition">{condition}</span>}
      </div>
    </li>
  );
}

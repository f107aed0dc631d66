// The bar above a dashboard: its name, the time range, refreshing, the period and the time zone.

import { DASHBOARDS_PATH } from '../../src/aws/console-address.ts';
import { queryOf, RANGES, REFRESHES, type View } from '../frame/page-state.ts';
import { clockText, momentText, type Zone, zoneName } from '../text/format.ts';
import { CustomRange } from './custom-range.tsx';
import type { Shown } from './use-dashboard.ts';

export interface ToolbarProps {
  name: string;
  view: View;
  shown: Shown;
  change(changes: Partial<View>): void;
  readAgain(): void;
}

const PERIODS: [seconds: number, name: string][] = [
  ...([1, 5, 10, 30] as const).map((seconds): [number, string] => [seconds, `${seconds} s`]),
  ...([1, 5, 15] as const).map((minutes): [number, string] => [minutes * 60, `${minutes} min`]),
  [3_600, '1 h'],
  [86_400, '1 day'],
];

export function Toolbar({ name, view, shown, change, readAgain }: ToolbarProps) {
  const { region, account, zone, refresh, period } = view;
  return (
    <div class="toolbar">
      <div class="title">
        <nav aria-label="Breadcrumb">
          <a
            href={`${DASHBOARDS_PATH}${queryOf({ ...(region && { region }), ...(account && { account }) })}`}
          >
            Dashboards
          </a>
          <span aria-hidden="true">/</span>
        </nav>
        <h1 title={name}>{name}</h1>
      </div>
      <div class="controls">
        <Ranges {...{ view, shown, change }} />
        <label class="select">
          <span>Period</span>
          <select
            value={period ?? ''}
            onChange={({ currentTarget }) => change({ period: Number(currentTarget.value) || undefined })}
          >
            <option value="">Of the widgets</option>
            {PERIODS.map(([seconds, text]) => (
              <option key={seconds} value={seconds}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label class="select">
          <span>Time zone</span>
          <select
            value={zone}
            onChange={({ currentTarget }) => change({ zone: currentTarget.value as Zone })}
          >
            <option value="local">Local ({zoneName('local')})</option>
            <option value="utc">UTC</option>
          </select>
        </label>
        <label class="select">
          <span>Refresh</span>
          <select
            value={refresh}
            onChange={({ currentTarget }) => change({ refresh: Number(currentTarget.value) })}
          >
            {REFRESHES.map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds === 0 ? 'Off' : seconds < 60 ? `${seconds} s` : `${seconds / 60} min`}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="refresh"
          onClick={readAgain}
          aria-label="Refresh now"
          title="Refresh now"
        >
          <svg viewBox="0 0 16 16" class={shown.isReading ? 'turning' : ''} aria-hidden="true">
            <path d="M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 1.8v3h-3" />
          </svg>
        </button>
      </div>
      <p class="read-at">
        {shown.readAt === undefined
          ? 'Reading…'
          : `Read at ${clockText(shown.readAt, zone)} ${zoneName(zone)}`}
      </p>
    </div>
  );
}

function Ranges({ view, shown, change }: Pick<ToolbarProps, 'view' | 'shown' | 'change'>) {
  const { start, end, zone } = view;
  const span = shown.head?.span;
  const seconds = span?.isLive ? (span.end - span.start) / 1000 : undefined;
  const isOn = (range: (typeof RANGES)[number]) =>
    start === undefined ? seconds === range.seconds : start === range.start && end === undefined;
  const isCustom = span !== undefined && !RANGES.some(isOn);
  return (
    <fieldset class="ranges">
      <legend class="hidden">Time range</legend>
      {RANGES.map((range) => (
        <button
          type="button"
          key={range.label}
          aria-pressed={isOn(range)}
          aria-label={`Last ${range.name}`}
          title={`Last ${range.name}`}
          onClick={() => change({ start: range.start, end: undefined })}
        >
          {range.label}
        </button>
      ))}
      <CustomRange
        isOn={isCustom}
        text={isCustom && span && !span.isLive ? spanText(span, zone) : 'Custom'}
        {...{ span, zone, change }}
      />
    </fieldset>
  );
}

const spanText = ({ start, end }: { start: number; end: number }, zone: Zone): string =>
  `${momentText(start / 1000, zone)} – ${momentText(end / 1000, zone)}`;

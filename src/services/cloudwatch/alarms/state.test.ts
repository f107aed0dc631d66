import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlarmConfiguration, AlarmState, Missing } from './model.ts';
import { findState, periodsRead } from './state.ts';

const NOW = Date.UTC(2026, 10, 30, 12, 5);

function alarmOf(evaluationPeriods: number, datapointsToAlarm: number, missing: Missing): AlarmConfiguration {
  return {
    name: 'a',
    actionsEnabled: true,
    actions: { OK: [], ALARM: [], INSUFFICIENT_DATA: [] },
    of: { namespace: 'N', name: 'm', dimensions: [], statistic: 'Average', isExtended: false },
    period: 60,
    ...{ evaluationPeriods, datapointsToAlarm, missing },
    threshold: 10,
    comparison: 'GreaterThanThreshold',
  };
}

/** In the notation of AWS's guide, oldest first: `0` is not breaching, `X` is breaching, `-` is missing. */
const pointsOf = (row: string) =>
  row
    .split(' ')
    .map((sign, place, all) => ({
      at: NOW - (all.length - place) * 60_000,
      value: sign === 'X' ? 11 : 9,
      sign,
    }))
    .filter(({ sign }) => sign !== '-')
    .reverse();

const KEPT = 'kept';
const I: AlarmState = 'INSUFFICIENT_DATA';
const MISSING: readonly Missing[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

// The two tables of AWS's guide, "Configuring how CloudWatch alarms treat missing data".
for (const [wanted, enough, rows] of [
  [
    3,
    3,
    [
      ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
      ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
      ['- - - - -', I, KEPT, 'ALARM', 'OK'],
      ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['- - X - -', 'ALARM', KEPT, 'ALARM', 'OK'],
    ],
  ],
  [
    3,
    2,
    [
      ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
      ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
      ['- - - - X', 'ALARM', KEPT, 'ALARM', 'OK'],
    ],
  ],
] as [number, number, [string, ...string[]][]][]) {
  test(`an alarm of ${enough} out of ${wanted} datapoints treats gaps as AWS's guide says`, () => {
    for (const [row, ...expected] of rows) {
      for (const [place, missing] of MISSING.entries()) {
        for (const before of ['OK', 'ALARM', I] as const) {
          const alarm = alarmOf(wanted, enough, missing);
          assert.equal(periodsRead(alarm), row.split(' ').length);
          const { state } = findState(alarm, pointsOf(row), before, NOW);
          assert.equal(state, expected[place] === KEPT ? before : expected[place], `${row} ${missing}`);
        }
      }
    }
  });
}

test('the reasons have the wording of AWS’s notifications', () => {
  const reason = (row: string, missing: Missing = 'missing') =>
    findState(alarmOf(1, 1, missing), pointsOf(row), 'OK', NOW).reason;
  assert.equal(
    reason('X'),
    'Threshold Crossed: 1 out of the last 1 datapoint [11.0 (30/11/26 12:04:00)] was greater than the threshold (10.0) (minimum 1 datapoint for OK -> ALARM transition).',
  );
  assert.equal(
    reason('0'),
    'Threshold Crossed: 1 datapoint [9.0 (30/11/26 12:04:00)] was not greater than the threshold (10.0).',
  );
  assert.equal(reason('-'), 'Insufficient Data: 1 datapoint was unknown.');
  assert.match(
    reason('-', 'breaching'),
    /no datapoints were received for 1 period and 1 datapoint was treated as \[Breaching\]/,
  );
});

test('each comparison decides at, below and above the threshold', () => {
  const at = (comparison: AlarmConfiguration['comparison'], value: number) =>
    findState({ ...alarmOf(1, 1, 'missing'), comparison }, [{ at: NOW, value }], 'OK', NOW).state;
  assert.deepEqual(
    [9, 10, 11].map((value) => [
      at('GreaterThanThreshold', value),
      at('GreaterThanOrEqualToThreshold', value),
      at('LessThanThreshold', value),
      at('LessThanOrEqualToThreshold', value),
    ]),
    [
      ['OK', 'OK', 'ALARM', 'ALARM'],
      ['OK', 'ALARM', 'OK', 'ALARM'],
      ['ALARM', 'ALARM', 'OK', 'OK'],
    ],
  );
});

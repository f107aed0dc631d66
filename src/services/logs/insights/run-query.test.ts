// Tests queries over segments in files against a naive evaluator that filters, groups and sorts plain objects.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Random, seededRandom } from '../../../../test/support/random-input.ts';
import { settle } from '../reading/settle.ts';
import type { GroupSource } from '../segments/group-source.ts';
import { lineOf } from '../segments/lines.ts';
import { linesPath, type SegmentPlace } from '../segments/paths.ts';
import { QueryMemory, TooMuchMemory } from './language/query-memory.ts';
import { runQuery } from './run-query.ts';

const START = Date.UTC(2026, 0, 1);
const EVENTS = 900;
const STREAMS = new Map([
  [1, 'one'],
  [2, 'two'],
]);
const DELETED_STREAM = 3;

interface Event {
  at: number;
  stream: string;
  message: string;
  /** What is in the message. */
  fields: Record<string, string | number>;
}

let directory: string;
let source: GroupSource;
let events: Event[];

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'millpond-insights-'));
  const random = seededRandom(7);
  events = [];
  const places: SegmentPlace[] = [];
  // The first two segments are settled, the last one is open.
  for (const number of [1, 2, 3]) places.push(segment(number, random));
  for (const place of places.slice(0, 2)) settle({ kind: 'settle', place, keeping: { isLambda: false } });
  source = { name: 'g', log: '1:g', isLambda: false, streams: STREAMS, places, least: 0 };
});

after(() => rmSync(directory, { recursive: true, force: true }));

function segment(number: number, random: Random): SegmentPlace {
  const base = join(directory, String(number));
  const lines: Buffer[] = [];
  const times: number[] = [];
  for (let index = 0; index < EVENTS / 3; index++) {
    const at = START + ((number - 1) * EVENTS) / 3 + index;
    const fields = randomFields(random);
    const message = JSON.stringify({ ...fields, index: (number - 1) * (EVENTS / 3) + index });
    const stream = [1, 2, DELETED_STREAM][Math.floor(random() * 3)]!;
    lines.push(lineOf({ stream, ingestedAt: at + 5, firstSequence: index, events: [{ at, message }] }));
    times.push(at);
    const name = STREAMS.get(stream);
    if (name) events.push({ at, stream: name, message, fields: JSON.parse(message) as Event['fields'] });
  }
  const bytes = Buffer.concat(lines);
  // What a crash can leave behind the committed bytes.
  writeFileSync(linesPath(base), Buffer.concat([bytes, Buffer.from('[3,1,9,"cut')]));
  return { base, lineBytes: bytes.length, firstAt: times[0]!, lastAt: times.at(-1)!, bytes: bytes.length };
}

function randomFields(random: Random): Record<string, string | number> {
  const fields: Record<string, string | number> = {
    level: ['info', 'warn', 'error', 'é😀'][Math.floor(random() * 4)]!,
  };
  if (random() < 0.8) fields.ms = Math.floor(random() * 100);
  if (random() < 0.1) fields.rare = random() < 0.5 ? 'x' : 1;
  return fields;
}

const run = (
  query: string,
  range: Partial<{ from: number; to: number; limit: number }> = {},
  memory?: QueryMemory,
) =>
  runQuery(
    { kind: 'query', query, sources: [source], from: START, to: START + EVENTS, now: START, ...range },
    () => {},
    memory,
  );

const plain = (query: string) =>
  run(query).rows.map((row) => Object.fromEntries(row.filter(([field]) => field !== '@ptr')));

/** The conditions of random queries: as text, and as functions of an event. */
const CONDITIONS: readonly [text: string, holds: (event: Event) => boolean][] = [
  ['level = "error"', ({ fields }) => fields.level === 'error'],
  ['level != "info"', ({ fields }) => fields.level !== 'info'],
  ['ms > 50', ({ fields }) => fields.ms !== undefined && Number(fields.ms) > 50],
  ['ms <= 20', ({ fields }) => fields.ms !== undefined && Number(fields.ms) <= 20],
  ['ispresent(rare)', ({ fields }) => fields.rare !== undefined],
  ['rare = 1', ({ fields }) => fields.rare === 1],
  ['not ispresent(ms)', ({ fields }) => fields.ms === undefined],
  ['@message like /"index":\\d*7[,}]/', ({ fields }) => String(fields.index).endsWith('7')],
  ['level in ["warn", "é😀"]', ({ fields }) => ['warn', 'é😀'].includes(String(fields.level))],
  ['@logStream = "one"', ({ stream }) => stream === 'one'],
  ['strlen(level) = 4', ({ fields }) => String(fields.level).length === 4],
  ['ms % 2 = 0', ({ fields }) => fields.ms !== undefined && Number(fields.ms) % 2 === 0],
];

const numbersOf = (group: readonly Event[]): number[] =>
  group.flatMap(({ fields }) => (fields.ms === undefined ? [] : [Number(fields.ms)]));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Aggregates of `ms`: as text, and as functions of the events of a group. */
const AGGREGATES: readonly [text: string, of: (group: readonly Event[]) => number | undefined][] = [
  ['count(*)', (group) => group.length],
  ['count(ms)', (group) => numbersOf(group).length],
  ['count_distinct(ms)', (group) => new Set(numbersOf(group)).size],
  ['sum(ms)', (group) => ifAny(numbersOf(group), sum)],
  ['avg(ms)', (group) => ifAny(numbersOf(group), (values) => sum(values) / values.length)],
  ['min(ms)', (group) => ifAny(numbersOf(group), (values) => Math.min(...values))],
  ['max(ms)', (group) => ifAny(numbersOf(group), (values) => Math.max(...values))],
  ['earliest(index)', (group) => ifAny(group, ([first]) => Number(first!.fields.index))],
  ['latest(index)', (group) => ifAny(group, (all) => Number(all.at(-1)!.fields.index))],
  ['sortsFirst(index)', (group) => ifAny(group, ([first]) => Number(first!.fields.index))],
  ['sortsLast(index)', (group) => ifAny(group, (all) => Number(all.at(-1)!.fields.index))],
  [
    'stddev(ms)',
    (group) =>
      ifAny(numbersOf(group), (values) => {
        const mean = sum(values) / values.length;
        return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
      }),
  ],
  ['pct(ms, 0)', (group) => ifAny(numbersOf(group), (values) => Math.min(...values))],
  ['pct(ms, 100)', (group) => ifAny(numbersOf(group), (values) => Math.max(...values))],
  [
    'max(ms) - min(ms)',
    (group) => ifAny(numbersOf(group), (values) => Math.max(...values) - Math.min(...values)),
  ],
];

const ifAny = <T, R>(values: readonly T[], of: (values: readonly T[]) => R): R | undefined =>
  values.length === 0 ? undefined : of(values);

const GROUPINGS: readonly [text: string | undefined, keyOf: (event: Event) => string | undefined][] = [
  [undefined, () => ''],
  ['level', ({ fields }) => String(fields.level)],
  ['rare', ({ fields }) => (fields.rare === undefined ? undefined : String(fields.rare))],
  ['bin(100ms)', ({ at }) => timeText(Math.floor(at / 100) * 100)],
  ['@logStream', ({ stream }) => stream],
];

const timeText = (at: number): string => new Date(at).toISOString().replace('T', ' ').replace('Z', '');

test('random statistics are those of the naive evaluator', () => {
  const random = seededRandom(11);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  for (let round = 0; round < 150; round++) {
    const [condition, holds] = pick(CONDITIONS);
    const [other, alsoHolds] = pick(CONDITIONS);
    const isEither = random() < 0.5;
    const [by, keyOf] = pick(GROUPINGS);
    const aggregates = [pick(AGGREGATES), pick(AGGREGATES), pick(AGGREGATES)];
    const query = `filter ${condition} ${isEither ? 'or' : 'and'} ${other} | stats ${aggregates.map(([text]) => text).join(', ')}${by ? ` by ${by}` : ''}`;
    const matching = events.filter((event) =>
      isEither ? holds(event) || alsoHolds(event) : holds(event) && alsoHolds(event),
    );
    const groups = Map.groupBy(matching, keyOf);
    if (!by && groups.size === 0) groups.set('', []);
    const expected = [...groups].map(([key, group]) => [
      key ?? '',
      ...aggregates.map(([, of]) => rounded(of(group))),
    ]);
    const found = plain(query).map((row) => [
      by ? (row[by] ?? '') : '',
      ...aggregates.map(([text]) => rounded(row[text] === undefined ? undefined : Number(row[text]))),
    ]);
    const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    assert.deepEqual(found.sort(byText), expected.sort(byText), query);
  }
});

const rounded = (value: number | undefined): string => (value === undefined ? 'none' : value.toFixed(6));

test('random sorted pages are those of the naive evaluator', () => {
  const random = seededRandom(13);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  for (let round = 0; round < 100; round++) {
    const [condition, holds] = pick(CONDITIONS);
    const isDescending = random() < 0.5;
    const limit = 1 + Math.floor(random() * 40);
    const query = `filter ${condition} | fields index, ms | sort ms ${isDescending ? 'desc' : 'asc'}, index desc | limit ${limit}`;
    const direction = isDescending ? -1 : 1;
    const expected = events
      .filter(holds)
      // Nothing is less than any number.
      .sort((a, b) => direction * (Number(a.fields.ms ?? -1) - Number(b.fields.ms ?? -1)) || b.at - a.at)
      .slice(0, limit)
      .map(({ fields }) => String(fields.index));
    assert.deepEqual(
      plain(query).map(({ index }) => index),
      expected,
      query,
    );
  }
});

test('the newest events come first, and the message is whole', () => {
  const { rows, statistics } = run('fields @timestamp, @message, @ingestionTime', { limit: 3 });
  const latest = events.toReversed().slice(0, 3);
  assert.deepEqual(
    rows.map((row) => row.slice(0, 3)),
    latest.map(({ at, message }) => [
      ['@timestamp', timeText(at)],
      ['@message', message],
      ['@ingestionTime', timeText(at + 5)],
    ]),
  );
  assert.equal(statistics.recordsScanned, events.length);
});

test('only events in the range count', () => {
  const { rows } = run('stats count(*)', { from: START + 100, to: START + 200 });
  const expected = events.filter(({ at }) => at >= START + 100 && at < START + 200).length;
  assert.deepEqual(rows, [[['count(*)', String(expected)]]]);
});

test('later commands work on the results of earlier ones', () => {
  const counts = Map.groupBy(events, ({ fields }) => String(fields.level));
  const best = [...counts].sort(([, a], [, b]) => b.length - a.length)[0]!;
  assert.deepEqual(plain('stats count(*) as n by level | sort n desc | limit 1'), [
    { level: best[0], n: String(best[1].length) },
  ]);
  assert.deepEqual(plain('stats count(*) by level | sort count(*) desc | limit 1'), [
    { level: best[0], 'count(*)': String(best[1].length) },
  ]);
  assert.deepEqual(plain('stats count(*) as n by level | stats sum(n) as all, max(n) as most'), [
    { all: String(events.length), most: String(best[1].length) },
  ]);
  assert.deepEqual(plain('stats count(*) as n by level | filter n < 0'), []);
  assert.deepEqual(plain('limit 5 | stats count(*)'), [{ 'count(*)': '5' }]);
  const latest = events.at(-1)!;
  assert.deepEqual(
    plain('sort @timestamp desc | limit 1 | fields strlen(@message) as length | display length, index'),
    [{ length: String(latest.message.length), index: String(latest.fields.index) }],
  );
});

test('dedup keeps the first of the order, and events without the field', () => {
  const levels = plain('sort index desc | dedup level | display level, index');
  const expected = [...Map.groupBy(events, ({ fields }) => String(fields.level))].map(([level, group]) => ({
    level,
    index: String(group.at(-1)!.fields.index),
  }));
  assert.deepEqual(
    levels,
    expected.sort((a, b) => Number(b.index) - Number(a.index)),
  );
  const present = events.filter(({ fields }) => fields.rare !== undefined);
  const distinct = new Set(present.map(({ fields }) => String(fields.rare))).size;
  const { rows } = run('dedup rare | stats count(*)');
  assert.equal(Number(rows[0]![0]![1]), events.length - present.length + distinct);
});

test('a query that holds too much fails, and one that holds little at a time does not', () => {
  const tooMuch = [
    'stats count(*) by @message',
    'stats count(*) by index, @message',
    'stats latest(@message) by index',
    'stats count_distinct(index) by index',
    'stats count_distinct(@message)',
    'stats pct(ms, 50) by index',
    'stats sum(ms), avg(ms), stddev(ms) by index',
    'dedup @message',
    'fields @message | sort ms | limit 900',
    'fields jsonParse(@message) as all | stats latest(all) by index',
  ];
  for (const query of tooMuch)
    assert.throws(() => run(query, {}, new QueryMemory(20_000)), TooMuchMemory, query);
  const enough = [
    'stats count(*), avg(ms), latest(@message) by level',
    'stats max(@message), sortsLast(@message)',
    'fields @message | sort index | limit 10',
    'sort index | dedup level',
  ];
  for (const query of enough) assert.ok(run(query, {}, new QueryMemory(20_000)).rows.length > 0, query);
});

test('functions of functions make no text of any length', () => {
  const hundred = (name: string) => Array.from({ length: 100 }, () => name).join(', ');
  const doubled = Array.from({ length: 40 }, () => 'jsonStringify(').join('');
  const queries = [
    `fields concat(${hundred('@message')}) as a, concat(${hundred('a')}) as b, concat(${hundred('b')}) as c`,
    `fields concat(${hundred('@message')}) as a, replace(a, '"', a) as b`,
    `fields ${doubled}@message${')'.repeat(40)} as a`,
  ];
  for (const query of queries) assert.throws(() => run(query), TooMuchMemory, query.slice(0, 60));
});

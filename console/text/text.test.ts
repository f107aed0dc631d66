// Numbers, times, references of HTML, and where links lead.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutEntities } from './entities.ts';
import { agoText, axisTime, fullNumber, momentText, shortNumber } from './format.ts';
import { safeLink } from './links.ts';

test('numbers are short, or have the digits that matter', () => {
  const cases: [value: number, short: string, full: string][] = [
    [0, '0', '0'],
    [12.3456789, '12.3', '12.3457'],
    [999.9, '1k', '999.9'],
    [-1_234_567, '−1.23M', '-1,234,567'],
    [0.00012, '1.2e−4', '0.00012'],
    [Number.NaN, '–', '–'],
  ];
  for (const [value, short, full] of cases) {
    assert.deepEqual([shortNumber(value), fullNumber(value)], [short, full]);
  }
});

test('times are in the zone that is asked for', () => {
  const noon = Date.UTC(2026, 10, 30, 12) / 1000;
  assert.equal(momentText(noon + 5, 'utc'), '30 Nov, 12:00:05');
  assert.deepEqual(
    [
      axisTime(noon, 600, 'utc'),
      axisTime(noon, 10, 'utc'),
      axisTime(noon, 86_400, 'utc'),
      axisTime(noon - 43_200, 600, 'utc'),
    ],
    ['12:00', '12:00:00', '30 Nov', '30 Nov'],
  );
  assert.deepEqual(
    [0, 61_000, 7_300_000, 90_000_000].map((ago) => agoText(0, ago)),
    ['just now', '1 minute ago', '2 hours ago', '1 day ago'],
  );
});

test('references of HTML become characters, unknown ones stay', () => {
  assert.equal(
    withoutEntities('a &amp; &lt;b&gt; &#x41;&#66; &nope; &toString; &#0; &#x110000;'),
    'a & <b> AB &nope; &toString; &#0; &#x110000;',
  );
});

test('links lead to pages and mail addresses, and nothing runs', () => {
  const base = 'http://127.0.0.1:4566/_millpond/dashboards/a';
  const cases: [href: string, link: string | undefined][] = [
    ['https://example.com/x', 'https://example.com/x'],
    ['mailto:a@example.com', 'mailto:a@example.com'],
    ['other', 'http://127.0.0.1:4566/_millpond/dashboards/other'],
    ['#dashboards:name=b', '/_millpond/dashboards/b'],
    [
      'https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards:name=b',
      '/_millpond/dashboards/b?region=eu-west-1',
    ],
    ['javascript:alert(1)', undefined],
    [' \u0001java\nscript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['vbscript:x', undefined],
    ['blob:http://127.0.0.1/x', undefined],
    ['http://[', undefined],
  ];
  for (const [href, link] of cases) assert.equal(safeLink(href, base), link, href);
});

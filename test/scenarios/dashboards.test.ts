// Dashboards as the browser draws them: each kind of widget from real metrics, events and alarms, by what is in the
// document and on the canvas, and how a page is used.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { Page } from 'playwright-core';
import { startBrowser, type TestBrowser, WITHOUT_BROWSER } from '../support/browser.ts';
import {
  type Dashboards,
  dashboardsOn,
  isRead,
  logWidget,
  metricWidget,
  openDashboard,
  troubleOn,
  widgetOf,
} from '../support/dashboards.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { eventually } from '../support/replication-groups.ts';

const NAMESPACE = 'Shop';
const GROUP = '/aws/lambda/shop';
const FIRST = 'shop-0001-001';
const SECOND = 'shop-0002-001';
const alarmArn = (name: string) => `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`;
const both = (name: string) => [
  [NAMESPACE, name, 'Host', FIRST],
  ['...', SECOND],
];

const ALL_KINDS = {
  start: '-PT1H',
  widgets: [
    {
      ...{ type: 'text', x: 0, y: 0, width: 24, height: 2 },
      properties: {
        background: 'transparent',
        markdown:
          '# Shop\n\n**Bold** [runbook](https://example.com/) [button:primary:Other](#dashboards:name=other)\n\n| a | b |\n|---|--:|\n| 1 | 2 |',
      },
    },
    metricWidget([0, 2, 12, 6], {
      title: 'Latency',
      metrics: [
        [NAMESPACE, 'Latency', 'Host', FIRST, { color: '#ff0000', id: 'a' }],
        ['...', SECOND, { color: '#00ff00', id: 'b' }],
        ['.', 'Requests', '.', '.', { visible: false, id: 'hidden' }],
        [{ expression: 'a + b', label: 'sum', yAxis: 'right', color: '#0000ff' }],
      ],
      yAxis: { left: { min: 0, label: 'ms' } },
      annotations: {
        horizontal: [{ value: 50, label: 'Target', color: '#ff00ff', fill: 'above' }],
        vertical: [{ value: '-PT20M', label: 'Deployed', color: '#00ffff' }],
      },
    }),
    metricWidget([12, 2, 12, 6], {
      ...{ title: 'Stacked', stacked: true, metrics: both('Requests'), legend: { position: 'right' } },
    }),
    metricWidget([0, 8, 6, 4], { title: 'Number', view: 'singleValue', metrics: both('Latency') }),
    metricWidget([6, 8, 6, 4], {
      ...{ title: 'Gauge', view: 'gauge', metrics: both('Latency'), yAxis: { left: { min: 0, max: 80 } } },
    }),
    metricWidget([12, 8, 6, 4], { title: 'Bars', view: 'bar', metrics: both('Latency') }),
    metricWidget([18, 8, 6, 4], { title: 'Ring', view: 'pie', metrics: both('Latency') }),
    metricWidget([0, 12, 8, 4], { title: 'Table', view: 'table', metrics: both('Latency') }),
    metricWidget([8, 12, 8, 4], {
      title: 'Of an alarm',
      annotations: { alarms: [alarmArn('quiet')] },
      metrics: undefined,
    }),
    {
      ...{ type: 'alarm', x: 16, y: 12, width: 8, height: 4 },
      properties: { title: 'Alarms', alarms: ['quiet', 'loud', 'gone'].map(alarmArn) },
    },
    logWidget([0, 16, 12, 5], {
      ...{
        title: 'Log',
        query: `SOURCE '${GROUP}' | fields level, @message | sort @timestamp desc | limit 3`,
      },
    }),
    logWidget([12, 16, 12, 5], {
      ...{ title: 'Log lines', view: 'timeSeries' },
      query: `SOURCE '${GROUP}' | filter readLatency > 0 | stats avg(readLatency), max(readLatency) by bin(30s)`,
    }),
    logWidget([0, 21, 12, 5], {
      ...{
        title: 'Log bars',
        view: 'bar',
        query: `SOURCE '${GROUP}' | stats count(*), max(readLatency) by level`,
      },
    }),
    logWidget([12, 21, 12, 5], {
      ...{ title: 'Log ring', view: 'pie', query: `SOURCE '${GROUP}' | stats count(*) by level` },
    }),
    metricWidget([0, 26, 8, 4], {
      ...{
        title: 'Wrong expression',
        metrics: [...both('Latency'), [{ expression: 'm1 +', label: 'wrong' }]],
      },
    }),
    logWidget([8, 26, 8, 4], { title: 'Wrong query', query: `SOURCE '${GROUP}' | fild x` }),
    { type: 'explorer', x: 16, y: 26, width: 8, height: 4, properties: { title: 'Explorer' } },
    metricWidget([0, 30, 12, 4], {
      title: 'Not yet',
      metrics: [['AWS/ElastiCache', 'CurrConnections', 'CacheClusterId', 'shop-0003-001', { period: 30 }]],
    }),
  ],
};

let millpond: TestMillpond;
let browser: TestBrowser;
let dashboards: Dashboards;
const addressOf = (name: string, query = '') => `${millpond.url}/_millpond/dashboards/${name}${query}`;

/** How many pixels of the canvas have nearly this colour. */
const pixelsOf = (page: Page, title: string, colour: readonly [number, number, number]): Promise<number> =>
  widgetOf(page, title).evaluate((widget, [red, green, blue]) => {
    const canvas = (widget as unknown as ParentElement).querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      const distance =
        Math.abs(data[at]! - red) + Math.abs(data[at + 1]! - green) + Math.abs(data[at + 2]! - blue);
      if (data[at + 3]! > 200 && distance < 60) count++;
    }
    return count;
  }, colour);

/** Waits until the colour is on the canvas: graphs are painted after the document has changed. */
const isPainted = (page: Page, title: string, colour: readonly [number, number, number]) =>
  eventually(`${colour} in ${title}`, async () => (await pixelsOf(page, title, colour)) > 20);

/** The part of the DOM's types that these tests use. */
interface ParentElement {
  querySelector(selector: string): {
    width: number;
    height: number;
    getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } };
  };
}

interface Heights {
  scrollHeight: number;
  clientHeight: number;
}

describe('dashboards in the browser', { skip: WITHOUT_BROWSER }, () => {
  before(async () => {
    [millpond, browser] = await Promise.all([startTestMillpond(), startBrowser()]);
    dashboards = dashboardsOn(millpond.url);
    const { cloudwatch, values, events, put } = dashboards;
    const ramp = (from: number, step: number) =>
      Array.from({ length: 31 }, (_, index) => from + index * step);
    await values(NAMESPACE, 'Latency', FIRST, ramp(10, 1));
    await values(NAMESPACE, 'Latency', SECOND, ramp(90, -1));
    await values(NAMESPACE, 'Requests', FIRST, ramp(100, 0));
    await values(NAMESPACE, 'Requests', SECOND, ramp(200, 0));
    await events(
      GROUP,
      Array.from({ length: 60 }, (_, index) => ({
        ...{ level: index % 3 === 0 ? 'WARN' : 'INFO', readLatency: 1 + (index % 10) },
      })),
    );
    const alarm = { Namespace: NAMESPACE, MetricName: 'Latency', Statistic: 'Average' as const, Period: 60 };
    for (const AlarmName of ['quiet', 'loud']) {
      const command = new PutMetricAlarmCommand({
        ...{ ...alarm, AlarmName, EvaluationPeriods: 1, Threshold: 95 },
        ...{ ComparisonOperator: 'GreaterThanThreshold', Dimensions: [{ Name: 'Host', Value: SECOND }] },
        // Evaluations must not undo the state that is set below.
        ...(AlarmName === 'loud' && { Dimensions: [], TreatMissingData: 'ignore' }),
      });
      await cloudwatch.send(command);
    }
    for (const [AlarmName, StateValue] of [['loud', 'ALARM']] as const)
      await cloudwatch.send(
        new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'Set by a test' }),
      );
    await put('kinds', ALL_KINDS);
  });
  after(async () => {
    await browser?.stop();
    dashboards?.stop();
    await millpond?.stop();
  });

  it('each kind of widget is drawn', async (test) => {
    const page = await browser.page(test);
    const trouble = troubleOn(page, millpond.url);
    await openDashboard(page, addressOf('kinds'));
    assert.equal(await page.locator('.widget').count(), ALL_KINDS.widgets.length);
    assert.equal(await page.locator('[aria-busy=true]').count(), 0);
    const text = (title: string) => widgetOf(page, title).innerText();
    const label = (title: string) =>
      widgetOf(page, title).getByRole('img').first().getAttribute('aria-label');

    // Text.
    const markdown = page.locator('.markdown');
    assert.equal(await markdown.getByRole('heading', { name: 'Shop' }).count(), 1);
    assert.equal(await markdown.locator('strong').innerText(), 'Bold');
    assert.equal(
      await markdown.getByRole('link', { name: 'runbook' }).getAttribute('href'),
      'https://example.com/',
    );
    assert.equal(
      await markdown.getByRole('link', { name: 'Other' }).getAttribute('href'),
      '/_millpond/dashboards/other',
    );
    assert.equal(await markdown.locator('td.align-right').innerText(), '2');

    // Lines, an expression on the right axis, and annotations.
    assert.match(
      (await label('Latency'))!,
      /^Graph Latency\. shop-0001-001 Latency: last 40, from 10 to 40; shop-0002-001 Latency: last 60, from 60 to 90; sum: last 100, from 100 to 100$/,
    );
    for (const colour of [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 0, 255],
      [0, 255, 255],
    ] as const)
      await isPainted(page, 'Latency', colour);
    assert.match((await label('Stacked'))!, /^Stacked graph Stacked/);
    assert.match(await text('Stacked'), /shop-0001-001\s+100\s+shop-0002-001\s+200/);

    // One number of each series.
    assert.match(await text('Number'), /shop-0001-001\s+40\s+shop-0002-001\s+60/);
    assert.equal(await widgetOf(page, 'Number').locator('.sparkline').count(), 2);
    assert.equal(await label('Gauge'), 'shop-0001-001: 40, of 0 to 80');
    assert.match(await text('Bars'), /shop-0001-001\s+40\s+shop-0002-001\s+60/);
    assert.match(await text('Ring'), /shop-0001-001\s+40\s+40 %\s+shop-0002-001\s+60\s+60 %/);
    assert.match(await text('Table'), /shop-0001-001\s+40\s+25\s+10\s+40\s+775/);

    // Alarms.
    assert.match((await label('Of an alarm'))!, /last 60/);
    await isPainted(page, 'Of an alarm', [209, 50, 18]);
    assert.deepEqual(await widgetOf(page, 'Alarms').locator('strong').allInnerTexts(), [
      'loud',
      'quiet',
      'gone',
    ]);
    assert.match(
      await text('Alarms'),
      /loud\s+In alarm · .*\s+Set by a test\s+Latency > 95, 1 of 1 values of 60 s\s+quiet\s+OK ·/,
    );

    // Queries of logs.
    assert.deepEqual(await widgetOf(page, 'Log').getByRole('columnheader').allInnerTexts(), [
      '#',
      'level',
      '@message',
    ]);
    assert.equal(await widgetOf(page, 'Log').locator('tbody tr').count(), 3);
    assert.match(await text('Log'), /60 of 60 events matched/);
    assert.match((await label('Log lines'))!, /avg\(readLatency\): last .*max\(readLatency\): last .* to 10/);
    assert.match(await text('Log bars'), /INFO\s+count\(\*\):\s+40\s+max\(readLatency\):/);
    assert.match(await text('Log ring'), /INFO\s+40\s+67 %\s+WARN\s+20\s+33 %/);

    // What is wrong is told, and the rest is drawn.
    assert.match(await text('Wrong expression'), /wrong: Unexpected end of expression/);
    assert.match((await label('Wrong expression'))!, /last 40/);
    assert.match(await text('Wrong query'), /unexpected symbol found fild/);
    assert.match(
      await page.locator('.widget.kind-undrawn').last().innerText(),
      /does not draw widgets of the type explorer/,
    );
    assert.match(await text('Not yet'), /No data in this time range\s+CurrConnections/);

    assert.deepEqual(trouble, []);
    assert.deepEqual(await page.context().cookies(), []);
  });

  it('an address of AWS’s console leads to the dashboard, whatever its form', async (test) => {
    const page = await browser.page(test);
    const home = `${millpond.url}/cloudwatch/home?region=us-east-1`;
    for (const fragment of ['#dashboards:name=kinds', '#dashboards/dashboard/kinds?start=PT3H']) {
      await page.goto('about:blank');
      await page.goto(`${home}${fragment}`);
      await page.waitForURL(addressOf('kinds', '?region=us-east-1'));
      await page.getByRole('heading', { name: 'kinds', level: 1 }).waitFor();
    }
    await page.goto(`${home}#dashboards:`);
    await page.getByRole('link', { name: /^kinds/ }).click();
    await page.getByRole('heading', { name: 'kinds', level: 1 }).waitFor();
    await page.goto(`${home}#alarmsV2:`);
    await page.getByText('Millpond does not have this page').waitFor();
    // A fragment that is entered afterwards is read, too.
    await page.goto(`${home}#dashboards:name=kinds`);
    await page.getByRole('heading', { name: 'kinds', level: 1 }).waitFor();
    await page.goto(addressOf('none'));
    assert.match(await page.getByRole('alert').innerText(), /Dashboard none does not exist/);
  });

  it('the viewer chooses range, period, zone and refresh, and they are in the address', async (test) => {
    const page = await browser.page(test);
    await openDashboard(page, addressOf('kinds'));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).search));
    const pressed = page.locator('.ranges [aria-pressed=true]');
    assert.equal(await pressed.innerText(), '1h');
    const label = () => widgetOf(page, 'Latency').getByRole('img').getAttribute('aria-label');

    await page.getByRole('button', { name: 'Last 3 hours' }).click();
    await page.waitForURL(/start=-PT3H/);
    await isRead(page);
    assert.equal(await pressed.innerText(), '3h');

    await page.getByLabel('Period').selectOption('5 min');
    await page.getByLabel('Time zone').selectOption('UTC');
    await page.locator('label', { hasText: 'Refresh' }).locator('select').selectOption('Off');
    await page.waitForURL(addressOf('kinds', '?start=-PT3H&period=300&refresh=0&zone=utc'));
    await isRead(page);
    assert.ok(
      asked.some((query) => /[?&]start=-PT3H&period=300$/.test(query)),
      asked.join(' '),
    );
    assert.match(await page.locator('.read-at').innerText(), /UTC$/);

    // By keyboard: ten minutes until now.
    await page.getByRole('button', { name: 'Custom' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('How many').fill('10');
    await dialog.getByRole('button', { name: 'Show' }).first().press('Enter');
    await page.waitForURL(/start=-PT10M/);
    await isRead(page);
    assert.equal(await pressed.innerText(), 'Custom');

    // From one time to another, which does not move.
    await page.getByRole('button', { name: 'Custom' }).click();
    await dialog.getByLabel('From').fill('2026-01-01T00:00:00');
    await dialog.getByLabel('To', { exact: true }).fill('2026-01-01T01:00:00');
    await dialog.getByRole('button', { name: 'Show' }).last().click();
    await page.waitForURL(/start=2026-01-01T00%3A00%3A00\.000Z&end=2026-01-01T01%3A00%3A00\.000Z/);
    await isRead(page);
    assert.match(await pressed.innerText(), /1 Jan, 00:00:00 – 1 Jan, 01:00:00/);
    assert.match((await label())!, /shop-0001-001 Latency: no values/);
    await page.reload();
    await isRead(page);
    assert.match(await pressed.innerText(), /1 Jan, 00:00:00 – 1 Jan, 01:00:00/);
  });

  it('a click on the legend hides a series, numbers are shown in place of a graph, and a drag chooses a range', async (test) => {
    const page = await browser.page(test);
    await page.setViewportSize({ width: 1400, height: 900 });
    await openDashboard(page, addressOf('kinds', '?refresh=0'));
    const widget = widgetOf(page, 'Latency');
    const red = [255, 0, 0] as const;
    const isGone = async () => (await pixelsOf(page, 'Latency', red)) === 0;
    const entry = widget.getByRole('button', { name: FIRST });
    await entry.press('Enter');
    assert.equal(await entry.getAttribute('aria-pressed'), 'false');
    await eventually('the hidden line is gone', isGone);
    await entry.press('Enter');
    await eventually('the line is back', async () => !(await isGone()));

    await widget.getByRole('button', { name: 'Show the numbers of Latency' }).click();
    assert.match(await widget.innerText(), /shop-0002-001 Latency\s+60\s+75\s+60\s+90/);
    await widget.getByRole('button', { name: 'Show the graph of Latency' }).click();

    const over = widget.locator('.u-over');
    await over.hover({ position: { x: 300, y: 60 } });
    assert.match(
      await widget.locator('.tooltip').innerText(),
      /, \d\d:\d\d:00\s*sum\s*100\s*shop-0002-001 Latency/,
    );
    await over.hover({ position: { x: 100, y: 60 } });
    await page.mouse.down();
    await over.hover({ position: { x: 300, y: 60 } });
    await page.mouse.up();
    await page.waitForURL(/start=.*Z&end=.*Z/);
  });

  it('a heading fits into a text that is one unit high', async (test) => {
    const page = await browser.page(test);
    const place = { type: 'text', x: 0, y: 0, width: 24, height: 1 };
    await dashboards.put('heading', { widgets: [{ ...place, properties: { markdown: '# Latency' } }] });
    await openDashboard(page, addressOf('heading'));
    const hidden = await page
      .locator('.markdown')
      .evaluate(({ scrollHeight, clientHeight }: Heights) => scrollHeight - clientHeight);
    assert.equal(hidden, 0);
  });

  it('on 400 pixels nothing is beside the page, and every control has a name', async (test) => {
    const page = await browser.page(test);
    await page.setViewportSize({ width: 400, height: 800 });
    await openDashboard(page, addressOf('kinds'));
    assert.equal(await page.evaluate('document.scrollingElement.scrollWidth'), 400);
    const unnamed = `[...document.querySelectorAll('button, select, input, a, [role=img], section, table')]
      .filter((one) => !(one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') || one.innerText?.trim()
        || one.closest('label')?.innerText.trim())).map((one) => one.outerHTML.slice(0, 200))`;
    assert.deepEqual(await page.evaluate(unnamed), []);
    const order = `[...document.querySelectorAll('.widget')].map((one) => Math.round(one.getBoundingClientRect().top))`;
    const tops = (await page.evaluate(order)) as number[];
    assert.deepEqual(
      tops,
      tops.toSorted((a, b) => a - b),
    );
    // The first stop of the keyboard leads past the frame.
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.textContent.trim()'), 'Skip to the page');
  });

  it('both schemes of colours are drawn, and a change of the scheme at once', async (test) => {
    const page = await browser.page(test);
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    await openDashboard(page, addressOf('kinds'));
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.notEqual(await background(), light);
    await isPainted(page, 'Latency', [255, 0, 0]);
  });
});

// How a dashboard's page keeps up to date: it asks again as often as it says, for as long as it is looked at, and leaves
// nothing behind. The time of the page is the test's.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import type { Page } from 'playwright-core';
import { zip } from '../../src/kernel/zip.ts';
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

let millpond: TestMillpond;
let browser: TestBrowser;
let dashboards: Dashboards;

/** Calls of the page for data, as they begin. */
function dataRequests(page: Page): { count: number } {
  const seen = { count: 0 };
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.endsWith('/data')) seen.count++;
  });
  return seen;
}

describe('a dashboard’s page over time', { skip: WITHOUT_BROWSER }, () => {
  before(async () => {
    [millpond, browser] = await Promise.all([startTestMillpond(), startBrowser()]);
    dashboards = dashboardsOn(millpond.url);
  });
  after(async () => {
    await browser?.stop();
    dashboards?.stop();
    await millpond?.stop();
  });

  it('is read again at its interval, one request at a time, and leaves nothing behind', async (test) => {
    await dashboards.values('Refreshed', 'm', 'h', [1, 2, 3]);
    await dashboards.events('refreshed', [{ a: 1 }]);
    const metrics = [['Refreshed', 'm', 'Host', 'h']];
    const views = ['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'];
    const widgets = [
      ...views.map((view) => metricWidget([0, 0, 12, 4], { title: view, view, metrics })),
      logWidget([0, 0, 12, 4], { title: 'log', query: "SOURCE 'refreshed' | fields a" }),
      { type: 'text', properties: { markdown: '# x' } },
    ];
    await dashboards.put('refreshed', { start: '-PT1H', widgets });
    const page = await browser.page(test);
    await page.clock.install();
    const trouble = troubleOn(page, millpond.url);
    const requests = dataRequests(page);
    await openDashboard(page, `${millpond.url}/_millpond/dashboards/refreshed`);
    assert.equal(requests.count, 1);
    await page.clock.runFor(55_000);
    assert.equal(requests.count, 1);

    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    const held = async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      const { metrics: found } = await devtools.send('Performance.getMetrics');
      const of = (name: string) => found.find((one) => one.name === name)!.value;
      return { nodes: of('Nodes'), listeners: of('JSEventListeners') };
    };
    const oneRequestAfter = async (cause: () => Promise<unknown>) => {
      const before = requests.count;
      await cause();
      await eventually('the next request', () => requests.count > before);
      // Effects run in frames, which are the test's as well.
      await eventually('the end of reading', async () => {
        await page.clock.runFor(50);
        return (await page.locator('.turning').count()) === 0;
      });
      assert.equal(requests.count, before + 1);
    };
    const round = async (count: number) => {
      for (let done = 0; done < count; done++) await oneRequestAfter(() => page.clock.runFor(61_000));
    };
    await round(5);
    const first = await held();
    await round(25);
    const last = await held();
    assert.ok(last.nodes <= first.nodes + 100, `${first.nodes} nodes, then ${last.nodes}`);
    assert.ok(last.listeners <= first.listeners + 20, `${first.listeners} listeners, then ${last.listeners}`);
    assert.equal(await page.locator('canvas').count(), 1);

    // A click does not leave its timer behind.
    for (let clicks = 0; clicks < 5; clicks++)
      await oneRequestAfter(() => page.getByRole('button', { name: 'Refresh now' }).click());
    await round(2);

    // Nobody looks at a hidden page; it is read once when it is shown again.
    const before = requests.count;
    const show = (state: string) =>
      page.evaluate((given) => {
        const { document } = globalThis as never as { document: EventTarget };
        Object.defineProperty(document, 'visibilityState', { value: given, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await show('hidden');
    await page.clock.runFor(600_000);
    assert.equal(requests.count, before);
    await show('visible');
    await eventually('the request', () => requests.count === before + 1);

    // Off is off.
    await page.clock.runFor(1_000);
    await page.locator('label', { hasText: 'Refresh' }).locator('select').selectOption('Off');
    const settled = requests.count;
    await page.clock.runFor(3_600_000);
    assert.ok(requests.count <= settled + 1);
    assert.deepEqual(trouble, []);
  });

  it('tells when Millpond does not answer, keeps what it has, and goes on afterwards', async (test) => {
    await dashboards.put('kept', { widgets: [{ type: 'text', properties: { markdown: 'kept text' } }] });
    const page = await browser.page(test);
    await openDashboard(page, `${millpond.url}/_millpond/dashboards/kept`);
    await page.route('**/data*', (route) => route.abort());
    await page.getByRole('button', { name: 'Refresh now' }).click();
    assert.equal(await page.getByRole('alert').innerText(), 'Millpond does not answer.');
    assert.equal(await page.locator('.markdown').innerText(), 'kept text');
    await page.unroute('**/data*');
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('the dashboard of a function and its cache: its log and its metrics appear while it runs', async (test) => {
    const lambda = new LambdaClient({
      ...{ endpoint: millpond.url, region: 'us-east-1' },
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    test.after(() => lambda.destroy());
    const FunctionName = 'measured';
    const code = `exports.handler = async () => {
      console.log(JSON.stringify({ type: 'ECL', requestId: 'r', readLatency: 2.5, writeLatency: 4 }));
    };`;
    await lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Runtime: 'nodejs22.x', Handler: 'index.handler' },
        ...{ Role: 'arn:aws:iam::000000000000:role/r', Code: { ZipFile: zip({ 'index.js': code }) } },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60 }, { FunctionName });
    const log = (title: string, columns: string, view = 'timeSeries') =>
      logWidget([0, 0, 12, 6], {
        ...{ title, view },
        query: `SOURCE '/aws/lambda/${FunctionName}' | filter type = "ECL"\n| stats ${columns} by bin(30s)`,
      });
    const short = { period: 30, stat: 'Sum', stacked: false, view: 'timeSeries' };
    await dashboards.put('sample', {
      start: '-PT1H',
      widgets: [
        metricWidget([0, 0, 12, 6], {
          ...{ ...short, title: 'Connections' },
          metrics: [
            ['AWS/ElastiCache', 'CurrConnections', 'CacheClusterId', 'sample-0001-001', { label: 'first' }],
            ['...', 'sample-0002-001', { label: 'second' }],
          ],
        }),
        metricWidget([12, 0, 12, 6], {
          ...{ ...short, title: 'Invocations' },
          metrics: [['AWS/Lambda', 'Invocations', 'FunctionName', FunctionName]],
        }),
        log('Read latency', 'avg(readLatency), max(readLatency), pct(readLatency, 95)'),
        log('Count', 'count(requestId)', 'bar'),
      ],
    });
    const page = await browser.page(test);
    const trouble = troubleOn(page, millpond.url);
    await openDashboard(page, `${millpond.url}/cloudwatch/home?region=us-east-1#dashboards:name=sample`);
    const label = async (title: string) =>
      (await widgetOf(page, title).getByRole('img').getAttribute('aria-label')) ?? '';
    assert.match(await label('Connections'), /first: no values; second: no values/);
    assert.match(await widgetOf(page, 'Read latency').innerText(), /log group/);

    await lambda.send(new InvokeCommand({ FunctionName }));
    await eventually('the invocation on the dashboard', async () => {
      await page.getByRole('button', { name: 'Refresh now' }).click();
      await isRead(page);
      const [invocations, latency] = [
        await label('Invocations'),
        await widgetOf(page, 'Read latency').innerText(),
      ];
      return /last 1\b/.test(invocations) && /avg\(readLatency\)/.test(latency);
    });
    assert.match(
      await label('Read latency'),
      /avg\(readLatency\): last 2\.5, .*max\(readLatency\): last 2\.5/,
    );
    assert.match(await widgetOf(page, 'Count').innerText(), /:\d\d:[03]0\.000\s+1/);
    assert.deepEqual(trouble, []);
  });
});

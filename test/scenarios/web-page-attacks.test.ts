// What web pages try with the API of the machine that shows them, in a real browser. Each attempt would make a topic, or
// read what there is; each succeeded before pages were kept away.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Frame, Page } from 'playwright-core';
import { startBrowser, type TestBrowser, WITHOUT_BROWSER } from '../support/browser.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { startWebSite, type WebSite } from '../support/web-site.ts';

const ATTACKER = 'attacker.example';
const REBOUND = 'rebound.example';
const SECRET = 'secret-topic';
/** Defines what the pages call. */
const ATTACK = readFileSync(new URL('../support/in-page/attack.js', import.meta.url), 'utf8');

let millpond: TestMillpond;
let site: WebSite;
let browser: TestBrowser;
let sns: SNSClient;
let s3: S3Client;

const client = () => ({
  endpoint: millpond.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** Topics that attempts have made. */
async function made(prefix: string): Promise<string[]> {
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const names = Topics.map(({ TopicArn }) => TopicArn!.split(':').at(-1)!);
  assert.ok(names.includes(SECRET));
  return names.filter((name) => name.startsWith(prefix));
}

const WAYS = [
  ...['image', 'signed-image', 'script', 'style', 'media', 'frame', 'form-get', 'form-post', 'form-query'],
  ...['form-multipart', 'opaque-get', 'opaque-post', 'cors-get', 'cors-post', 'cors-signed', 'no-referrer'],
];

describe('web pages and the API', { skip: WITHOUT_BROWSER }, () => {
  before(async () => {
    site = await startWebSite();
    [millpond, browser] = await Promise.all([
      startTestMillpond({ allowedOrigin: [site.originOf('allowed.example')] }),
      startBrowser({ names: [ATTACKER, REBOUND] }),
    ]);
    sns = new SNSClient(client());
    s3 = new S3Client({ ...client(), forcePathStyle: true });
    await sns.send(new CreateTopicCommand({ Name: SECRET }));
    await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    await put('private.txt', 'text/plain', 'private');
  });
  after(async () => {
    await browser?.stop();
    await millpond?.stop();
    await site?.stop();
    for (const each of [sns, s3]) each?.destroy();
  });

  const put = (Key: string, ContentType: string, Body: string) =>
    s3.send(new PutObjectCommand({ Bucket: 'bucket', Key, ContentType, Body }));

  async function attackFrom(page: Page | Frame, prefix: string, api: string) {
    await page.evaluate(ATTACK);
    for (const way of WAYS) {
      await page.evaluate(
        `attempt(${JSON.stringify(way)}, ${JSON.stringify(api)}, ${JSON.stringify(`${prefix}-${way}`)})`,
      );
    }
  }

  async function readFrom(page: Page | Frame, api: string) {
    await page.evaluate(ATTACK);
    return await page.evaluate(`readings(${JSON.stringify(api)})`);
  }

  it('a page of another site changes nothing and reads nothing', async (test) => {
    const page = await browser.page(test);
    await page.goto(site.originOf(ATTACKER));
    await attackFrom(page, 'cross', millpond.url);
    assert.deepEqual(await made('cross'), []);
    assert.deepEqual(await readFrom(page, millpond.url), []);
  });

  for (const host of ['localhost', '127.0.0.1']) {
    it(`nor does one of this machine, on ${host} and another port`, async (test) => {
      const page = await browser.page(test);
      await page.goto(site.originOf(host));
      const prefix = `same-${host.replaceAll('.', '-')}`;
      await attackFrom(page, prefix, `http://${host}:${millpond.port}`);
      assert.deepEqual(await made(prefix), []);
      assert.deepEqual(await readFrom(page, `http://${host}:${millpond.port}`), []);
    });
  }

  it('nor by an address that browsers do not trust, and so send no Sec-Fetch-Site to', async (test) => {
    const page = await browser.page(test);
    await page.goto(site.originOf(ATTACKER));
    for (const host of ['0.0.0.0', '[::ffff:127.0.0.1]']) {
      const prefix = `zero-${host.length}`;
      await attackFrom(page, prefix, `http://${host}:${millpond.port}`);
      assert.deepEqual(await made(prefix), []);
      assert.deepEqual(await readFrom(page, `http://${host}:${millpond.port}`), []);
    }
  });

  it('nor from a frame whose origin is null', async (test) => {
    const page = await browser.page(test);
    site.put('/outer', '<iframe sandbox="allow-scripts allow-forms" src="/inner"></iframe>');
    await page.goto(`${site.originOf(ATTACKER)}/outer`);
    const frame = page.frames().find((each) => each.url().endsWith('/inner'))!;
    await frame.waitForLoadState();
    await attackFrom(frame, 'null', millpond.url);
    assert.deepEqual(await made('null'), []);
    assert.deepEqual(await readFrom(frame, millpond.url), []);
  });

  it('nor by a link that is clicked, or opened in a window', async (test) => {
    const page = await browser.page(test);
    const link = (name: string) =>
      `${millpond.url}/?Action=CreateTopic&Version=2010-03-31&Name=click-${name}`;
    site.put(
      '/links',
      `<a id=here href="${link('here')}">x</a><a id=new target=_blank href="${link('new')}">y</a>`,
    );
    await page.goto(`${site.originOf(ATTACKER)}/links`);
    const opened = page.waitForEvent('popup');
    await page.click('#new');
    await (await opened).waitForLoadState();
    await page.click('#here');
    await page.waitForURL(link('here'));
    await page.goto(link('typed'));
    assert.deepEqual(await made('click'), []);
  });

  it('nor one whose name was rebound to this machine', async (test) => {
    const page = await browser.page(test);
    const api = `http://${REBOUND}:${millpond.port}`;
    await page.goto(`${api}/_millpond/status`);
    await attackFrom(page, 'rebound', api);
    assert.deepEqual(await made('rebound'), []);
    assert.deepEqual(await readFrom(page, api), []);
  });

  it('nor an object of S3 that the browser runs, opened or framed, nor its service worker', async (test) => {
    const worker = `onfetch = (event) => event.respondWith(new Response('taken over'))`;
    await put('worker.js', 'text/javascript', worker);
    const run = `<script>${ATTACK}; globalThis.result = attemptAll(location.protocol + '//' + location.host);</script>`;
    const namespace = 'xmlns="http://www.w3.org/1999/xhtml"';
    const inXml = run
      .replace('<script>', `<script ${namespace}><![CDATA[`)
      .replace('</script>', ']]></script>');
    const objects: [key: string, type: string, body: string][] = [
      ['page.html', 'text/html', `<!doctype html>${run}`],
      ['page.xhtml', 'application/xhtml+xml', `<html ${namespace}>${inXml}</html>`],
      ['page.svg', 'image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg">${inXml}</svg>`],
      ['page.xml', 'text/xml', `<root>${inXml}</root>`],
    ];
    for (const [key, type, body] of objects) await put(key, type, body);
    for (const host of ['127.0.0.1', 'localhost', '0.0.0.0']) {
      const page = await browser.page(test);
      const url = (key: string) => `http://${host}:${millpond.port}/bucket/${key}`;
      for (const [key] of objects) {
        await page.goto(url(key));
        assert.deepEqual(await page.evaluate('result'), [], `${key} on ${host}`);
      }
      site.put('/framing', `<iframe src="${url('page.html')}"></iframe>`);
      await page.goto(`${site.originOf(ATTACKER)}/framing`);
      const frame = page.frames().find((each) => each.url() === url('page.html'))!;
      assert.deepEqual(await frame.evaluate('result'), [], `framed, on ${host}`);
    }
    assert.deepEqual(await made('object'), []);
  });
});

// What web pages may do, in a real browser: with S3 as far as a bucket says so, by SNS's links, and with everything where
// their origin was allowed.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  CreateBucketCommand,
  GetObjectCommand,
  NoSuchKey,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  ListSubscriptionsCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { build } from 'esbuild';
import { startBrowser, type TestBrowser, WITHOUT_BROWSER } from '../support/browser.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';
import { type PresignedForm, presign } from '../support/presigned.ts';
import { startWebSite, type WebSite } from '../support/web-site.ts';

const ALLOWED = 'allowed.example';
const SHOP = 'shop.example';
const OTHER = 'other.example';
/** One red pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);

let millpond: TestMillpond;
let site: WebSite;
let browser: TestBrowser;
let sns: SNSClient;
let s3: S3Client;

describe('web pages', { skip: WITHOUT_BROWSER || WITHOUT_PYTHON_CLIENTS }, () => {
  before(async () => {
    site = await startWebSite();
    [millpond, browser] = await Promise.all([
      startTestMillpond({ allowedOrigin: [site.originOf(ALLOWED)] }),
      startBrowser({ names: [ALLOWED, SHOP, OTHER] }),
    ]);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const options = { endpoint: millpond.url, region: 'us-east-1', credentials };
    sns = new SNSClient(options);
    s3 = new S3Client({ ...options, forcePathStyle: true });
    for (const Bucket of ['open', 'closed']) await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(
      new PutBucketCorsCommand({
        Bucket: 'open',
        CORSConfiguration: {
          CORSRules: [
            {
              AllowedOrigins: [site.originOf(SHOP)],
              AllowedMethods: ['PUT', 'POST', 'GET'],
              AllowedHeaders: ['*'],
              ExposeHeaders: ['ETag'],
            },
          ],
        },
      }),
    );
  });
  after(async () => {
    await browser?.stop();
    await millpond?.stop();
    await site?.stop();
    for (const each of [sns, s3]) each?.destroy();
  });

  const put = (Key: string, ContentType: string, Body: string | Buffer, Bucket = 'closed') =>
    s3.send(new PutObjectCommand({ Bucket, Key, ContentType, Body }));

  async function read(Bucket: string, Key: string): Promise<string | undefined> {
    try {
      return await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  const linkTo = (operation: 'get_object' | 'put_object', bucket: string, key: string) =>
    presign(millpond.url, [{ kind: 'link', operation, bucket, key }])[0] as string;

  it('a presigned link opens from the address bar and from another site', async (test) => {
    await put('note.txt', 'text/plain', 'a note');
    await put('pixel.png', 'image/png', PNG);
    await put('page.html', 'text/html', '<h1>title</h1><script>document.title = "run"</script>');
    const page = await browser.page(test);
    await page.goto(linkTo('get_object', 'closed', 'note.txt'));
    assert.equal(await page.textContent('body'), 'a note');
    await page.goto(linkTo('get_object', 'closed', 'pixel.png'));
    assert.equal(await page.evaluate('document.images[0].naturalWidth'), 1);
    site.put('/links', `<a href="${linkTo('get_object', 'closed', 'page.html')}">open</a>`);
    await page.goto(`${site.originOf(OTHER)}/links`);
    await page.click('a');
    await page.waitForURL(/page\.html/);
    assert.deepEqual([await page.textContent('h1'), await page.title()], ['title', 'run']);
  });

  it('images, styles and scripts in S3 are part of pages elsewhere, and of pages in S3', async (test) => {
    await put('pixel.png', 'image/png', PNG);
    await put('style.css', 'text/css', 'h1 { width: 77px }');
    await put('script.js', 'text/javascript', 'document.title = "by script"');
    const html = (base: string) => `<!doctype html><link rel=stylesheet href="${base}style.css"><h1>x</h1>
      <img src="${base}pixel.png"><script src="${base}script.js"></script>`;
    await put('index.html', 'text/html', html(''));
    site.put('/embedding', html(`${millpond.url}/closed/`));
    const page = await browser.page(test);
    for (const url of [`${site.originOf(OTHER)}/embedding`, `${millpond.url}/closed/index.html`]) {
      await page.goto(url);
      const seen = 'document.images[0].naturalWidth + getComputedStyle(document.querySelector("h1")).width';
      assert.deepEqual([await page.evaluate(seen), await page.title()], ['177px', 'by script'], url);
    }
  });

  /** A PUT with a header that takes a preflight request; the ETag that the page can read. */
  const upload = (link: string) => `fetch(${JSON.stringify(link)},
    { method: 'PUT', body: 'from a page', headers: { 'content-type': 'text/x-page' } })
    .then((answer) => answer.status + ' ' + (answer.headers.get('etag') !== null), () => 'refused')`;

  it('a presigned upload goes where the CORS rules of the bucket let it', async (test) => {
    const page = await browser.page(test);
    const links = ['open', 'closed'].map((bucket) => linkTo('put_object', bucket, 'upload'));
    await page.goto(site.originOf(OTHER));
    for (const link of links) assert.equal(await page.evaluate(upload(link)), 'refused');
    await page.goto(site.originOf(SHOP));
    assert.equal(await page.evaluate(upload(links[1]!)), 'refused');
    const unsigned = links[0]!.split('?', 1)[0]!;
    assert.equal(await page.evaluate(upload(unsigned)), 'refused');
    assert.equal(await read('open', 'upload'), undefined);
    assert.equal(await page.evaluate(upload(links[0]!)), '200 true');
    assert.deepEqual(
      [await read('open', 'upload'), await read('closed', 'upload')],
      ['from a page', undefined],
    );
    const get = (bucket: string) =>
      `fetch(${JSON.stringify(`${millpond.url}/${bucket}/note`)}).then((answer) => answer.text(), () => 'refused')`;
    for (const bucket of ['open', 'closed']) await put('note', 'text/plain', 'a note', bucket);
    assert.deepEqual(
      [await page.evaluate(get('open')), await page.evaluate(get('closed'))],
      ['a note', 'refused'],
    );
    const signature = links[0]!.split('?')[1];
    const changes = [
      ['PUT', 'open?cors&'],
      ['PUT', 'open/copy?x-amz-copy-source=closed/note&'],
      ['DELETE', 'open/note?'],
      ['GET', 'open?list-type=2&'],
    ];
    for (const [method, path] of changes) {
      const url = JSON.stringify(`${millpond.url}/${path}${signature}`);
      const answer = `fetch(${url}, { method: '${method}' }).then((answer) => answer.status, () => 'refused')`;
      assert.equal(await page.evaluate(answer), 'refused', path);
    }
  });

  it('so does a form with a policy', async (test) => {
    const done = `${site.originOf(SHOP)}/done`;
    const form = (bucket: string) => {
      const fields = { success_action_redirect: done, 'Content-Type': 'text/x-form' };
      const conditions = [{ success_action_redirect: done }, { 'Content-Type': 'text/x-form' }];
      // biome-ignore lint/suspicious/noTemplateCurlyInString: S3's own placeholder
      const key = 'form/${filename}';
      const call = { kind: 'form' as const, bucket, key, fields, conditions };
      return presign(millpond.url, [call])[0] as PresignedForm;
    };
    const page = await browser.page(test);
    async function post(from: string, { url, fields }: PresignedForm) {
      const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value='${value}'>`);
      const attributes = `method=post enctype=multipart/form-data action="${url}"`;
      site.put(
        '/form',
        `<form ${attributes}>${inputs.join('')}<input type=file name=file><button>send</button></form>`,
      );
      await page.goto(`${site.originOf(from)}/form`);
      await page.setInputFiles('input[type=file]', {
        name: 'a.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('form'),
      });
      await page.click('button');
      await page.waitForURL((at) => !at.pathname.endsWith('/form'));
      return page.url();
    }
    for (const [from, bucket] of [
      [OTHER, 'open'],
      [SHOP, 'closed'],
    ] as const) {
      await post(from, form(bucket));
      assert.equal(await read(bucket, 'form/a.txt'), undefined);
    }
    const { url, fields } = form('open');
    const { policy: _, ...unsigned } = fields;
    await post(SHOP, { url, fields: unsigned });
    assert.equal(await read('open', 'form/a.txt'), undefined);
    assert.match(await post(SHOP, { url, fields }), /\/done\?bucket=open&key=form%2Fa.txt&etag=%22\w+%22$/);
    assert.equal(await read('open', 'form/a.txt'), 'form');
    const stored = await s3.send(new GetObjectCommand({ Bucket: 'open', Key: 'form/a.txt' }));
    assert.equal(stored.ContentType, 'text/x-form');
  });

  it('the links in messages of SNS confirm and end a subscription', async (test) => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'linked' }));
    const Endpoint = `http://127.0.0.1:${site.port}/inbox`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
    const { SubscribeURL } = JSON.parse(await site.received('/inbox')) as { SubscribeURL: string };
    site.put('/mail', `<a href="${SubscribeURL.replaceAll('&', '&amp;')}">confirm</a>`);
    const page = await browser.page(test);
    await page.goto(`${site.originOf(OTHER)}/mail`);
    await page.click('a');
    await page.waitForURL(/ConfirmSubscription/);
    const arns = async () =>
      (await sns.send(new ListSubscriptionsCommand({}))).Subscriptions!.map((each) => each.SubscriptionArn!);
    const [arn] = await arns();
    assert.match(arn!, /^arn:/);
    await page.goto(`${millpond.url}/?Action=Unsubscribe&Version=2010-03-31&SubscriptionArn=${arn}`);
    assert.deepEqual(await arns(), []);
  });

  it('the address bar reads', async (test) => {
    const page = await browser.page(test);
    const list = await page.goto(`${millpond.url}/?Action=ListTopics&Version=2010-03-31`);
    assert.equal(list!.status(), 200);
    const status = await page.goto(`${millpond.url}/_millpond/status`);
    assert.equal(((await status!.json()) as { port: number }).port, millpond.port);
  });

  it('a page of an allowed origin uses the SDK, and fetch', async (test) => {
    const bundled = await build({
      entryPoints: [fileURLToPath(new URL('../support/in-page/sdk.js', import.meta.url))],
      ...{ bundle: true, write: false, platform: 'browser', format: 'iife', logLevel: 'silent' },
    });
    site.put('/sdk.js', bundled.outputFiles[0]!.text, 'text/javascript');
    site.put('/app', '<script src="/sdk.js"></script>');
    const page = await browser.page(test);
    await page.goto(`${site.originOf(ALLOWED)}/app`);
    const { topics, ...result } = (await page.evaluate(`useSdk(${JSON.stringify(millpond.url)})`)) as {
      topics: string[];
    };
    assert.ok(topics.includes('from-the-page'));
    assert.deepEqual(result, {
      ...{ parameter: 'value', failure: 'ParameterNotFound', hasRequestId: true, isSameTag: true },
      ...{ body: 'text', metadata: { mine: '1' } },
    });
    const fetched = `fetch(${JSON.stringify(`${millpond.url}/_millpond/status`)}).then((answer) => answer.json())`;
    assert.equal(((await page.evaluate(fetched)) as { port: number }).port, millpond.port);
    await page.goto(`${site.originOf(OTHER)}/app`);
    await assert.rejects(page.evaluate(`useSdk(${JSON.stringify(millpond.url)})`));
  });
});

// Tests the limit of all request bodies to function URLs together.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import type { Lambda } from './context.ts';
import type { FunctionRecord } from './domain/model.ts';
import { createFunctionUrls } from './function-urls.ts';
import type { Invoker } from './invocation.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

it('a large body over the limit is answered 429, a small one is accepted', async (test) => {
  const url = { port: 0, authType: 'NONE', invokeMode: 'BUFFERED', createdAt: 0, modifiedAt: 0 };
  const record = { name: 'f', latest: {}, urls: { $LATEST: url } } as unknown as FunctionRecord;
  const lambda = {
    ...{ log: silentLog, clock: { now: () => 0 }, store: { transaction: (work: () => void) => work() } },
    records: {
      snapshot: () => record,
      functions: { find: () => record, put: () => {} },
    },
  } as unknown as Lambda;
  let begun = () => {};
  let hold: Promise<void> | undefined;
  const invoker = {
    async invoke() {
      begun();
      await hold;
      return { status: 'succeeded', payload: Buffer.from('"done"') };
    },
  } as unknown as Invoker;
  const room = { mostBytes: 300_000, waitMs: 0, freeBytes: 10_000 };
  const urls = createFunctionUrls(lambda, invoker, () => true, room);
  await urls.follow(SCOPE, 'f');
  test.after(async () => {
    delete record.urls.$LATEST;
    await urls.stop();
  });
  const post = async (bytes: number) => {
    const body = 'x'.repeat(bytes);
    const answer = await fetch(`http://127.0.0.1:${url.port}/`, { method: 'POST', body });
    await answer.text();
    return answer.status;
  };
  let end = () => {};
  hold = new Promise((resolve) => {
    end = resolve;
  });
  const isBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const first = post(200_000);
  await isBegun;
  hold = undefined;
  assert.equal(await post(200_000), 429);
  assert.equal(await post(1_000), 200);
  end();
  assert.equal(await first, 200);
  assert.equal(await post(200_000), 200);
});

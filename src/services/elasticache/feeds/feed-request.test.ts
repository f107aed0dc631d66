// What `millpond feed create` and `update` are told about a feed that they cannot make.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedRequest } from '../../../status.ts';
import { configurationOf } from './feed-request.ts';

const SCOPE = { accountId: '000000000000', region: 'us-west-2' };
const FILE = { name: 'feed.yml', text: 'name: carts\ncache: shop\ntarget: dynamodb:Carts\n' };

const refusal = (request: Partial<FeedRequest>): string => {
  try {
    configurationOf(request as FeedRequest, SCOPE);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

test('a feed of the command line needs a name, a cache and a target, also when it is changed', () => {
  assert.match(refusal({ cache: 'shop', to: 'null' }), /^A feed needs a name: /);
  assert.equal(refusal({ name: 'a', to: 'null' }), 'A feed needs a cache: --cache ID.');
  assert.equal(
    refusal({ name: 'a', keys: ['cart:*'], isUpdate: true }),
    'A feed needs a cache: --cache ID. An update says the whole feed again.',
  );
  assert.match(
    refusal({ name: 'a', cache: 'shop', to: 'dynamo:Carts' }),
    /^a target is lambda:NAME, .*or null$/,
  );
});

test('a feed from a file has one name, in the file or on the command line', () => {
  assert.equal(configurationOf({ name: 'Carts', file: FILE } as FeedRequest, SCOPE).name, 'carts');
  assert.equal(
    refusal({ name: 'orders', file: FILE }),
    'The feed is orders here and carts in the file: give one name.',
  );
  assert.equal(refusal({ file: FILE, cache: 'shop' }), 'A feed from a file says cache in the file.');
});

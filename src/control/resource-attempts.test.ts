// Refusals that a repeated step ignores, and failures that name the existing resource.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createOnce, finishing, unless } from './resource-attempts.ts';
import { ResourceFailure } from './resource-failure.ts';

const refused = (name: string) => Promise.reject(Object.assign(new Error('no'), { name }));

it('"already exists" fails the first attempt only', async () => {
  await assert.rejects(createOnce({ isRetry: false }, /^Exists$/, refused('Exists')), { name: 'Exists' });
  assert.equal(await createOnce({ isRetry: true }, /^Exists$/, refused('Exists')), undefined);
  await assert.rejects(createOnce({ isRetry: true }, /^Exists$/, refused('Denied')), { name: 'Denied' });
  assert.equal(await createOnce({ isRetry: true }, /^Exists$/, Promise.resolve(7)), 7);
});

it('a refusal by one of the given names is no failure', async () => {
  assert.equal(await unless(/NotFound$/, refused('ThingNotFound')), undefined);
  await assert.rejects(unless(/NotFound$/, refused('InUse')), { name: 'InUse' });
});

it('a failure after the creation has the physical id of the resource', async () => {
  await assert.rejects(
    finishing('thing-1', () => refused('Denied')),
    (error: Error) =>
      error instanceof ResourceFailure && error.physicalId === 'thing-1' && error.message === 'no',
  );
});

// DescribeStacks and the waiters of the SDKs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, SCOPE } from '../testing.fixture.ts';

test('DescribeStacks holds a waiter’s answer until the operation ends, and answers other callers at once', async (context) => {
  const { world, call, cloudformation } = await fixture(context);
  const gate = Promise.withResolvers<void>();
  world.beforeCall = () => gate.promise;
  const TemplateBody = JSON.stringify({ Resources: { Thing: { Type: 'Fake::Test::Thing' } } });
  await call('CreateStack', { StackName: 'slow', TemplateBody });

  const statusFor = async (isWaiter: boolean): Promise<string> => {
    const asked = { ...SCOPE, service: 'cloudformation', operation: 'DescribeStacks', requestId: 'test' };
    const handle = cloudformation.service.operations.DescribeStacks!;
    const { Stacks } = await handle({ StackName: 'slow' }, { ...asked, isWaiter });
    return Stacks[0].StackStatus;
  };
  const held = statusFor(true);
  assert.equal(await statusFor(false), 'CREATE_IN_PROGRESS');
  gate.resolve();
  assert.equal(await held, 'CREATE_COMPLETE');
});

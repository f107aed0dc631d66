import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { decodeInvocation, decodeReply, encodeInvocation, encodeReply } from './messages.ts';

it('keeps the bytes of invocations and replies as they are', () => {
  const payload = randomBytes(1_000);
  assert.deepEqual(decodeReply(encodeReply({ payload })), { payload });
  for (const failed of ['denied', 'error', 'throttled', 'missing', 'tooLarge', 'internal'] as const)
    assert.deepEqual(decodeReply(encodeReply({ failed })), { failed });
  assert.deepEqual(decodeReply(Buffer.alloc(0)), { failed: 'internal' });
  const target = { arn: 'arn:a', functionArn: 'arn:f' };
  const invocation = decodeInvocation(Buffer.from(encodeInvocation(target, '{"a":"ü\0"}')));
  assert.deepEqual(invocation.target, target);
  assert.equal(invocation.event.toString(), '{"a":"ü\0"}');
});

// A partition that is too short to show a failover is refused before anything is cut.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MillpondStatus } from '../../status.ts';
import { drill } from '../drill.ts';

const drilled = (seconds: string, failureDetectionMs: number) => {
  const status = { groups: [], region: 'us-east-1', failureDetectionMs } as unknown as MillpondStatus;
  return drill(status, 'shop', { kind: 'partition', seconds, json: true });
};

test('a partition that ends before a failover can begin is refused, with the time that it needs', async () => {
  for (const [seconds, detectionMs, least] of [
    ['1', 2_000, 4],
    ['2', 2_000, 4],
    ['8', 5_000, 10],
  ] as const)
    await assert.rejects(drilled(seconds, detectionMs), {
      code: 'InvalidOption',
      message: new RegExp(
        `with --seconds ${seconds} packets pass again before; use --seconds ${least} or more\\.$`,
      ),
    });
  // Far enough: what is missing now is the group.
  for (const seconds of ['3', '4', '10']) await assert.rejects(drilled(seconds, 2_000), { message: /shop/ });
});

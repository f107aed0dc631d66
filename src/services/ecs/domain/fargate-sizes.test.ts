// The sizes of tasks on Fargate, and how requests write them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFargateSize, parseCpu, parseMemory } from './fargate-sizes.ts';

test('sizes are those of the developer guide', () => {
  const fits: [number, number][] = [
    [256, 512],
    [256, 2_048],
    [512, 4_096],
    [1_024, 8_192],
    [2_048, 16_384],
    [4_096, 30_720],
    [8_192, 20_480],
    [8_192, 61_440],
    [16_384, 122_880],
  ];
  for (const [cpu, memory] of fits) assert.ok(isFargateSize(cpu, memory), `${cpu} ${memory}`);
  const fails: [number, number][] = [
    [256, 4_096],
    [512, 512],
    [1_024, 1_024],
    [4_096, 31_744],
    [8_192, 17_408],
    [300, 512],
  ];
  for (const [cpu, memory] of fails) assert.ok(!isFargateSize(cpu, memory), `${cpu} ${memory}`);
});

test('CPU is in units or vCPUs, memory in MiB or GB', () => {
  assert.deepEqual(['256', '.25 vCPU', '1 vcpu', '0.5vCPU', 'x', '', '1.5', '-1'].map(parseCpu), [
    256,
    256,
    1_024,
    512,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  assert.deepEqual(['512', '0.5GB', '1 gb', '30GB', '1 TB', '9'.repeat(60_000)].map(parseMemory), [
    512,
    512,
    1_024,
    30_720,
    undefined,
    undefined,
  ]);
});

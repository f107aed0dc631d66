// Random input to every operation over query, JSON and CBOR never causes a 5xx.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { EchoService } from '../../test/support/echo-service.ts';
import { randomInput, seededRandom } from '../../test/support/random-input.ts';
import { ask, recordingLog, serve, signedFor } from '../../test/support/wire.ts';
import { encodeCbor } from './cbor-bytes.ts';
import { loadSchema } from './schema.ts';

const SEED = 20260101;

it('the same seed gives the same input', () => {
  const shape = loadSchema('elasticache').operation('CreateReplicationGroup')!.input;
  assert.deepEqual(randomInput(shape, seededRandom(1)), randomInput(shape, seededRandom(1)));
});

it('no input of any ElastiCache operation is a server error', async (test) => {
  const { log, errors } = recordingLog();
  const server = await serve(test, { services: [new EchoService('elasticache')], log });
  const schema = loadSchema('elasticache');
  const random = seededRandom(SEED);
  for (const name of schema.operationNames) {
    for (let round = 0; round < 4; round++) {
      const input = randomInput(schema.operation(name)!.input, random);
      const json = JSON.stringify(input);
      const target = `${schema.targetPrefix}.${name}`;
      const answers = await Promise.all([
        ask(server, { headers: { ...signedFor('elasticache'), 'x-amz-target': target }, body: json }),
        ask(server, {
          path: `/service/x/operation/${name}`,
          headers: { ...signedFor('elasticache'), 'smithy-protocol': 'rpc-v2-cbor' },
          body: encodeCbor(input),
        }),
        ask(server, {
          headers: { ...signedFor('elasticache'), 'content-type': 'application/x-www-form-urlencoded' },
          body: `Action=${name}&${flatten(input)}`,
        }),
      ]);
      for (const { status, text } of answers) assert.ok(status < 500, `${name} ${json}: ${status} ${text}`);
    }
  }
  assert.deepEqual(errors, []);
});

/** A hand-written query, with lists by bare numbers. */
function flatten(value: unknown, prefix = ''): string {
  if (value === null || typeof value !== 'object') {
    return `${encodeURIComponent(prefix)}=${encodeURIComponent(String(value).toWellFormed())}`;
  }
  if (value instanceof Date) return flatten(value.toISOString(), prefix);
  const entries = Array.isArray(value)
    ? value.map((item, index) => [String(index + 1), item] as const)
    : Object.entries(value);
  return entries.map(([key, item]) => flatten(item, prefix ? `${prefix}.${key}` : key)).join('&');
}

// Random input of every operation of SQS: each is answered or refused by name, never with a failure of Millpond's own, and
// hardly
// any is always refused.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createSqs } from '../../src/services/sqs/service.ts';
import { openStore } from '../../src/store/store.ts';
import { createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import { randomInput, seededRandom } from '../support/random-input.ts';
import { recordingLog } from '../support/wire.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const ROUNDS = 200;
const NAMES = ['a', 'dead', 'a.fifo', 'dead.fifo'];
const URLS = NAMES.map((name) => `http://127.0.0.1:4566/000000000000/${name}`);
const ARNS = NAMES.map((name) => `arn:aws:sqs:us-east-1:000000000000:${name}`);
const FIFO_REDRIVE = JSON.stringify({ deadLetterTargetArn: ARNS[3], maxReceiveCount: 1 });
const REDRIVE = JSON.stringify({ deadLetterTargetArn: ARNS[1], maxReceiveCount: 1 });

it('answers or refuses whatever comes', async () => {
  const answered = new Map<string, number>();
  for (const seed of [20_261_130, 1, 2]) {
    const random = seededRandom(seed);
    const { log, errors } = recordingLog();
    let now = 0;
    const handles = ['x'];
    const tasks = ['x'];
    const sqs = createSqs({
      ...{ store: openStore(':memory:'), clock: { now: () => now }, log },
      baseUrl: () => 'http://127.0.0.1:4566',
    });
    const client = createClient('sqs', { inProcess: sqs.service }) as {
      call(operation: string, input: object, scope: object): Promise<Record<string, unknown>>;
    };
    const plausible: Record<string, readonly unknown[]> = {
      AWSAccountIds: [['123456789012']],
      Actions: [['SendMessage'], ['*']],
      Attributes: [
        {},
        { VisibilityTimeout: '0' },
        { RedrivePolicy: REDRIVE },
        { FifoQueue: 'true' },
        { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
        { FifoQueue: 'true', RedrivePolicy: FIFO_REDRIVE },
        { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' },
        { A: 'b' },
      ],
      AttributeNames: [['All'], ['Policy']],
      DataType: ['String', 'Number', 'Binary.x'],
      DelaySeconds: [undefined, 0, 5],
      DestinationArn: [undefined],
      Id: NAMES,
      Label: NAMES,
      MaxNumberOfMessages: [1, 10],
      MaxResults: [undefined, 1, 10],
      MaxNumberOfMessagesPerSecond: [undefined],
      MessageBody: ['text', '{"a":1}'],
      MessageDeduplicationId: [undefined, 'd', 'e'],
      ReceiveRequestAttemptId: [undefined, 'r'],
      MessageGroupId: [undefined, 'g', 'h/1'],
      MessageSystemAttributes: [undefined],
      MessageAttributes: [undefined, { k: { DataType: 'String', StringValue: 'v' } }],
      NextToken: [undefined],
      QueueName: NAMES,
      QueueOwnerAWSAccountId: [undefined],
      QueueUrl: URLS,
      ReceiptHandle: handles,
      SourceArn: ARNS,
      Tags: [{ k: 'v' }],
      tags: [undefined, { k: 'v' }],
      TaskHandle: tasks,
      VisibilityTimeout: [0, 30],
      WaitTimeSeconds: [0],
    };
    const schema = loadSchema('sqs');
    for (let round = 0; round < ROUNDS; round++) {
      now += 10_000;
      const operations = Object.keys(sqs.service.operations);
      for (let call = 0; call < operations.length; call++) {
        const operation = operations[Math.floor(random() * operations.length)]!;
        const shape = schema.operation(operation)!.input as Structure;
        const input = randomInput(shape, random, { known: plausible });
        if (operation === 'ReceiveMessage') input.WaitTimeSeconds = 0;
        try {
          const answer = await client.call(operation, input, SCOPE);
          answered.set(operation, (answered.get(operation) ?? 0) + 1);
          for (const { ReceiptHandle } of (answer.Messages ?? []) as { ReceiptHandle: string }[])
            handles.splice(0, handles.length > 2 ? 1 : 0, ReceiptHandle);
          if (answer.TaskHandle) tasks.splice(0, tasks.length > 1 ? 1 : 0, answer.TaskHandle as string);
        } catch (error) {
          assert.ok(error instanceof Fault, `${operation} ${JSON.stringify(input)}: ${String(error)}`);
        }
      }
    }
    await sqs.stop();
    assert.deepEqual(errors, []);
  }
  const silent = loadSchema('sqs').operationNames.filter((name) => !answered.has(name));
  // Tasks of so few messages are over before the next call comes.
  assert.deepEqual(silent, ['CancelMessageMoveTask']);
});

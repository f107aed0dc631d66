// Random input of every operation of SNS: each is answered or refused by name, never with a failure of Millpond's own.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createSns, type SnsDependencies } from '../../src/services/sns/service.ts';
import { openStore } from '../../src/store/store.ts';
import { createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import { NO_QUEUES } from '../support/no-queues.ts';
import { Outcomes } from '../support/outcomes.ts';
import { randomInput, seededRandom } from '../support/random-input.ts';
import { recordingLog } from '../support/wire.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const ROUNDS = 150;
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const NAMES = ['a', 'b', 'c'];

const PLAUSIBLE: Record<string, readonly unknown[]> = {
  AWSAccountId: [['111122223333']],
  ActionName: [['Publish'], ['Subscribe', 'Publish']],
  AttributeName: [
    'DisplayName',
    'Policy',
    'FilterPolicy',
    'DeliveryPolicy',
    'RawMessageDelivery',
    'RedrivePolicy',
  ],
  AttributeValue: [
    '',
    '{}',
    '[]',
    'null',
    'true',
    '{"a":["b"]}',
    '{"http":{}}',
    '{"Statement":null}',
    '{"Statement":[1]}',
  ],
  Attributes: [undefined, {}, { FilterPolicy: '{"a":["b"]}' }, { DisplayName: 'x' }],
  DataProtectionPolicy: [undefined],
  DataType: ['String', 'Number', 'String.Array', 'Binary'],
  Endpoint: [FUNCTION, 'a@example.com'],
  Message: ['text', '{"default":"d","lambda":"l"}', '{"a":"b"}', '[]'],
  MessageStructure: [undefined, 'json'],
  MessageDeduplicationId: [undefined],
  Name: NAMES,
  NextToken: [undefined],
  PhoneNumber: [undefined],
  Protocol: ['lambda', 'email', 'sqs'],
  StringValue: ['b', '1', '["b"]'],
  Subject: [undefined, 'subject'],
  TargetArn: [undefined],
};

/** Why these may be refused whatever they are asked. */
const MAY_BE_REFUSED = { ConfirmSubscription: 'the token is sent to the endpoint alone' };

const outcomes = new Outcomes();

for (const seed of [20_261_121, 1, 2]) {
  it(`answers or refuses whatever comes, seed ${seed}`, async () => {
    const random = seededRandom(seed);
    const { log, errors } = recordingLog();
    const lambda = {
      async call() {
        if (random() < 0.3) throw new Fault('ResourceNotFoundException', 'Function not found');
      },
    } as unknown as SnsDependencies['lambda'];
    const store = openStore(':memory:');
    const sns = createSns({
      store,
      clock: { now: () => 1 },
      log,
      sqs: NO_QUEUES,
      lambda,
      baseUrl: () => 'http://127.0.0.1:1',
    });
    await sns.start();
    const client = createClient<Record<string, never>>('sns', { inProcess: sns.service });
    const call = client.call as unknown as (
      operation: string,
      input: object,
      scope: object,
    ) => Promise<object>;
    const schema = loadSchema('sns');
    const arns = {
      topic: new Set<unknown>(['arn:aws:sns:us-east-1:000000000000:a']),
      subscription: new Set<unknown>(),
    };
    for (let round = 0; round < ROUNDS; round++) {
      for (const operation of Object.keys(sns.service.operations)) {
        // What exists should not all be gone in every round.
        if (/^(Delete|Unsubscribe)/.test(operation) && random() < 0.8) continue;
        const known = {
          ...PLAUSIBLE,
          TopicArn: [...arns.topic],
          ResourceArn: [...arns.topic],
          SubscriptionArn: [...arns.subscription],
        };
        const input = randomInput(schema.operation(operation)!.input as Structure, random, {
          known,
          nastiness: 0.05,
        });
        try {
          const output = (await call(operation, input, SCOPE)) as Record<string, unknown>;
          if (output.TopicArn) arns.topic.add(output.TopicArn);
          if (output.SubscriptionArn) arns.subscription.add(output.SubscriptionArn);
          outcomes.answered(operation);
        } catch (error) {
          if (error instanceof Fault) {
            outcomes.refused(operation, error.shape);
            continue;
          }
          throw new Error(`${operation} ${JSON.stringify(input).slice(0, 2000)}`, { cause: error });
        }
      }
    }
    await sns.idle();
    await sns.stop();
    assert.deepEqual(errors, []);
    store.close();
  });
}

it('answers each of them now and then', () => outcomes.assertAnswered(MAY_BE_REFUSED));

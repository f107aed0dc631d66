// Events that functions fail, and the queue or topic of their DeadLetterConfig.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as sdk from '@aws-sdk/client-lambda';
import { nodeFunction, startTestLambda, type TestLambda } from './lambda.fixture.ts';

let test: TestLambda;
before(async () => {
  test = await startTestLambda();
});
after(() => test?.stop());

const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
const FAILS = 'exports.handler = async () => { console.log("attempt"); throw new Error("it broke"); };';

async function failing(FunctionName: string, TargetArn: string, attempts?: number): Promise<string> {
  const DeadLetterConfig = { TargetArn };
  await test.client.send(
    new sdk.CreateFunctionCommand({ ...nodeFunction(FunctionName, FAILS), DeadLetterConfig }),
  );
  if (attempts !== undefined) {
    const MaximumRetryAttempts = attempts - 1;
    await test.client.send(
      new sdk.PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts }),
    );
  }
  const { $metadata } = await test.client.send(
    new sdk.InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: '{"ü":1}' }),
  );
  return $metadata.requestId!;
}

/** Resolves to the inputs of the calls of this operation, once there is one. */
async function sent(operation: string) {
  for (const deadline = Date.now() + 60_000; ; await delay(5)) {
    const found = test.sent.filter(([name]) => name === operation).map(([, input]) => input);
    if (found.length > 0) return found;
    assert.ok(Date.now() < deadline, `${operation} was not called`);
  }
}

const attributesOf = (RequestID: string) => ({
  RequestID: { DataType: 'String', StringValue: RequestID },
  ErrorCode: { DataType: 'Number', StringValue: '200' },
  ErrorMessage: { DataType: 'String', StringValue: 'it broke' },
});

it('an event that was given up goes to the queue, once and as it was', async () => {
  const requestId = await failing('to-queue', arn('sqs', 'dead'), 2);
  assert.deepEqual(await sent('SendMessage'), [
    { QueueUrl: 'url of dead', MessageBody: '{"ü":1}', MessageAttributes: attributesOf(requestId) },
  ]);
  const attempts = () => test.logged.filter(({ message }) => /\tattempt$/.test(message)).length;
  // Logs are written behind.
  for (const deadline = Date.now() + 60_000; attempts() < 2 && Date.now() < deadline; ) await delay(5);
  assert.equal(attempts(), 2, 'MaximumRetryAttempts counts');
});

it('or to the topic', async () => {
  const requestId = await failing('to-topic', arn('sns', 'dead'));
  assert.deepEqual(await sent('Publish'), [
    { TopicArn: arn('sns', 'dead'), Message: '{"ü":1}', MessageAttributes: attributesOf(requestId) },
  ]);
});

it('targets that no event can go to are refused by name', async () => {
  for (const target of [arn('s3', 'x'), arn('sqs', 'x.fifo'), arn('sns', 'x.fifo')]) {
    await assert.rejects(failing('bad', target), /neither a standard queue nor a standard topic/);
  }
  await test.client.send(new sdk.CreateFunctionCommand(nodeFunction('fine', FAILS)));
  const DestinationConfig = { OnFailure: { Destination: arn('sqs', 'dead') } };
  await assert.rejects(
    test.client.send(
      new sdk.PutFunctionEventInvokeConfigCommand({ FunctionName: 'fine', DestinationConfig }),
    ),
    /destinations/,
  );
});

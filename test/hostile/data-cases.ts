// Requests to DynamoDB and SQS in which the input decides how much work there is: expressions, numbers, nested values,
// policies, batches.

import { asJson, type HostileCase, type HostileRequest, type Outcome, send } from './cases.ts';
import type { Target } from './measured-millpond.ts';

const MEBIBYTE = 1024 * 1024;
const QUEUE = 'http://127.0.0.1/000000000000/hostile.fifo';

const dynamodb = (operation: string, input: string): HostileRequest =>
  asJson('dynamodb', `DynamoDB_20120810.${operation}`, input);
const sqs = (operation: string, input: object): HostileRequest =>
  asJson('sqs', `AmazonSQS.${operation}`, JSON.stringify(input));

/** What the cases need: a table `hostile` with the key `pk`, and a FIFO queue. */
export async function prepareData(target: Target): Promise<void> {
  const table = {
    ...{ TableName: 'hostile', BillingMode: 'PAY_PER_REQUEST' },
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  };
  const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  await send(target, dynamodb('CreateTable', JSON.stringify(table)));
  await send(target, sqs('CreateQueue', { QueueName: 'hostile.fifo', Attributes }));
}

const dataCase = (kind: string, name: string, make: () => HostileRequest): HostileCase => ({
  kind,
  name,
  run: async (target): Promise<Outcome[]> => [await send(target, make())],
});

const put = (name: string, value: () => string): HostileCase =>
  dataCase('DynamoDB', name, () =>
    dynamodb('PutItem', `{"TableName":"hostile","Item":{"pk":{"S":"a"},"v":${value()}}}`),
  );

const scan = (name: string, more: () => object): HostileCase =>
  dataCase('DynamoDB', name, () => dynamodb('Scan', JSON.stringify({ TableName: 'hostile', ...more() })));

const values = { ':v': { S: 'v' } };
const filter = (FilterExpression: string) => ({ FilterExpression, ExpressionAttributeValues: values });

export const dataCases: HostileCase[] = [
  put('a number of 1,000,000 digits', () => `{"N":"${'9'.repeat(MEBIBYTE)}"}`),
  put('a number of 1,000,000 zeros', () => `{"N":"0.${'0'.repeat(MEBIBYTE)}1"}`),
  put('an exponent of 1,000,000 digits', () => `{"N":"1e${'9'.repeat(MEBIBYTE)}"}`),
  put('a set of 100,000 numbers', () => `{"NS":[${Array.from({ length: 100_000 }, (_, i) => `"${i}"`)}]}`),
  put('10,000 lists in lists', () => `${'{"L":['.repeat(10_000)}{"NULL":true}${']}'.repeat(10_000)}`),
  put('10,000 maps in maps', () => `${'{"M":{"a":'.repeat(10_000)}{"NULL":true}${'}}'.repeat(10_000)}`),
  put('3 MB of base64', () => `{"B":"${'QUJD'.repeat((3 * MEBIBYTE) / 4)}"}`),
  scan('2,000 open parentheses', () => filter(`${'('.repeat(2_000)}a = :v${')'.repeat(2_000)}`)),
  scan('1,000 NOTs', () => filter(`${'NOT '.repeat(1_000)}a = :v`)),
  scan('an expression of 1 MB', () => filter(`a = :v${' OR a = :v'.repeat(100_000)}`)),
  scan('300 conditions', () => filter(`a = :v${' OR a = :v'.repeat(300)}`)),
  scan('a path of 2,000 parts', () => filter(`${'a.'.repeat(2_000)}a = :v`)),
  scan('an index of 4,000 digits', () => filter(`a[${'9'.repeat(4_000)}] = :v`)),
  scan('100,000 names', () => ({
    ...filter('a = :v'),
    ExpressionAttributeNames: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`#n${i}`, 'a'])),
  })),
  scan('keys special to JavaScript in DynamoDB', () => ({
    ...filter('#p = :v AND constructor = :v'),
    ExpressionAttributeNames: { '#p': '__proto__' },
  })),
  dataCase('SQS', 'a policy of 3 MB', () =>
    sqs('SetQueueAttributes', {
      ...{ QueueUrl: QUEUE },
      Attributes: { Policy: `{"Statement":[${'{},'.repeat(MEBIBYTE - 1)}{}]}` },
    }),
  ),
  dataCase('SQS', 'a redrive policy of 100,000 deep lists', () =>
    sqs('SetQueueAttributes', {
      ...{ QueueUrl: QUEUE },
      Attributes: { RedrivePolicy: `${'['.repeat(100_000)}${']'.repeat(100_000)}` },
    }),
  ),
  dataCase('SQS', '50,000 message attributes', () =>
    sqs('SendMessage', {
      ...{ QueueUrl: QUEUE, MessageBody: 'b', MessageGroupId: 'g' },
      MessageAttributes: Object.fromEntries(
        Array.from({ length: 50_000 }, (_, i) => [`a${i}`, { DataType: 'String', StringValue: 'v' }]),
      ),
    }),
  ),
  dataCase('SQS', '50,000 entries in a batch', () =>
    sqs('SendMessageBatch', {
      QueueUrl: QUEUE,
      Entries: Array.from({ length: 50_000 }, (_, i) => ({ Id: `${i}`, MessageBody: 'b' })),
    }),
  ),
  dataCase('SQS', 'a message of 1 MB to a FIFO queue', () =>
    sqs('SendMessage', { QueueUrl: QUEUE, MessageBody: 'é'.repeat(MEBIBYTE / 2), MessageGroupId: 'g' }),
  ),
  dataCase('SQS', 'a receipt handle of 3 MB', () =>
    sqs('DeleteMessage', { QueueUrl: QUEUE, ReceiptHandle: '\\n'.repeat(MEBIBYTE) }),
  ),
  dataCase('SQS', 'a group of 3 MB', () =>
    sqs('SendMessage', { QueueUrl: QUEUE, MessageBody: 'b', MessageGroupId: '/'.repeat(3 * MEBIBYTE) }),
  ),
];

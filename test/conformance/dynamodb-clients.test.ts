// DynamoDB as other clients see it: the SDK's document client, the AWS CLI, boto3, and a client that compares checksums.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { crc32 } from 'node:zlib';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { createTable, runDynamoDb } from '../support/dynamodb.ts';
import {
  AWS_CLI,
  awsEnvironment,
  PYTHON,
  pathOfTest,
  run,
  WITHOUT_PYTHON_CLIENTS,
} from '../support/outside-clients.ts';

it("the SDK's document client writes and reads plain values", async (test) => {
  const { client } = await runDynamoDb(test);
  await createTable(client, 'documents', { hash: 'id' });
  const documents = DynamoDBDocument.from(client);
  const Item = {
    id: 'a',
    n: 1.5,
    list: [1, 'x', null],
    map: { yes: true },
    set: new Set(['p', 'q']),
    bytes: new Uint8Array([9]),
  };
  await documents.put({ TableName: 'documents', Item });
  assert.deepEqual((await documents.get({ TableName: 'documents', Key: { id: 'a' } })).Item, Item);
  const { Attributes } = await documents.update({
    TableName: 'documents',
    Key: { id: 'a' },
    UpdateExpression: 'SET n = n + :by, #m.#k = :v',
    ExpressionAttributeNames: { '#m': 'map', '#k': 'key' },
    ExpressionAttributeValues: { ':by': 1, ':v': ['deep'] },
    ReturnValues: 'UPDATED_NEW',
  });
  assert.deepEqual(Attributes, { n: 2.5, map: { key: ['deep'] } });
});

it('answers have the checksum of their bodies', async (test) => {
  const { server } = await runDynamoDb(test);
  for (const target of ['ListTables', 'DescribeTable']) {
    const response = await fetch(server.url, {
      method: 'POST',
      body: '{"TableName":"absent"}',
      headers: {
        'x-amz-target': `DynamoDB_20120810.${target}`,
        'content-type': 'application/x-amz-json-1.0',
      },
    });
    const body = Buffer.from(await response.arrayBuffer());
    assert.equal(response.headers.get('x-amz-crc32'), String(crc32(body)));
  }
});

it('streams, which sign as DynamoDB does, are refused as a service that is not there', async (test) => {
  const { server } = await runDynamoDb(test);
  const response = await fetch(server.url, {
    method: 'POST',
    body: '{}',
    headers: {
      'x-amz-target': 'DynamoDBStreams_20120810.ListStreams',
      'content-type': 'application/x-amz-json-1.0',
      authorization:
        'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
    },
  });
  const { __type, message } = (await response.json()) as { __type: string; message: string };
  assert.equal(response.status, 404);
  assert.match(__type, /UnknownService$/);
  assert.match(message, /no service "DynamoDBStreams_20120810"/);
});

it('the AWS CLI creates, waits, writes, queries and deletes', {
  skip: WITHOUT_PYTHON_CLIENTS,
}, async (test) => {
  const { server } = await runDynamoDb(test);
  const aws = async (...args: string[]) => {
    const { stdout, stderr, code } = await run(AWS_CLI, ['dynamodb', ...args], awsEnvironment(server.url));
    assert.equal(code, 0, stderr);
    return stdout ? JSON.parse(stdout) : undefined;
  };
  await aws(
    'create-table',
    ...['--table-name', 'cli', '--billing-mode', 'PAY_PER_REQUEST'],
    ...['--attribute-definitions', 'AttributeName=pk,AttributeType=S'],
    ...['--key-schema', 'AttributeName=pk,KeyType=HASH'],
  );
  await aws('wait', 'table-exists', '--table-name', 'cli');
  await aws('put-item', '--table-name', 'cli', '--item', '{"pk": {"S": "a"}, "n": {"N": "1"}}');
  const found = await aws(
    'query',
    ...['--table-name', 'cli', '--key-condition-expression', 'pk = :p'],
    ...['--expression-attribute-values', '{":p": {"S": "a"}}'],
  );
  assert.deepEqual(found.Items, [{ pk: { S: 'a' }, n: { N: '1' } }]);
  assert.equal((await aws('scan', '--table-name', 'cli', '--max-items', '1')).Count, 1);
  await aws('delete-table', '--table-name', 'cli');
  await aws('wait', 'table-not-exists', '--table-name', 'cli');
});

it('boto3 uses tables as resources', { skip: WITHOUT_PYTHON_CLIENTS }, async (test) => {
  const { server } = await runDynamoDb(test);
  const { stdout, stderr, code } = await run(
    PYTHON,
    [pathOfTest('conformance/dynamodb_boto3.py'), server.url],
    awsEnvironment(server.url),
  );
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), {
    found: [20, 19, 18],
    updated: '0.1',
    counts: [25, 25, 11],
    raw: '0001',
    deep: [1, null, true],
    failed: {
      class: 'ConditionalCheckFailedException',
      code: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      status: 400,
    },
    wrong: {
      class: 'ClientError',
      code: 'ValidationException',
      message: 'The provided key element does not match the schema',
      status: 400,
    },
    transaction: {
      class: 'TransactionCanceledException',
      code: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed]',
      status: 400,
    },
    tables: [['boto']],
    described: ['ACTIVE', 61],
    gone: {
      class: 'ResourceNotFoundException',
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: boto not found',
      status: 400,
    },
  });
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { allowsService } from './resource-policy.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:t';
const REQUEST = {
  ...{ service: 'sns.amazonaws.com', action: 'sqs:SendMessage', resource: QUEUE },
  ...{ sourceArn: TOPIC, sourceAccount: '000000000000' },
};
const ALLOW = { Effect: 'Allow', Principal: '*', Action: 'SQS:sendmessage', Resource: QUEUE };
const allows = (...Statement: unknown[]) => allowsService(JSON.stringify({ Statement }), REQUEST);

it('a statement allows the service what it names', () => {
  assert.ok(allows(ALLOW));
  assert.ok(allowsService(JSON.stringify({ Statement: ALLOW }), REQUEST), 'a single statement');
  assert.ok(allows({ ...ALLOW, Principal: { AWS: '*' } }));
  assert.ok(allows({ ...ALLOW, Principal: { Service: ['s3.amazonaws.com', 'sns.amazonaws.com'] } }));
  assert.ok(allows({ ...ALLOW, Action: ['sqs:Get*', 'sqs:Send*'], Resource: '*' }));
  assert.ok(allows({ ...ALLOW, Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } } }));
});

it('and nothing else', () => {
  assert.ok(!allows());
  assert.ok(!allows({ ...ALLOW, Principal: { Service: 's3.amazonaws.com' } }));
  assert.ok(!allows({ ...ALLOW, Principal: undefined }));
  assert.ok(!allows({ ...ALLOW, Action: 'sqs:ReceiveMessage' }));
  assert.ok(!allows({ ...ALLOW, Resource: `${QUEUE}x` }));
  assert.ok(!allows({ ...ALLOW, Resource: undefined }));
  assert.ok(!allows({ ...ALLOW, Condition: { ArnEquals: { 'aws:SourceArn': `${TOPIC}x` } } }));
  assert.ok(!allows({ ...ALLOW, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }));
  assert.ok(!allows(ALLOW, { ...ALLOW, Effect: 'Deny' }));
  assert.ok(!allows(ALLOW, { ...ALLOW, Effect: 'Deny', Action: undefined, NotAction: 'sqs:Receive*' }));
  assert.ok(allows(ALLOW, { ...ALLOW, Effect: 'Deny', Action: undefined, NotAction: 'sqs:*' }));
  assert.ok(allows(ALLOW, { ...ALLOW, Effect: 'Deny', Resource: undefined, NotResource: QUEUE }));
});

it('what is no policy allows nothing', () => {
  for (const text of [
    '',
    '{}',
    '[]',
    'null',
    '1',
    '{"Statement":[null,1,"x"]}',
    '{"Statement":{"Condition":null}}',
  ]) {
    assert.ok(!allowsService(text, REQUEST), text);
  }
});

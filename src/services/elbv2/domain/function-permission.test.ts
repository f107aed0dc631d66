import assert from 'node:assert/strict';
import { it } from 'node:test';
import { letsInvoke } from './function-permission.ts';

const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/fns/0123456789abcdef';
const invoking = { sourceArn: GROUP, sourceAccount: '000000000000' };
const ALLOW = {
  Effect: 'Allow',
  Principal: { Service: 'elasticloadbalancing.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
};
const lets = (...Statement: object[]) => letsInvoke(JSON.stringify({ Statement }), invoking);

it('a statement for the service lets it invoke the function, and no other does', () => {
  assert.ok(lets(ALLOW));
  assert.ok(lets({ ...ALLOW, Principal: '*' }));
  assert.ok(lets({ ...ALLOW, Action: ['lambda:GetFunction', 'lambda:*'] }));
  assert.ok(!lets());
  assert.ok(!lets({ ...ALLOW, Principal: { Service: 'sns.amazonaws.com' } }));
  assert.ok(!lets({ ...ALLOW, Principal: { AWS: 'arn:aws:iam::000000000000:root' } }));
  assert.ok(!lets({ ...ALLOW, Action: 'lambda:GetFunction' }));
  assert.ok(!lets(ALLOW, { ...ALLOW, Effect: 'Deny' }));
});

it('every condition must hold', () => {
  const when = (Condition: object) => lets({ ...ALLOW, Condition });
  assert.ok(when({ ArnLike: { 'AWS:SourceArn': GROUP } }));
  assert.ok(when({ ArnLike: { 'aws:SourceArn': GROUP.replace(/[^/]*$/, '*') } }));
  assert.ok(when({ StringEquals: { 'AWS:SourceAccount': '000000000000' } }));
  assert.ok(!when({ ArnLike: { 'AWS:SourceArn': GROUP.replace('fns', 'other') } }));
  assert.ok(!when({ StringEquals: { 'AWS:SourceAccount': '111111111111' } }));
  assert.ok(!when({ StringEquals: { 'lambda:EventSourceToken': 'x' } }));
  assert.ok(
    !when({ ArnLike: { 'AWS:SourceArn': GROUP }, StringEquals: { 'AWS:SourceAccount': '111111111111' } }),
  );
});

it('a hostile pattern takes linear time', () => {
  const Condition = { StringLike: { 'aws:SourceArn': `${'*a'.repeat(20_000)}b` } };
  assert.ok(!lets({ ...ALLOW, Condition }));
});

// Types that are only recorded have the names of their template, and attributes of the shape that others expect.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fixture } from '../testing.fixture.ts';

it('Ref returns the name that a recorded resource is given, and its attributes have the expected shape', async (test) => {
  const f = await fixture(test, {}, { unknownResources: 'record' });
  const get = (name: string, attribute: string) => ({ Value: { 'Fn::GetAtt': [name, attribute] } });
  const template = {
    Resources: {
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Name: 'front' } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
      Unnamed: { Type: 'AWS::ECS::Cluster' },
    },
    Outputs: {
      Name: { Value: { Ref: 'Balancer' } },
      Host: get('Balancer', 'DNSName'),
      Queue: { Value: { Ref: 'Queue' } },
      QueueName: get('Queue', 'QueueName'),
      QueueArn: get('Queue', 'Arn'),
      Cluster: { Value: { Ref: 'Unnamed' } },
      ClusterArn: get('Unnamed', 'Arn'),
    },
  };
  await f.call('CreateStack', { StackName: 's', TemplateBody: JSON.stringify(template) });
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  const { Stacks } = (await f.call('DescribeStacks', { StackName: 's' })) as unknown as {
    Stacks: { Outputs: { OutputKey: string; OutputValue: string }[] }[];
  };
  const outputs = Object.fromEntries(
    Stacks[0]!.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  assert.equal(outputs.Name, 'front');
  assert.match(outputs.Host!, /^front\.[a-z0-9.-]+\.amazonaws\.com$/);
  assert.equal(outputs.Queue, 'work');
  assert.equal(outputs.QueueName, 'work');
  assert.equal(outputs.QueueArn, 'arn:aws:sqs:us-east-1:123456789012:queue/work');
  assert.match(outputs.Cluster!, /^s-Unnamed-[A-Z0-9]{12}$/);
  assert.match(outputs.ClusterArn!, /^arn:aws:ecs:us-east-1:123456789012:cluster\/s-Unnamed-/);
});

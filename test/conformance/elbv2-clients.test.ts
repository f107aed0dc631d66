// Elastic Load Balancing as the AWS CLI and boto3 see it, with their waiters and paginators.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { serveBalancing } from '../support/balancers.ts';
import {
  AWS_CLI,
  awsEnvironment,
  PYTHON,
  pathOfTest,
  run,
  WITHOUT_PYTHON_CLIENTS,
} from '../support/outside-clients.ts';

/** The targets are healthy a moment after they are registered. */
function heal({ recorded }: Awaited<ReturnType<typeof serveBalancing>>): void {
  const { set } = recorded;
  recorded.set = async (balancer) => {
    const failures = await set(balancer);
    for (const group of balancer.targetGroups) {
      if (group.type === 'lambda') continue;
      const states = group.targets.map(
        ({ address, port }) => [`${address}:${port}`, { state: 'healthy' }] as const,
      );
      setImmediate(() => {
        recorded.found.set(group.arn, new Map(states));
        recorded.events.healthChanged(group.arn);
      });
    }
    return failures;
  };
}

it('boto3', { skip: WITHOUT_PYTHON_CLIENTS }, async (test) => {
  const served = await serveBalancing(test);
  heal(served);
  const { url, subnets, vpcId, recorded, addresses } = served;
  const ended = await run(
    PYTHON,
    [pathOfTest('conformance/elbv2_boto3.py'), url, ...subnets.slice(0, 2), vpcId],
    awsEnvironment(url),
  );
  assert.equal(ended.code, 0, ended.stderr);
  const error = (name: string, code: string, status = 400) => ({ class: name, code, status });
  assert.deepEqual(JSON.parse(ended.stdout), {
    balancers: ['one', 'two'],
    groups: ['web'],
    rules: ['1', '2', '3', 'default'],
    limits: 23,
    policies: 19,
    health: [],
    missing: error('LoadBalancerNotFoundException', 'LoadBalancerNotFound'),
    twice: error('DuplicateLoadBalancerNameException', 'DuplicateLoadBalancerName'),
    in_use: error('ResourceInUseException', 'ResourceInUse'),
    priority: error('PriorityInUseException', 'PriorityInUse'),
    marker: error('ClientError', 'ValidationError'),
    denied: error('ClientError', 'AccessDenied', 403),
  });
  assert.deepEqual([recorded.balancers.size, addresses.all().size], [0, 0]);
});

it('the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, async (test) => {
  const served = await serveBalancing(test);
  heal(served);
  const { url, subnets, vpcId } = served;
  const aws = async (...words: string[]) => {
    const ended = await run(AWS_CLI, ['elbv2', ...words], awsEnvironment(url));
    return ended.code === 0 ? ended.stdout.trim() : ended.stderr.trim();
  };
  const text = (query: string) => ['--query', query, '--output', 'text'];
  const arn = await aws(
    ...[
      'create-load-balancer',
      '--name',
      'front',
      '--scheme',
      'internal',
      '--subnets',
      ...subnets.slice(0, 2),
    ],
    ...text('LoadBalancers[0].LoadBalancerArn'),
  );
  const group = await aws(
    ...['create-target-group', '--name', 'web', '--target-type', 'ip', '--protocol', 'HTTP', '--port', '80'],
    ...['--vpc-id', vpcId, ...text('TargetGroups[0].TargetGroupArn')],
  );
  const listener = await aws(
    ...['create-listener', '--load-balancer-arn', arn, '--protocol', 'HTTP', '--port', '80'],
    ...['--default-actions', `Type=forward,TargetGroupArn=${group}`, ...text('Listeners[0].ListenerArn')],
  );
  const rule = await aws(
    ...['create-rule', '--listener-arn', listener, '--priority', '5'],
    ...['--conditions', 'Field=path-pattern,Values=/img/*'],
    ...[
      '--actions',
      `Type=forward,TargetGroupArn=${group}`,
      ...text('Rules[0].[Priority,Conditions[0].Field]'),
    ],
  );
  assert.equal(rule, '5\tpath-pattern');
  await aws('register-targets', '--target-group-arn', group, '--targets', 'Id=172.31.0.9,Port=8080');
  assert.equal(await aws('wait', 'target-in-service', '--target-group-arn', group), '');
  assert.equal(await aws('wait', 'load-balancer-available', '--load-balancer-arns', arn), '');
  const health = await aws(
    ...['describe-target-health', '--target-group-arn', group],
    ...text('TargetHealthDescriptions[].[Target.Id,Target.Port,Target.AvailabilityZone,TargetHealth.State]'),
  );
  assert.equal(health, '172.31.0.9\t8080\tus-east-1a\thealthy');
  assert.match(
    await aws('describe-load-balancers', '--names', 'none'),
    /^An error occurred \(LoadBalancerNotFound\) when calling the DescribeLoadBalancers operation: Load balancers '\[none\]' not found$/,
  );
  assert.equal(await aws('delete-load-balancer', '--load-balancer-arn', arn), '');
  assert.equal(await aws('wait', 'load-balancers-deleted', '--load-balancer-arns', arn), '');
});

// Random input of every operation of ECS: each is answered or refused by name, never with a failure of Millpond's own, and
// none is always refused.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import { container, definition, startEcs } from '../support/ecs.ts';
import { randomInput, seededRandom } from '../support/random-input.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const ROUNDS = 60;
/** Members without which most of the rest is refused. */
const ALWAYS = new Set([
  ...['cpu', 'memory', 'networkMode', 'requiresCompatibilities', 'executionRoleArn'],
  ...['launchType', 'networkConfiguration', 'clusterName'],
]);
const ARN = 'arn:aws:ecs:us-east-1:000000000000';

it('answers or refuses whatever comes', async (test) => {
  const { services, subnetId, register, run, containers, errors } = await startEcs(test);
  const ecs = services.find(({ name }) => name === 'ecs')!;
  const client = createClient('ecs', { inProcess: ecs }) as {
    call(operation: string, input: object, scope: object): Promise<Record<string, unknown>>;
  };
  const tasks = [(await run(await register())).taskArn!];
  const [containerDefinition] = definition().containerDefinitions!;
  const plausible: Record<string, readonly unknown[]> = {
    cluster: [undefined, 'default'],
    clusterName: ['default'],
    clusters: [['default', 'a'], ['none']],
    capacityProviders: [['FARGATE'], ['FARGATE_SPOT', 'FARGATE'], []],
    capacityProviderStrategy: [undefined],
    defaultCapacityProviderStrategy: [[]],
    clientToken: [undefined, 'one'],
    configuration: [undefined],
    containerDefinitions: [[containerDefinition], [container({ dependsOn: [] }), container({ name: 'b' })]],
    containerInstances: [['a']],
    count: [1, 2],
    cpu: ['256'],
    desiredStatus: ['RUNNING', 'STOPPED'],
    enableExecuteCommand: [undefined, false],
    executionRoleArn: ['r'],
    family: ['load', 'b'],
    familyPrefix: ['load', undefined],
    include: [['TAGS'], undefined],
    ipcMode: [undefined],
    inferenceAccelerators: [undefined],
    ephemeralStorage: [undefined, { sizeInGiB: 30 }],
    enableFaultInjection: [undefined],
    launchType: ['FARGATE'],
    maxResults: [undefined, 1],
    memory: ['512'],
    name: ['containerInsights'],
    networkConfiguration: [{ awsvpcConfiguration: { subnets: [subnetId] } }],
    networkMode: ['awsvpc'],
    nextToken: [undefined],
    overrides: [undefined, {}],
    pidMode: [undefined],
    placementConstraints: [undefined],
    placementStrategy: [undefined],
    platformVersion: [undefined, 'LATEST'],
    propagateTags: [undefined, 'TASK_DEFINITION'],
    proxyConfiguration: [undefined],
    principalArn: [undefined],
    requiresCompatibilities: [['FARGATE']],
    resourceArn: [`${ARN}:cluster/default`, `${ARN}:task-definition/load:1`, ...tasks],
    runtimePlatform: [undefined, { cpuArchitecture: 'ARM64' }],
    serviceConnectDefaults: [undefined],
    serviceName: [undefined],
    services: [['a']],
    settings: [undefined, [{ name: 'containerInsights', value: 'enabled' }]],
    sort: ['ASC', 'DESC'],
    startedBy: [undefined, 'me'],
    status: ['ACTIVE', 'INACTIVE'],
    tags: [undefined, [{ key: 'a', value: 'b' }]],
    targetType: ['container-instance'],
    task: tasks,
    taskDefinition: ['load', 'load:1', 'b'],
    taskDefinitions: [['load:1', 'b:1']],
    tasks: [tasks],
    value: ['enabled'],
    volumeConfigurations: [undefined],
    volumes: [undefined],
  };
  const schema = loadSchema('ecs');
  const operations = Object.keys(ecs.operations);
  const answered = new Set<string>();
  for (const seed of [20_261_130, 1, 2]) {
    const random = seededRandom(seed);
    for (let call = 0; call < ROUNDS * operations.length; call++) {
      const operation = operations[Math.floor(random() * operations.length)]!;
      const input = randomInput(schema.operation(operation)!.input as Structure, random, {
        known: plausible,
        always: ALWAYS,
      });
      try {
        const answer = await client.call(operation, input, SCOPE);
        answered.add(operation);
        for (const { taskArn } of (answer.tasks ?? []) as { taskArn: string }[])
          tasks.splice(0, tasks.length > 20 ? 1 : 0, taskArn);
      } catch (error) {
        assert.ok(error instanceof Fault, `${operation} ${JSON.stringify(input)}: ${String(error)}`);
      }
      if (call % 50 === 0) for (const fake of containers.all) fake.exit();
    }
  }
  assert.deepEqual(
    operations.filter((name) => !answered.has(name)),
    [],
  );
  assert.deepEqual(errors, []);
});

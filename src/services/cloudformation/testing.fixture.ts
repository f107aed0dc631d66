// CloudFormation over a store in memory with fake resource types, for tests. A test can make the calls of a fake type
// fail or wait.

import type { TestContext } from 'node:test';
import type { ResourceType } from '../../control/resource-type.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore, type Store } from '../../store/store.ts';
import type { RequestContext } from '../../wire/service.ts';
import type { CloudFormationOptions, Neighbours } from './context.ts';
import { createTemplateReader } from './reading/reader.ts';
import { type CloudFormationService, createCloudFormation } from './service.ts';

/** The account and region of every test. */
export const SCOPE = { accountId: '123456789012', region: 'us-east-1' };

/** The fake resources. They outlive a restart of CloudFormation. */
export class FakeWorld {
  /** By physical id. */
  readonly things = new Map<string, Record<string, unknown>>();
  /** The tags of each resource at its creation. */
  readonly tags = new Map<string, Record<string, string>>();
  readonly calls: string[] = [];
  /** Error messages by call: `create Cache`, `update Cache`, `delete Cache`. */
  readonly failures = new Map<string, string>();
  /** Runs before each call, with the call's name. The call waits for the promise. */
  beforeCall: (call: string) => Promise<void> | void = () => {};
  /** Runs after each call has taken effect. */
  afterCall: (call: string) => Promise<void> | void = () => {};

  /** A resource type of this name; a change of a `fixed` property replaces the resource. */
  type(name: string, options: { fixed?: string[] } = {}): ResourceType {
    const enter = async (verb: string, logicalId: string) => {
      const call = `${verb} ${logicalId}`;
      await this.beforeCall(call);
      this.calls.push(call);
      const failure = this.failures.get(call);
      if (failure) throw new Error(failure);
      return call;
    };
    return {
      name,
      inTheWay: /^DependencyViolation$/,
      create: async ({ logicalId, token, properties, tags }) => {
        const call = await enter('create', logicalId);
        const physicalId = `${logicalId}-${token}`;
        this.things.set(physicalId, properties);
        this.tags.set(physicalId, tags);
        await this.afterCall(call);
        return { physicalId, attributes: { Arn: `arn:${physicalId}` } };
      },
      update: async ({ logicalId, physicalId, properties }) => {
        const call = await enter('update', logicalId);
        if (!this.things.has(physicalId)) throw new Error(`${physicalId} is gone`);
        this.things.set(physicalId, properties);
        await this.afterCall(call);
        return { physicalId, attributes: { Arn: `arn:${physicalId}` } };
      },
      delete: async ({ logicalId, physicalId }) => {
        const call = await enter('delete', logicalId);
        this.things.delete(physicalId);
        await this.afterCall(call);
      },
      replaces: (property) => options.fixed?.includes(property),
    };
  }
}

/** All tests of a file share it, because it has no state. Its thread does not keep the process alive. */
const reader = createTemplateReader();

/** A running CloudFormation. */
export interface Fixture {
  store: Store;
  world: FakeWorld;
  cloudformation: CloudFormationService;
  /** Stops CloudFormation in the middle of its work, and starts another one over the same store. */
  restart(): Promise<void>;
  /** Calls an operation. */
  call(operation: string, input: object): Promise<Record<string, never>>;
  /** The stack's status after its operation has ended. */
  settled(stackName: string): Promise<string>;
}

/** Starts CloudFormation; it stops after the test. */
export async function fixture(
  test: Pick<TestContext, 'after'>,
  neighbours: Partial<Neighbours> = {},
  options: CloudFormationOptions = {},
): Promise<Fixture> {
  const store = openStore(':memory:');
  const world = new FakeWorld();
  const unavailable = { call: () => Promise.reject(new Error('the test has no such service')) };
  const build = () =>
    createCloudFormation({
      store,
      clock: { now: () => Date.now() },
      log: silentLog,
      types: [
        world.type('Fake::Test::Thing', { fixed: ['Name'] }),
        world.type('AWS::SSM::Parameter', { fixed: ['Name'] }),
        world.type('AWS::Lambda::Function'),
        world.type('AWS::IAM::Role'),
      ],
      options,
      reader,
      neighbours: {
        ...{ s3: unavailable, lambda: unavailable, ssm: unavailable, ec2: unavailable },
        ...neighbours,
      } as Neighbours,
    });
  let current = build();
  await current.start();
  const self: Fixture = {
    store,
    world,
    cloudformation: current,
    async restart() {
      await current.stop();
      current = build();
      self.cloudformation = current;
      await current.start();
    },
    async call(operation, input) {
      const context: RequestContext = {
        ...SCOPE,
        service: 'cloudformation',
        operation,
        requestId: 'test',
      };
      return current.service.operations[operation]!(input, context);
    },
    async settled(stackName) {
      const { Stacks } = (await self.call('DescribeStacks', { StackName: stackName })) as unknown as {
        Stacks: { StackStatus: string; StackId: string }[];
      };
      if (!Stacks[0]!.StackStatus.endsWith('_IN_PROGRESS')) return Stacks[0]!.StackStatus;
      await current.idle();
      // Let work that was scheduled meanwhile begin.
      await new Promise((resolve) => setImmediate(resolve));
      return self.settled(Stacks[0]!.StackId);
    },
  };
  test.after(async () => {
    await current.stop();
    store.close();
  });
  return self;
}

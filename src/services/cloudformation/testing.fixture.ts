// A CloudFormation over a store in memory and types that only pretend; for tests. A fake can be told to fail, and
// to hold until it is released.

import type { TestContext } from 'node:test';
import type { ResourceType } from '../../control/resource-type.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore, type Store } from '../../store/store.ts';
import type { RequestContext } from '../../wire/service.ts';
import type { CloudFormationOptions, Neighbours } from './context.ts';
import { createTemplateReader } from './reading/reader.ts';
import { type CloudFormationService, createCloudFormation } from './service.ts';

export const SCOPE = { accountId: '123456789012', region: 'us-east-1' };

/** What the world outside holds: it outlives any CloudFormation. */
export class FakeWorld {
  /** By physical id. */
  readonly things = new Map<string, Record<string, unknown>>();
  /** The tags of each, as they were last asked for. */
  readonly tags = new Map<string, Record<string, string>>();
  readonly calls: string[] = [];
  /** `create Cache`, `update Cache`, `delete Cache`: rejects with this. */
  readonly failures = new Map<string, string>();
  /** Called before each call, with its name; what it returns is waited for. */
  beforeCall: (call: string) => Promise<void> | void = () => {};
  afterCall: (call: string) => Promise<void> | void = () => {};

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

/** One for all of a file's tests: it keeps nothing. Its thread keeps no process from ending. */
const reader = createTemplateReader();

export interface Fixture {
  store: Store;
  world: FakeWorld;
  cloudformation: CloudFormationService;
  /** Ends it as a kill would, and starts another over the same store. */
  restart(): Promise<void>;
  call(operation: string, input: object): Promise<Record<string, never>>;
  /** Once nothing is under way; the status. */
  settled(stackName: string): Promise<string>;
}

export async function fixture(
  test: Pick<TestContext, 'after'>,
  neighbours: Partial<Neighbours> = {},
  options: CloudFormationOptions = {},
): Promise<Fixture> {
  const store = openStore(':memory:');
  const world = new FakeWorld();
  const nobody = { call: () => Promise.reject(new Error('nobody is there')) };
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
      neighbours: { s3: nobody, lambda: nobody, ssm: nobody, ec2: nobody, ...neighbours } as Neighbours,
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
      // Between two of them nothing is ever under way.
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

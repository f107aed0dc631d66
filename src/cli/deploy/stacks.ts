// The part of CloudFormation's API that deployments need, with plain records for its XML.

import { ApiError, type Caller, CLOUDFORMATION, elementsIn, requestQuery, textIn } from '../query-request.ts';

/** A stack as DescribeStacks shows it. */
export interface Stack {
  id: string;
  name: string;
  status: string;
  /** The names of its parameters. */
  parameters: string[];
  outputs: { name: string; value: string; description: string }[];
}

/** An event as DescribeStackEvents shows it. */
export interface StackEvent {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  stackId: string;
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  reason: string;
}

/** Requests to CloudFormation. */
export interface Stacks {
  /** Finds a stack by name or id; `undefined` when there is none. */
  describe(nameOrId: string): Promise<Stack | undefined>;
  /** Stacks that exist and are not nested, at most 100. */
  all(): Promise<Stack[]>;
  /** The newest nested stacks. */
  nested(): Promise<{ id: string; name: string; parentId: string }[]>;
  /** The events after the last one that `isKnown` accepts, the oldest first. */
  eventsSince(stackId: string, isKnown: (event: StackEvent) => boolean): Promise<StackEvent[]>;
  create(parameters: Record<string, string>): Promise<void>;
  /** Resolves to false when nothing would change. */
  update(parameters: Record<string, string>): Promise<boolean>;
  delete(stackId: string): Promise<void>;
}

const MOST_STACKS = 100;

/** All methods throw ApiError and TimedOut. */
export function stacksAt(url: string, caller: Caller): Stacks {
  const request = (action: string, parameters: Record<string, string>) =>
    requestQuery(url, CLOUDFORMATION, action, parameters, caller);
  const describe = async (StackName: string) => {
    try {
      return readStack(await request('DescribeStacks', { StackName }));
    } catch (error) {
      if (error instanceof ApiError && /does not exist/.test(error.message)) return undefined;
      throw error;
    }
  };
  return {
    describe,
    async all() {
      const ids: string[] = [];
      let token: string | undefined;
      do {
        const answer = await request('ListStacks', { ...(token !== undefined && { NextToken: token }) });
        for (const one of elementsIn(answer, 'member')) {
          const exists = textIn(one, 'StackStatus') !== 'DELETE_COMPLETE' && !textIn(one, 'ParentId');
          if (exists) ids.push(textIn(one, 'StackId') ?? '');
        }
        token = textIn(answer, 'NextToken');
      } while (token !== undefined && ids.length < MOST_STACKS);
      const found = await Promise.all(ids.slice(0, MOST_STACKS).map(describe));
      return found.filter((stack) => stack !== undefined);
    },
    async nested() {
      const members = elementsIn(await request('ListStacks', {}), 'member');
      const found = members.map((one) => ({
        id: textIn(one, 'StackId') ?? '',
        name: textIn(one, 'StackName') ?? '',
        parentId: textIn(one, 'ParentId') ?? '',
      }));
      return found.filter(({ parentId }) => parentId !== '');
    },
    async eventsSince(StackName, isKnown) {
      const found: StackEvent[] = [];
      let token: string | undefined;
      do {
        const answer = await request('DescribeStackEvents', {
          StackName,
          ...(token !== undefined && { NextToken: token }),
        });
        // AWS: the newest first.
        for (const event of elementsIn(answer, 'member').map(readEvent)) {
          if (isKnown(event)) return found.reverse();
          found.push(event);
        }
        token = textIn(answer, 'NextToken');
      } while (token !== undefined);
      return found.reverse();
    },
    async create(parameters) {
      await request('CreateStack', parameters);
    },
    async update(parameters) {
      try {
        await request('UpdateStack', parameters);
        return true;
      } catch (error) {
        if (error instanceof ApiError && /No updates are to be performed/.test(error.message)) return false;
        throw error;
      }
    },
    async delete(StackName) {
      await request('DeleteStack', { StackName });
    },
  };
}

function readStack(answer: string): Stack {
  const membersOf = (list: string) =>
    elementsIn(answer, list).flatMap((inside) => elementsIn(inside, 'member'));
  return {
    id: textIn(answer, 'StackId') ?? '',
    name: textIn(answer, 'StackName') ?? '',
    status: textIn(answer, 'StackStatus') ?? '',
    parameters: membersOf('Parameters').map((one) => textIn(one, 'ParameterKey') ?? ''),
    outputs: membersOf('Outputs').map((one) => ({
      name: textIn(one, 'OutputKey') ?? '',
      value: textIn(one, 'OutputValue') ?? '',
      description: textIn(one, 'Description') ?? '',
    })),
  };
}

const readEvent = (xml: string): StackEvent => ({
  id: textIn(xml, 'EventId') ?? '',
  at: Date.parse(textIn(xml, 'Timestamp') ?? '') || 0,
  stackId: textIn(xml, 'StackId') ?? '',
  logicalId: textIn(xml, 'LogicalResourceId') ?? '',
  physicalId: textIn(xml, 'PhysicalResourceId') ?? '',
  type: textIn(xml, 'ResourceType') ?? '',
  status: textIn(xml, 'ResourceStatus') ?? '',
  reason: textIn(xml, 'ResourceStatusReason') ?? '',
});

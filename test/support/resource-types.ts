// Drives resource types as CloudFormation does: every creation and deletion is repeated, as after a crash.

import assert from 'node:assert/strict';
import type {
  Properties,
  ResourceRequest,
  ResourceState,
  ResourceType,
} from '../../src/control/resource-type.ts';

export const SCOPE = { accountId: '000000000000', region: 'us-east-1' };

/** Drives resources of these types; every creation and deletion runs twice. */
export function driveTypes(types: readonly ResourceType[], tags: Record<string, string> = { stack: 'demo' }) {
  const byName = new Map(types.map((type) => [type.name, type]));
  const made: (() => Promise<void>)[] = [];
  const requestOf = (type: string, logicalId: string, properties: Properties): ResourceRequest => ({
    scope: SCOPE,
    stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/demo/1',
    stackName: 'demo',
    logicalId,
    resourceType: type,
    properties,
    tags,
    token: `TOKEN${logicalId.toUpperCase()}0000000`.slice(0, 12),
    isRetry: false,
    signal: new AbortController().signal,
  });
  return {
    async make(typeName: string, logicalId: string, properties: Properties = {}): Promise<ResourceState> {
      const type = byName.get(typeName)!;
      const request = requestOf(typeName, logicalId, properties);
      const state = await type.create(request);
      assert.deepEqual(await type.create({ ...request, isRetry: true }), state, typeName);
      made.push(async () => {
        for (let i = 0; i < 2; i++) await type.delete({ ...request, physicalId: state.physicalId });
      });
      return state;
    },
    update: (
      typeName: string,
      logicalId: string,
      physicalId: string,
      [before, after]: [before: Properties, after: Properties],
    ) => byName.get(typeName)!.update!({ ...requestOf(typeName, logicalId, after), physicalId, before }),
    async deleteAll(): Promise<void> {
      for (const undo of made.toReversed()) await undo();
    },
  };
}

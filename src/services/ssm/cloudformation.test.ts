// Drives SSM's resource type as CloudFormation does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import { ssmResourceTypes } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';
import { createSsm } from './service.ts';

test('a parameter is created, changed and deleted', async () => {
  const service = createSsm({ store: openStore(':memory:'), clock: { now: () => 0 }, secret: 'x' });
  const ssm = createClient<Sdk>('ssm', { inProcess: service });
  const { make, update, deleteAll } = driveTypes(ssmResourceTypes(ssm));
  const first = { Type: 'String', Value: 'redis\n', Tags: { a: '1' } };
  const made = await make('AWS::SSM::Parameter', 'Requirements', first);
  assert.deepEqual(made, {
    physicalId: 'CFN-Requirements-TOKENREQUIRE',
    attributes: {
      Arn: 'arn:aws:ssm:us-east-1:000000000000:parameter/CFN-Requirements-TOKENREQUIRE',
      Type: 'String',
      Value: 'redis\n',
    },
  });
  const second = { Type: 'String', Value: 'valkey' };
  const changed = await update('AWS::SSM::Parameter', 'Requirements', made.physicalId, [first, second]);
  assert.equal(changed.attributes.Value, 'valkey');
  const named = { ResourceType: 'Parameter' as const, ResourceId: made.physicalId };
  const { TagList } = await ssm.call('ListTagsForResource', named, SCOPE);
  assert.deepEqual(TagList, [{ Key: 'stack', Value: 'demo' }]);
  await deleteAll();
  await assert.rejects(
    make('AWS::SSM::Parameter', 'Secret', { Type: 'SecureString', Value: 'x' }),
    /SecureString/,
  );
});

// AWS's specification of resource types, as it is extracted and parsed.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { extractResourceSpec, RESOURCE_SPEC } from '../../../scripts/extract-resource-spec.ts';
import { propertyTypes, resourceSpecs } from './resource-spec.ts';

it('generated/ is what `npm run resource-spec` writes', async () => {
  assert.equal(await readFile(RESOURCE_SPEC, 'utf8'), await extractResourceSpec());
});

it('the specification says which changes replace a replication group', () => {
  const spec = resourceSpecs().get('AWS::ElastiCache::ReplicationGroup');
  assert.ok(spec);
  assert.equal(spec.properties.ReplicationGroupId?.replaces, 'always');
  assert.equal(spec.properties.NumNodeGroups?.replaces, 'maybe');
  assert.equal(spec.properties.NumCacheClusters?.replaces, undefined);
  assert.equal(spec.properties.ReplicationGroupDescription?.required, true);
  assert.ok(spec.attributes.includes('PrimaryEndPoint.Address'));
  assert.deepEqual(spec.identifier, ['ReplicationGroupId']);
});

it('every property type of the specification can be parsed', () => {
  for (const [name, spec] of resourceSpecs()) {
    const all = [spec.properties, ...Object.values(spec.definitions)].flatMap((part) => Object.values(part));
    for (const { type } of all) {
      for (const part of propertyTypes(spec, type)) {
        if (part.kind === 'plain')
          assert.match(part.name, /^(string|integer|number|boolean|json|null)$/, name);
        if (part.kind === 'definition') assert.ok(part.properties, name);
      }
    }
  }
});

// The plan of an operation: which resources change, how, and why.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ResourceType, Value } from '../../../control/resource-type.ts';
import { resourceSpecs } from '../resource-spec.ts';
import { parseTemplate } from '../template/parse.ts';
import { templateOf } from '../template/template.ts';
import { isKnown } from '../template/unknown-value.ts';
import {
  type ChangeInput,
  type ChangeTree,
  type ExistingResource,
  hasChanges,
  type StackBefore,
} from './model.ts';
import { buildChangeTree } from './tree.ts';

const scope = { accountId: '000000000000', region: 'us-east-1' };
const stack = {
  scope,
  stackName: 'demo',
  stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/demo/1',
};
const everything = { update: async () => ({ physicalId: '', attributes: {} }) };

interface Side {
  template: string;
  parameters?: Record<string, Value>;
  tags?: Record<string, string>;
}

function inputOf(side: Side, before: StackBefore | undefined, more: Partial<ChangeInput> = {}): ChangeInput {
  return {
    before,
    after: {
      template: templateOf(parseTemplate(side.template)),
      stack,
      parameters: new Map(Object.entries(side.parameters ?? {})),
      tags: side.tags ?? {},
    },
    specs: resourceSpecs(),
    resourceType: () => everything,
    exported: () => undefined,
    zones: () => ['us-east-1a', 'us-east-1b'],
    ...more,
  };
}

/** The stack after its creation: the physical id is `id-` and the logical id, an attribute is `LogicalId.Attribute`. */
function made(side: Side): StackBefore {
  const resources = new Map<string, ExistingResource>();
  const input = inputOf(side, undefined);
  const order = buildChangeTree(input).changes.map((change) => change.logicalId);
  for (const logicalId of order) {
    // Plan again with the resources created so far, as the executor does.
    const change = buildChangeTree({
      ...input,
      before: {
        template: input.after.template,
        parameters: new Map(),
        tags: {},
        resources,
        outputs: new Map(),
      },
    }).changes.find((each) => each.logicalId === logicalId)!;
    assert.ok(isKnown(change.properties ?? null), `${logicalId} has unknown properties`);
    const spec = resourceSpecs().get(change.type);
    const attributes = Object.fromEntries(
      (spec?.attributes ?? []).map((name) => [name, `${logicalId}.${name}`]),
    );
    resources.set(logicalId, {
      type: change.type,
      physicalId: `id-${logicalId}`,
      ref: `id-${logicalId}`,
      attributes,
      properties: change.properties as ExistingResource['properties'],
    });
  }
  const planned = buildChangeTree({
    ...input,
    before: {
      template: input.after.template,
      parameters: new Map(),
      tags: {},
      resources,
      outputs: new Map(),
    },
  });
  const outputs = new Map(planned.outputs.map(({ name, value }) => [name, value as Value]));
  const parameters = new Map(Object.entries(side.parameters ?? {}));
  return { template: input.after.template, parameters, tags: side.tags ?? {}, resources, outputs };
}

const update = (before: Side, after: Side, more?: Partial<ChangeInput>) =>
  buildChangeTree(inputOf(after, made(before), more));

const actions = (tree: ChangeTree) =>
  Object.fromEntries(
    tree.changes.map((change) => [
      change.logicalId,
      change.replacement === 'Conditional' ? `${change.action}?` : change.action,
    ]),
  );

const TEMPLATE = `
Parameters:
  Count: {Type: Number, Default: 2}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
  Subnets:
    Type: AWS::ElastiCache::SubnetGroup
    Properties: {Description: x, SubnetIds: [!Ref Subnet]}
  Cache:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties:
      ReplicationGroupId: demo
      ReplicationGroupDescription: demo
      CacheSubnetGroupName: !Ref Subnets
      NumCacheClusters: !Ref Count
  Name:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !GetAtt Cache.PrimaryEndPoint.Address}
Outputs:
  Address: {Value: !GetAtt Cache.PrimaryEndPoint.Address}
`;
const BASE: Side = { template: TEMPLATE, parameters: { Count: '2' } };
const edited = (from: string, to: string): Side => {
  assert.ok(TEMPLATE.includes(from));
  return { ...BASE, template: TEMPLATE.replace(from, to) };
};

it('a new stack adds every resource after those that it depends on', () => {
  const tree = buildChangeTree(inputOf(BASE, undefined));
  assert.deepEqual(
    tree.changes.map(({ logicalId, action }) => [logicalId, action]),
    [
      ['Vpc', 'add'],
      ['Subnet', 'add'],
      ['Subnets', 'add'],
      ['Cache', 'add'],
      ['Name', 'add'],
    ],
  );
  assert.ok(hasChanges(tree));
});

it('the same template changes nothing', () => {
  const tree = update(BASE, BASE);
  assert.deepEqual(new Set(Object.values(actions(tree))), new Set(['none']));
  assert.equal(tree.outputsChange, false);
  assert.equal(hasChanges(tree), false);
});

describe('each change plans the right actions', () => {
  const cases: [name: string, after: Side, expected: Record<string, string>][] = [
    [
      'a changed parameter modifies its users and their dependents',
      { ...BASE, parameters: { Count: '3' } },
      { Vpc: 'none', Subnet: 'none', Subnets: 'none', Cache: 'modify', Name: 'modify' },
    ],
    [
      'the same number as a string is no change',
      edited('NumCacheClusters: !Ref Count', 'NumCacheClusters: "2"'),
      { Cache: 'none' },
    ],
    [
      'an updatable property modifies the resource in place',
      edited('Description: demo', 'Description: other'),
      { Cache: 'modify' },
    ],
    [
      'a changed id replaces the resource',
      edited('ReplicationGroupId: demo', 'ReplicationGroupId: other'),
      { Cache: 'replace', Name: 'modify' },
    ],
    [
      'a replaced VPC may replace its subnet',
      edited('10.0.0.0/16', '10.1.0.0/16'),
      { Vpc: 'replace', Subnet: 'modify?', Subnets: 'modify', Cache: 'none' },
    ],
    [
      'metadata alone modifies the resource',
      edited('    Type: AWS::EC2::VPC', '    Metadata: {a: b}\n    Type: AWS::EC2::VPC'),
      { Vpc: 'modify', Subnet: 'none' },
    ],
    [
      'DependsOn alone is no change',
      edited('    Type: AWS::EC2::VPC', '    DependsOn: []\n    Type: AWS::EC2::VPC'),
      { Vpc: 'none' },
    ],
    [
      'tags of the stack modify resources with tags',
      { ...BASE, tags: { a: 'b' } },
      { Vpc: 'modify', Cache: 'modify' },
    ],
    [
      'a number of shards may replace the cache',
      edited('NumCacheClusters: !Ref Count', 'NumNodeGroups: 2'),
      { Cache: 'modify?' },
    ],
  ];
  for (const [name, after, expected] of cases) {
    it(name, () => {
      const found = actions(update(BASE, after));
      assert.deepEqual({ ...found, ...expected }, found);
    });
  }
});

it('the provider decides whether a change replaces the resource', () => {
  const replaces: ResourceType['replaces'] = (property, { updatePolicy }) =>
    property === 'NumNodeGroups'
      ? (updatePolicy as { UseOnlineResharding?: boolean } | undefined)?.UseOnlineResharding !== true
      : undefined;
  const more = { resourceType: () => ({ ...everything, replaces }) };
  const plain = edited('NumCacheClusters: !Ref Count', 'NumNodeGroups: 2');
  assert.equal(actions(update(BASE, plain, more)).Cache, 'replace');
  const online = {
    ...plain,
    template: plain.template.replace('  Name:', '    UpdatePolicy: {UseOnlineResharding: true}\n  Name:'),
  };
  assert.equal(actions(update(BASE, online, more)).Cache, 'modify');
  assert.equal(actions(update(BASE, plain, { resourceType: () => ({}) })).Cache, 'replace');
});

it('a plan names the causes as DescribeChangeSet does', () => {
  const tree = update(BASE, { ...BASE, parameters: { Count: '3' } });
  const cache = tree.changes.find(({ logicalId }) => logicalId === 'Cache')!;
  assert.deepEqual(
    cache.details.map(({ target, evaluation, changeSource, causingEntity }) => [
      target.name,
      target.before,
      target.after,
      evaluation,
      changeSource,
      causingEntity,
    ]),
    [
      ['NumCacheClusters', 2, 3, 'Static', 'ParameterReference', 'Count'],
      ['NumCacheClusters', 2, 3, 'Dynamic', 'DirectModification', undefined],
    ],
  );
  assert.deepEqual(cache.scope, ['Properties']);
  const name = tree.changes.find(({ logicalId }) => logicalId === 'Name')!;
  assert.deepEqual(
    name.details.map(({ evaluation, changeSource, causingEntity }) => [
      evaluation,
      changeSource,
      causingEntity,
    ]),
    [['Dynamic', 'ResourceAttribute', 'Cache.PrimaryEndPoint.Address']],
  );
});

describe('removals and replacements', () => {
  it('removals come last, dependents first', () => {
    const after = { template: 'Resources:\n  Other: {Type: AWS::S3::Bucket}\n' };
    assert.deepEqual(
      update(BASE, after).changes.map(({ logicalId, action, policyAction }) => [
        logicalId,
        action,
        policyAction,
      ]),
      [
        ['Other', 'add', undefined],
        ['Name', 'remove', 'Delete'],
        ['Cache', 'remove', 'Delete'],
        ['Subnets', 'remove', 'Delete'],
        ['Subnet', 'remove', 'Delete'],
        ['Vpc', 'remove', 'Delete'],
      ],
    );
  });
  it('the policies decide what happens to the old resource', () => {
    const kept = (policy: string) => ({
      template: `Resources:\n  A: {Type: AWS::S3::Bucket, Properties: {BucketName: a}, ${policy}}\n  B: {Type: AWS::S3::Bucket}\n`,
    });
    const gone = { template: 'Resources:\n  B: {Type: AWS::S3::Bucket}\n' };
    const policyAction = (before: Side, after: Side) =>
      update(before, after).changes.find(({ logicalId }) => logicalId === 'A')?.policyAction;
    assert.equal(policyAction(kept('DeletionPolicy: Retain'), gone), 'Retain');
    assert.equal(policyAction(kept('DeletionPolicy: RetainExceptOnCreate'), gone), 'Retain');
    assert.equal(policyAction(kept('DeletionPolicy: Snapshot'), gone), 'Snapshot');
    const renamed = {
      template: kept('UpdateReplacePolicy: Retain').template.replace('BucketName: a', 'BucketName: b'),
    };
    assert.equal(policyAction(kept('UpdateReplacePolicy: Retain'), renamed), 'ReplaceAndRetain');
  });
  it('a replacement reports the name that the template fixes', () => {
    const after = edited('CacheSubnetGroupName: !Ref Subnets', 'CacheSubnetGroupName: other');
    const cache = update(BASE, after).changes.find(({ logicalId }) => logicalId === 'Cache')!;
    assert.deepEqual([cache.action, cache.fixedName], ['replace', 'demo']);
  });
});

describe('the planner refuses', () => {
  it('a resource that changes its type', () => {
    assert.throws(
      () => update(BASE, edited('AWS::EC2::VPC', 'AWS::S3::Bucket')),
      /Update of resource type is not permitted.*\[Vpc\] \(line 5, column 3\)/,
    );
  });
  it('a reference to a resource whose condition is false', () => {
    const template = `
Conditions: {Never: !Equals [a, b]}
Resources:
  A: {Type: AWS::S3::Bucket, Condition: Never}
  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref A}}
`;
    assert.throws(
      () => buildChangeTree(inputOf({ template }, undefined)),
      /^TemplateError: Unresolved resource dependencies \[A\] in the Resources block of the template \(line 5/,
    );
  });
  it('an output of a resource whose condition is false, unless its own condition is false too', () => {
    const template = (more: string) => `
Conditions: {Never: !Equals [a, b]}
Resources:
  A: {Type: AWS::S3::Bucket, Condition: Never}
  B: {Type: AWS::S3::Bucket}
Outputs:
  Name: {Value: !Ref A${more}}
`;
    assert.throws(
      () => buildChangeTree(inputOf({ template: template('') }, undefined)),
      /^TemplateError: Unresolved resource dependencies \[A\] in the Outputs block of the template \(line 7/,
    );
    const { outputs } = buildChangeTree(inputOf({ template: template(', Condition: Never') }, undefined));
    assert.deepEqual(outputs, []);
  });
});

it('a cycle through a branch that is not taken is allowed', () => {
  const template = `
Conditions: {Never: !Equals [a, b]}
Resources:
  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !If [Never, !Ref B, x]}}
  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref A}}
`;
  assert.deepEqual(
    buildChangeTree(inputOf({ template }, undefined)).changes.map(({ logicalId }) => logicalId),
    ['A', 'B'],
  );
});

it('a nested stack is a subtree, and changes when its subtree changes', () => {
  const parent =
    'Resources:\n  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: u, Parameters: {Name: x}}}\n';
  const child = (name: string): Side => ({
    template: `Resources:\n  A: {Type: AWS::S3::Bucket, Properties: {BucketName: ${name}}}\n`,
  });
  const nested = (before: Side, after: Side) => () => ({
    before: made(before),
    after: inputOf(after, undefined).after,
  });
  const same = update({ template: parent }, { template: parent }, { nested: nested(child('x'), child('x')) });
  assert.deepEqual(actions(same), { Child: 'none' });
  const changed = update(
    { template: parent },
    { template: parent },
    { nested: nested(child('x'), child('y')) },
  );
  assert.deepEqual(actions(changed), { Child: 'modify' });
  assert.deepEqual(actions(changed.changes[0]!.nested!), { A: 'replace' });
  assert.equal(
    update({ template: parent }, { template: parent }).changes[0]?.details[0]?.changeSource,
    'Automatic',
  );
});

it('a changed output alone is a change', () => {
  const tree = update(BASE, { ...BASE, template: `${TEMPLATE}  More: {Value: x}\n` });
  assert.equal(tree.outputsChange, true);
  assert.ok(hasChanges(tree));
});

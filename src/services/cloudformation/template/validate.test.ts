// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is what Fn::Sub reads

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resourceSpecs } from '../resource-spec.ts';
import { describeIssue } from './issues.ts';
import { parseTemplate } from './parse.ts';
import { readTemplate } from './template.ts';
import { validateTemplate } from './validate.ts';

function objections(text: string, allowUnknownTypes = false): string[] {
  const { template, issues } = readTemplate(parseTemplate(text));
  const isKnownType = (type: string) => resourceSpecs().has(type);
  return [
    ...issues,
    ...validateTemplate(template, { specs: resourceSpecs(), isKnownType, allowUnknownTypes }),
  ].map(describeIssue);
}

const BUCKET = 'Resources:\n  B: {Type: AWS::S3::Bucket}\n';

describe('reports malformed parts', () => {
  const cases: [name: string, text: string, expected: string[]][] = [
    [
      'no resources',
      'Description: x',
      ['Template format error: At least one Resources member must be defined.'],
    ],
    [
      'empty resources',
      'Resources: {}',
      ['Template format error: At least one Resources member must be defined. (line 1, column 12)'],
    ],
    [
      'an unknown section',
      `${BUCKET}Resource: {}`,
      ['Template format error: Invalid template property or properties [Resource] (line 3, column 1)'],
    ],
    [
      'a version',
      `AWSTemplateFormatVersion: 2011-01-01\n${BUCKET}`,
      [
        'Template format error: 2011-01-01 is not a supported value for AWSTemplateFormatVersion. (line 1, column 27)',
      ],
    ],
    [
      'no type',
      'Resources:\n  A: {Properties: {}}',
      [
        'Template format error: [/Resources/A] Every Resources object must contain a Type member. (line 2, column 3)',
      ],
    ],
    [
      'a bad id',
      'Resources:\n  a-b: {Type: AWS::S3::Bucket}',
      ['Template format error: Resource name a-b is non alphanumeric. (line 2, column 3)'],
    ],
    [
      'a loop',
      'Resources:\n  Fn::ForEach::Ps: [X, [a, b], {}]',
      ['Template format error: Fn::ForEach is not supported. (line 2, column 3)'],
    ],
    [
      'an unknown attribute',
      'Resources:\n  A: {Type: AWS::S3::Bucket, Property: {}}',
      ["Template format error: Invalid template resource property 'Property' (line 2, column 30)"],
    ],
    [
      'a null',
      'Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName:\n',
      ["[/Resources/A/Properties/BucketName] 'null' values are not allowed in templates (line 5, column 18)"],
    ],
    [
      'DependsOn',
      'Resources:\n  A: {Type: AWS::S3::Bucket, DependsOn: {a: b}}',
      ['Template format error: DependsOn must be a string or list of strings. (line 2, column 41)'],
    ],
    [
      'DeletionPolicy',
      'Resources:\n  A: {Type: AWS::S3::Bucket, DeletionPolicy: Keep}',
      ['Template format error: Unrecognized DeletionPolicy Keep (line 2, column 46)'],
    ],
    [
      'UpdatePolicy',
      'Resources:\n  A: {Type: AWS::S3::Bucket, UpdatePolicy: {Nope: true}}',
      ['Template format error: Unrecognized UpdatePolicy Nope (line 2, column 45)'],
    ],
    [
      'an output',
      `${BUCKET}Outputs:\n  X: {Description: x}`,
      [
        'Template format error: Output X is malformed. The Value field of every Outputs member must be specified (line 4, column 3)',
      ],
    ],
    [
      'a parameter type',
      `Parameters:\n  X: {Type: Text}\n${BUCKET}`,
      ['Template format error: Unrecognized parameter type: Text (line 2, column 13)'],
    ],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(objections(text), expected));
});

describe('reports references that do not exist', () => {
  const resource = (properties: string) =>
    `Resources:\n  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: v, CidrBlock: ${properties}}}`;
  const cases: [name: string, text: string, expected: string[]][] = [
    [
      'Ref',
      resource('!Ref Nope'),
      [
        'Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template (line 2, column 70)',
      ],
    ],
    [
      'Sub',
      resource('!Sub "${Nope}-${!No}"'),
      [
        'Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template (line 2, column 70)',
      ],
    ],
    [
      'GetAtt',
      resource('!GetAtt Nope.Id'),
      ['Template error: instance of Fn::GetAtt references undefined resource Nope (line 2, column 73)'],
    ],
    [
      'an attribute',
      `${resource('!GetAtt V.Name')}\n  V: {Type: AWS::EC2::VPC}`,
      ['Template error: resource V does not support attribute type Name in Fn::GetAtt (line 2, column 73)'],
    ],
    [
      'a mapping',
      resource('!FindInMap [M, a, b]'),
      [
        "Template error: Mapping named 'M' is not present in the 'Mappings' section of template. (line 2, column 76)",
      ],
    ],
    [
      'a condition',
      resource('!If [C, a, b]'),
      [
        'Template format error: Unresolved condition dependency C in the Resources block of the template (line 2, column 70)',
      ],
    ],
    [
      'a function',
      resource('{"Fn::Nope": x}'),
      ['Template validation error: Encountered unsupported function: Fn::Nope (line 2, column 66)'],
    ],
    [
      'DependsOn',
      'Resources:\n  A: {Type: AWS::S3::Bucket, DependsOn: Nope}',
      [
        'Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template (line 2, column 41)',
      ],
    ],
    [
      'an output',
      `${BUCKET}Outputs:\n  X: {Value: !Ref Nope}`,
      [
        'Template format error: Unresolved resource dependencies [Nope] in the Outputs block of the template (line 4, column 19)',
      ],
    ],
    [
      'a condition on a resource',
      `Conditions:\n  C: !Equals [!Ref B, x]\n${BUCKET}`,
      [
        'Template format error: Unresolved dependencies [B]. Cannot reference resources in the Conditions block of the template (line 2, column 20)',
      ],
    ],
    [
      'none for attributes of a nested stack and a custom resource',
      'Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: u}}\n  C: {Type: "Custom::X", Properties: {ServiceToken: !GetAtt S.Outputs.Arn, Any: [1]}}\n  D: {Type: AWS::S3::Bucket, Properties: {BucketName: !GetAtt C.Whatever}}',
      [],
    ],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(objections(text), expected));
});

describe('reports wrong types and properties', () => {
  const group = (more: string) =>
    `Resources:\n  A:\n    Type: AWS::ElastiCache::ReplicationGroup\n    Properties: {ReplicationGroupDescription: d, ${more}}`;
  const failed = (message: string) => `Properties validation failed for resource A with message: ${message}`;
  const cases: [name: string, text: string, expected: string[]][] = [
    [
      'an unknown type',
      'Resources:\n  A: {Type: AWS::Nope::Thing}',
      ['Template format error: Unrecognized resource types: [AWS::Nope::Thing] (line 2, column 3)'],
    ],
    [
      'no type at all',
      'Resources:\n  A: {Type: bucket}',
      ['Template format error: Unrecognized resource types: [bucket] (line 2, column 3)'],
    ],
    [
      'an unknown property',
      group('Ports: 1'),
      [failed('#: extraneous key [Ports] is not permitted (line 4, column 50)')],
    ],
    [
      'a nested one',
      group('NodeGroupConfiguration: [{Slot: 1}]'),
      [failed('#/NodeGroupConfiguration/0: extraneous key [Slot] is not permitted (line 4, column 76)')],
    ],
    [
      'a wrong type',
      group('Port: redis'),
      [failed('#/Port: expected type: Integer, found: String (line 4, column 56)')],
    ],
    [
      'a list of objects',
      group('SecurityGroupIds: [{a: b}]'),
      [failed('#/SecurityGroupIds/0: expected type: String, found: JSONObject (line 4, column 69)')],
    ],
    [
      'a wrong type in a branch',
      `Conditions: {C: !Equals [a, b]}\n${group('Port: !If [C, x, !Ref AWS::NoValue]')}`,
      [failed('#/Port: expected type: Integer, found: String (line 5, column 64)')],
    ],
    [
      'none for strings in place of numbers and booleans',
      group('Port: "6379", MultiAZEnabled: "true", EngineVersion: 7.0, NumCacheClusters: !Ref AWS::Region'),
      [],
    ],
    [
      'tags',
      group('Tags: [{Key: a}]'),
      [failed('#/Tags/0: required key [Value] not found (line 4, column 57)')],
    ],
    ['none for a dynamic reference', group('Port: "{{resolve:ssm:/port}}"'), []],
    [
      'a missing property',
      'Resources:\n  A: {Type: AWS::ElastiCache::SubnetGroup, Properties: {Description: x}}',
      [failed('#: required key [SubnetIds] not found (line 2, column 3)')],
    ],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(objections(text), expected));
  it('no unknown types when they may be recorded', () => {
    assert.deepEqual(objections('Resources:\n  A: {Type: AWS::Nope::Thing, Properties: {a: b}}', true), []);
  });
});

it('reports a cycle with only the resources in it', () => {
  const text = `Resources:
  Free: {Type: AWS::S3::Bucket}
  A: {Type: AWS::S3::Bucket, DependsOn: [B, Free]}
  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub 'x-\${C}'}}
  C: {Type: AWS::S3::Bucket, Properties: {BucketName: !GetAtt A.Arn}}
  Waiting: {Type: AWS::S3::Bucket, DependsOn: C}
`;
  assert.deepEqual(objections(text), ['Circular dependency between resources: [A, B, C] (line 3, column 3)']);
});

it('reports secure strings in properties that can be read back', () => {
  const secure = '{{resolve:ssm-secure:/token}}';
  const text = `Resources:
  A: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Sub '${secure}'}}
  B: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {ReplicationGroupDescription: d, AuthToken: !Sub '${secure}'}}
`;
  assert.deepEqual(objections(text), [
    'SSM Secure reference is not supported in: [AWS::SSM::Parameter/Value] (line 2, column 3)',
  ]);
});

it('reports too many resources', () => {
  const text = `Resources:\n${Array.from({ length: 501 }, (_, index) => `  R${index}: {Type: AWS::S3::Bucket}`).join('\n')}`;
  assert.deepEqual(objections(text), [
    'Template format error: Number of resources, 501, is greater than maximum allowed, 500',
  ]);
});

it('handles names that every JavaScript object has', () => {
  const text =
    'Resources:\n  constructor: {Type: AWS::S3::Bucket}\n  B: {Type: AWS::S3::Bucket, Properties: {toString: x, BucketName: !Ref hasOwnProperty}}';
  assert.deepEqual(objections(text), [
    'Template format error: Unresolved resource dependencies [hasOwnProperty] in the Resources block of the template (line 3, column 73)',
    'Properties validation failed for resource B with message: #: extraneous key [toString] is not permitted (line 3, column 43)',
  ]);
});

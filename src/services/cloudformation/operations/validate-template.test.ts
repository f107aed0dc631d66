// ValidateTemplate finds the errors that AWS finds in the template alone.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fixture } from '../testing.fixture.ts';

const topic = (more: object = {}) => ({ Type: 'AWS::SNS::Topic', ...more });
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`T${index}`, topic()]));

const REFUSED: [name: string, template: object, message: RegExp][] = [
  [
    '501 resources',
    { Resources: many(501) },
    /Number of resources, 501, is greater than maximum allowed, 500/,
  ],
  [
    'a cycle',
    { Resources: { A: topic({ DependsOn: 'B' }), B: topic({ DependsOn: 'A' }) } },
    /^Circular dependency between resources: \[A, B\]/,
  ],
  ...['constructor', '__proto__', 'toString', 'AWS::SNS', 'AWS::S N S::Topic'].map(
    (Type): [string, object, RegExp] => [
      `a type ${Type}`,
      { Resources: { A: { Type } } },
      /^Template format error: Unrecognized resource types: \[/,
    ],
  ),
  [
    'a reference to nothing',
    { Resources: { A: topic({ Properties: { TopicName: { Ref: 'Nobody' } } }) } },
    /Unresolved resource dependencies \[Nobody\] in the Resources block of the template/,
  ],
  [
    'an output of nothing',
    { Resources: { A: topic() }, Outputs: { O: { Value: { Ref: 'Nobody' } } } },
    /Unresolved resource dependencies \[Nobody\] in the Outputs block of the template/,
  ],
];

for (const [name, template, message] of REFUSED) {
  it(`refuses ${name}`, async (test) => {
    const f = await fixture(test);
    const input = { TemplateBody: JSON.stringify(template) };
    await assert.rejects(f.call('ValidateTemplate', input), { name: 'ValidationError', message });
  });
}

it('accepts 500 resources, unknown properties, and references to resources that a transform will add', async (test) => {
  const f = await fixture(test);
  const templates = [
    { Resources: many(500) },
    { Resources: { A: topic({ Properties: { Nonsense: 1 } }) } },
    {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: { A: { Type: 'AWS::Serverless::Function' } },
      Outputs: { Role: { Value: { Ref: 'ARole' } } },
    },
  ];
  for (const one of templates) await f.call('ValidateTemplate', { TemplateBody: JSON.stringify(one) });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTemplate, withReplacements } from './template-paths.ts';

const TEMPLATE = `Parameters: {Size: {Type: Number}, Name: {Type: String}}
Globals:
  Function: {CodeUri: shared, Runtime: nodejs22.x}
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ../child.yaml} # beside
  Remote:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://s3.amazonaws.com/bucket/key
  Made:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: !Sub 's3://\${Bucket}/key'
  Code:
    Type: AWS::Lambda::Function
    Properties:
      Code: >-
        src/code
      Handler: index.handler
  Inline:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: x}
  Layer:
    Type: AWS::Serverless::LayerVersion
    Properties:
      ContentUri: "lay\\u0065r"
  Other:
    Type: AWS::S3::Bucket
    Properties: {Code: ./no}
`;

test('paths, parameters and resources of a template are found', () => {
  const { localPaths, parameters, resources } = readTemplate(TEMPLATE);
  assert.deepEqual(
    localPaths.map(({ logicalId, property, form, path, place }) => [
      ...[logicalId, property, form, path],
      `${place.line}:${place.column}`,
    ]),
    [
      ['Child', 'TemplateURL', 'template', '../child.yaml', '7:31'],
      ['Code', 'Code', 'object', 'src/code', '19:13'],
      ['Layer', 'ContentUri', 'uri', 'layer', '29:19'],
      ['Globals', 'CodeUri', 'uri', 'shared', '3:23'],
    ],
  );
  assert.deepEqual(parameters, ['Size', 'Name']);
  assert.deepEqual(resources.get('Inline'), { line: 22, column: 3 });
});

test('replacements keep every other line where it was', () => {
  const { localPaths } = readTemplate(TEMPLATE);
  const [child, code, layer, globals] = localPaths;
  const text = withReplacements(
    TEMPLATE,
    new Map<(typeof localPaths)[number], string | Record<string, string>>([
      [child!, 'https://a/b'],
      [code!, { S3Bucket: 'b', S3Key: 'k' }],
      [layer!, 's3://b/l'],
      [globals!, 's3://b/g'],
    ]),
  );
  const [before, after] = [TEMPLATE.split('\n'), text.split('\n')];
  assert.equal(after.length, before.length);
  const changed = after.flatMap((line, index) => (line === before[index] ? [] : [line]));
  assert.deepEqual(changed, [
    '  Function: {CodeUri: "s3://b/g", Runtime: nodejs22.x}',
    '    Properties: {TemplateURL: "https://a/b"} # beside',
    '      Code: {"S3Bucket":"b","S3Key":"k"}',
    '',
    '      ContentUri: "s3://b/l"',
  ]);
  const again = readTemplate(text);
  assert.deepEqual(again.localPaths, []);
  assert.deepEqual(again.resources, readTemplate(TEMPLATE).resources);
});

test('JSON templates work the same way', () => {
  const json = JSON.stringify(
    { Resources: { F: { Type: 'AWS::Serverless::Function', Properties: { CodeUri: 'src' } } } },
    undefined,
    2,
  );
  const { localPaths } = readTemplate(json);
  const text = withReplacements(json, new Map([[localPaths[0]!, 's3://b/"k"']]));
  assert.equal(JSON.parse(text).Resources.F.Properties.CodeUri, 's3://b/"k"');
});

test('a broken template has no paths', () => {
  for (const text of [
    ...['', 'text', '- a', 'Resources: [a]', 'Resources: {A: [', 'a: *b', `Resources: ${'['.repeat(20_000)}`],
    ...['Resources: {A: {Type: {b: c}}}', 'Resources: {A: {Type: AWS::Lambda::Function, Properties: x}}'],
    'Resources: {? {a: b} : c}',
  ]) {
    assert.deepEqual(readTemplate(text).localPaths, [], text.slice(0, 40));
  }
});

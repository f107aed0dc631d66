// Bodies of every protocol in which the input decides how much work there is.

import { gzipSync } from 'node:zlib';
import { asCbor, asJson, asQuery, asRest, type HostileCase, requestCase } from './cases.ts';

const MEBIBYTE = 1024 * 1024;

const CREATE_GROUP = 'Action=CreateReplicationGroup&Version=2015-02-02&ReplicationGroupId=a';
const many = (count: number, of: (index: number) => string, between = ''): string =>
  Array.from({ length: count }, (_, index) => of(index)).join(between);

export const formCases: HostileCase[] = [
  form('100,000 unknown parameters', () => `${CREATE_GROUP}&${many(99_990, (i) => `p${i}=1`, '&')}`),
  form('1,000,000 parameters', () => `${CREATE_GROUP}${'&a=1'.repeat(1_000_000)}`),
  form('a list of 90,000', () => `${CREATE_GROUP}&${many(90_000, (i) => `Tags.Tag.${i + 1}.Key=k`, '&')}`),
  form(
    'a list with huge gaps',
    () => `${CREATE_GROUP}&${many(90_000, (i) => `SecurityGroupIds.member.${999_999_999 - i}=s`, '&')}`,
  ),
  form(
    '90,000 deep names',
    () => `${CREATE_GROUP}&${many(90_000, (i) => `Tags.${'1.'.repeat(30)}${i}=a`, '&')}`,
  ),
  form('a name of a million segments', () => `${CREATE_GROUP}&${'A.1.'.repeat(MEBIBYTE)}b=1`),
  form('one value of 70 MB', () => `${CREATE_GROUP}&X=${'x'.repeat(70 * MEBIBYTE)}`),
  form('one value of 60 MB, escaped', () => `${CREATE_GROUP}&X=${'%41'.repeat(20 * MEBIBYTE)}`),
  form('one value of 70 MB of pluses', () => `${CREATE_GROUP}&X=${'+'.repeat(70 * MEBIBYTE)}`),
  form('70 MB of ampersands', () => '&'.repeat(70 * MEBIBYTE)),
  form('70 MB without an equals sign', () => 'a'.repeat(70 * MEBIBYTE)),
  form('broken escapes', () => `${CREATE_GROUP}&X=${'%zz'.repeat(100_000)}`),
  form('an action of 1 MB', () => `Action=${'A'.repeat(MEBIBYTE)}&Version=2015-02-02`),
  {
    ...requestCase('form', 'a body of 10 MB that unpacks to 10 GB', () => asQuery('elasticache', gzipBomb())),
  },
  requestCase('form', 'EC2 filters', () =>
    asQuery(
      'ec2',
      `Action=DescribeVpcs&Version=2016-11-15&${many(30_000, (i) => `Filter.${i}.Name=a&Filter.${i}.Value.1=b`, '&')}`,
    ),
  ),
];

function form(name: string, body: () => string): HostileCase {
  return requestCase('form', name, () => asQuery('elasticache', body()));
}

function gzipBomb() {
  return gzipSync(Buffer.alloc(100 * MEBIBYTE));
}

const ssm = (name: string, body: () => string | Uint8Array): HostileCase =>
  requestCase('JSON', name, () => asJson('ssm', 'AmazonSSM.PutParameter', body()));

export const jsonCases: HostileCase[] = [
  ssm('100,000 deep lists', () => '['.repeat(100_000) + ']'.repeat(100_000)),
  ssm('30,000,000 open lists', () => '['.repeat(30_000_000)),
  ssm('100,000 deep objects', () => `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
  ssm('1,000,000 keys', () => `{${many(1_000_000, (i) => `"k${i}":1`, ',')}}`),
  ssm('5,000,000 numbers', () => `{"Tags":[${'1,'.repeat(5_000_000)}1]}`),
  ssm(
    '500,000 tags',
    () =>
      `{"Name":"a","Value":"b","Type":"String","Tags":[${many(500_000, (i) => `{"Key":"k${i}","Value":"v"}`, ',')}]}`,
  ),
  ssm('a text of 60 MB', () => `{"Name":"a","Value":"${'x'.repeat(60 * MEBIBYTE)}","Type":"String"}`),
  ssm('a text of 60 MB of escapes', () => `{"Name":"a","Value":"${'\\u0041'.repeat(10 * MEBIBYTE)}"}`),
  ssm('a number of 10,000,000 digits', () => `{"Value":${'9'.repeat(10_000_000)}}`),
  ssm('60 MB of blanks', () => `${' '.repeat(60 * MEBIBYTE)}{}`),
  ssm(
    'keys special to JavaScript',
    () => '{"__proto__":{"a":1},"constructor":{"prototype":1},"Name":"__proto__"}',
  ),
  ssm('no UTF-8', () => Buffer.alloc(1000, 0xff)),
  requestCase('JSON', 'base64 of 10 MB for a zip', () =>
    asRest(
      'lambda',
      'POST',
      '/2015-03-31/functions',
      `{"FunctionName":"a","Role":"arn:aws:iam::000000000000:role/r","Runtime":"nodejs22.x","Handler":"a.b","Code":{"ZipFile":"${'QUJD'.repeat(2.5 * MEBIBYTE)}"}}`,
    ),
  ),
  requestCase('JSON', 'base64 of 50 MB for a zip', () =>
    asRest(
      'lambda',
      'POST',
      '/2015-03-31/functions',
      `{"FunctionName":"a","Role":"arn:aws:iam::000000000000:role/r","Runtime":"nodejs22.x","Handler":"a.b","Code":{"ZipFile":"${'QUJD'.repeat(12 * MEBIBYTE)}"}}`,
    ),
  ),
  requestCase('JSON', 'base64 that is none, 50 MB', () =>
    asRest(
      'lambda',
      'POST',
      '/2015-03-31/functions',
      `{"FunctionName":"a","Code":{"ZipFile":"${'*'.repeat(50 * MEBIBYTE)}"}}`,
    ),
  ),
  requestCase('JSON', '200,000 log events', () =>
    asJson(
      'logs',
      'Logs_20140328.PutLogEvents',
      `{"logGroupName":"g","logStreamName":"s","logEvents":[${many(200_000, (i) => `{"timestamp":${i},"message":"m"}`, ',')}]}`,
    ),
  ),
  requestCase('JSON', 'an invocation with 6 MB', () =>
    asRest('lambda', 'POST', '/2015-03-31/functions/none/invocations', `[${'1,'.repeat(3_000_000)}1]`),
  ),
];

const cbor = (name: string, body: () => Uint8Array): HostileCase =>
  requestCase('CBOR', name, () => asCbor('monitoring', 'PutMetricData', body()));

export const cborCases: HostileCase[] = [
  cbor('an array of 2^32 items', () => Buffer.of(0x9b, 0, 0, 0, 1, 0, 0, 0, 0)),
  cbor('a map of 2^64 entries', () => Buffer.of(0xbb, ...Array(8).fill(255))),
  cbor('a text of 2^32 bytes', () => Buffer.of(0x7a, 255, 255, 255, 255, 0x61)),
  cbor('20,000,000 empty items without a length', () => Buffer.alloc(20_000_000, 0x9f)),
  cbor('an endless array of 10,000,000 zeros', () =>
    Buffer.concat([Buffer.of(0x9f), Buffer.alloc(10_000_000)]),
  ),
  cbor('10,000,000 zeros in an array', () =>
    Buffer.concat([Buffer.of(0x9a, 0, 0x98, 0x96, 0x80), Buffer.alloc(10_000_000)]),
  ),
  cbor('10,000,000 chunks of a text', () =>
    Buffer.concat([Buffer.of(0x7f), Buffer.alloc(10_000_000, 0x60), Buffer.of(0xff)]),
  ),
  cbor('1,000,000 entries', () => cborMap(1_000_000)),
  cbor('deep tags', () => Buffer.alloc(1_000_000, 0xc1)),
  cbor('noise', () => Buffer.alloc(1000, 0x1f)),
];

function cborMap(entries: number): Buffer {
  const parts = [Buffer.of(0xba, 0, 0, 0, 0)];
  parts[0]!.writeUInt32BE(entries, 1);
  for (let i = 0; i < entries; i++)
    parts.push(Buffer.from(`\x67${String(i).padStart(7, '0')}\x01`, 'latin1'));
  return Buffer.concat(parts);
}

const xml = (name: string, body: () => string): HostileCase =>
  requestCase('XML', name, () => asRest('s3', 'PUT', '/bucket?tagging', body()));

export const xmlCases: HostileCase[] = [
  xml(
    'entities of entities',
    () =>
      `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${many(20, (i) => `<!ENTITY b${i} "&a;&a;&a;">`)}]><Tagging>&b9;</Tagging>`,
  ),
  xml('1,000,000 deep', () => '<a>'.repeat(1_000_000)),
  xml('1,000,000 elements', () => `<Tagging>${'<a/>'.repeat(1_000_000)}</Tagging>`),
  xml(
    '300,000 tags',
    () => `<Tagging><TagSet>${'<Tag><Key>a</Key><Value>b</Value></Tag>'.repeat(300_000)}</TagSet></Tagging>`,
  ),
  xml('500,000 attributes', () => `<Tagging ${many(500_000, (i) => `a${i}="1"`, ' ')}/>`),
  xml('an attribute that is not closed, 200,000 times', () => `<Tagging ${'a="1" '.repeat(200_000)}`),
  xml('half an attribute of 1 MB', () => `<a ${'b'.repeat(MEBIBYTE)}`),
  xml('blanks in a tag, 1 MB', () => `<a${' '.repeat(MEBIBYTE)}`),
  xml('blanks in a closing tag, 1 MB', () => `<a></a${' '.repeat(MEBIBYTE)}`),
  xml('100,000 open comments', () => `<a>${'<!-- '.repeat(100_000)}</a>`),
  xml('100,000 comments', () => `<a>${'<!-- -->'.repeat(100_000)}</a>`),
  xml(
    '1,000,000 character references',
    () => `<Tagging><TagSet>${'&#65;'.repeat(1_000_000)}</TagSet></Tagging>`,
  ),
  xml('1,000,000 lone ampersands', () => `<Tagging>${'&'.repeat(1_000_000)}</Tagging>`),
  xml('100,000 pieces of text', () => `<Tagging>${'a<!---->'.repeat(100_000)}</Tagging>`),
  xml('60 MB of text', () => `<Tagging>${'a'.repeat(60 * MEBIBYTE)}</Tagging>`),
  requestCase('XML', 'a deletion of 300,000 objects', () =>
    asRest(
      's3',
      'POST',
      '/bucket?delete',
      `<Delete>${'<Object><Key>a</Key></Object>'.repeat(300_000)}</Delete>`,
    ),
  ),
  requestCase('XML', 'Route 53: 100,000 changes', () =>
    asRest(
      'route53',
      'POST',
      '/2013-04-01/hostedzone/Z1/rrset',
      `<ChangeResourceRecordSetsRequest><ChangeBatch><Changes>${'<Change><Action>CREATE</Action><ResourceRecordSet><Name>a.b</Name><Type>A</Type></ResourceRecordSet></Change>'.repeat(100_000)}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
    ),
  ),
];

const template = (name: string, body: () => string, action = 'ValidateTemplate'): HostileCase =>
  requestCase('YAML', name, () =>
    asQuery(
      'cloudformation',
      `Action=${action}&Version=2010-05-15&StackName=hostile&TemplateBody=${encodeURIComponent(body())}`,
    ),
  );

export const yamlCases: HostileCase[] = [
  template(
    'aliases of aliases',
    () =>
      `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${many(9, (i) => `a${i + 1}: &a${i + 1} [${many(9, () => `*a${i}`, ',')}]`, '\n')}\n`,
  ),
  template('1 MB of nested lists', () => `a: ${'['.repeat(500_000)}${']'.repeat(500_000)}`),
  template(
    '1 MB of resources',
    () => `Resources:\n${many(20_000, (i) => `  R${i}:\n    Type: AWS::SNS::Topic\n`)}`,
  ),
  template(
    '50 KB of resources',
    () => `Resources:\n${many(1_000, (i) => `  R${i}:\n    Type: AWS::SNS::Topic\n`)}`,
  ),
  template('50 KB of flow maps', () => `Resources: ${'{a: '.repeat(10_000)}`),
  template('50 KB of block scalars', () => `a: |\n${'  x\n'.repeat(12_000)}`),
  template('50 KB of colons', () => ': '.repeat(25_000)),
  template('50 KB of question marks', () => '? '.repeat(25_000)),
  template('50 KB of dashes', () => '- '.repeat(25_000)),
  template('50 KB of quotes', () => '"\\'.repeat(25_000)),
  template('50 KB of tags', () => '!a '.repeat(17_000)),
  template('50 KB of anchors', () => `[${many(5_000, (i) => `&a${i} b`, ',')}]`),
  template(
    '50 KB of Fn::Sub',
    () => `Resources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "${'${A'.repeat(16_000)}"}}}`,
  ),
  template('50 KB of JSON lists', () => `{"Resources":${'['.repeat(25_000)}${']'.repeat(25_000)}}`),
  template('50 KB of JSON keys', () => `{"Resources":{${many(5_000, (i) => `"R${i}":1`, ',')}}}`),
  template('50 KB of duplicate keys', () => `Resources:\n${'  A: 1\n'.repeat(7_000)}`),
  template(
    'a long chain of references',
    () =>
      `Resources:\n${many(500, (i) => `  R${i}:\n    Type: AWS::SNS::Topic\n    DependsOn: R${i + 1}\n`)}`,
  ),
];

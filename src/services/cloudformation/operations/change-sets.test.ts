// Change sets: which capabilities they need, what they show, and how they are executed and listed.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Fault } from '../../../wire/fault.ts';
import type { Neighbours } from '../context.ts';
import { type Fixture, fixture } from '../testing.fixture.ts';

const template = (Properties: object, more: object = {}) =>
  JSON.stringify({ Resources: { A: { Type: 'Fake::Test::Thing', Properties, ...more } } });

type Answer = Record<string, unknown>;

async function propose(f: Fixture, ChangeSetName: string, TemplateBody: string, more: object = {}) {
  const input = { StackName: 's', ChangeSetName, ChangeSetType: 'CREATE', TemplateBody, ...more };
  return (await f.call('CreateChangeSet', input)) as unknown as { Id: string; StackId: string };
}
const shown = async (f: Fixture, ChangeSetName: string, more: object = {}): Promise<Answer> =>
  f.call('DescribeChangeSet', { StackName: 's', ChangeSetName, ...more });
const stackOf = async (f: Fixture): Promise<Answer> =>
  ((await f.call('DescribeStacks', { StackName: 's' })) as unknown as { Stacks: Answer[] }).Stacks[0]!;
const listed = async (f: Fixture): Promise<Answer[]> =>
  ((await f.call('ListChangeSets', { StackName: 's' })) as unknown as { Summaries: Answer[] }).Summaries;

async function created(f: Fixture, body: string): Promise<string> {
  const { Id } = await propose(f, 'first', body);
  await f.call('ExecuteChangeSet', { ChangeSetName: Id });
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  return Id;
}

const SAM = (resources: string) => `
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: 'x', Handler: index.handler, Runtime: nodejs22.x}
${resources}`;
const NESTED = `
  N: {Type: AWS::Serverless::Application, Properties: {Location: 's3://b/k'}}`;

it('a serverless template in a change set needs no CAPABILITY_AUTO_EXPAND without nested applications', async (test) => {
  const f = await fixture(test);
  const Capabilities = ['CAPABILITY_IAM'];
  await propose(f, 'plain', SAM(''), { Capabilities });
  assert.equal((await shown(f, 'plain')).Status, 'CREATE_COMPLETE');
  const lacking = { name: 'InsufficientCapabilitiesException', message: /CAPABILITY_AUTO_EXPAND/ };
  await assert.rejects(propose(f, 'nested', SAM(NESTED), { Capabilities }), lacking);
  await assert.rejects(
    f.call('CreateStack', { StackName: 'direct', TemplateBody: SAM(''), Capabilities }),
    lacking,
  );
  await assert.rejects(propose(f, 'roles', SAM('')), { message: 'Requires capabilities : [CAPABILITY_IAM]' });
});

it('a change set shows values and contexts only with IncludePropertyValues', async (test) => {
  const f = await fixture(test);
  await created(f, template({ Size: 1 }, { Metadata: { of: 'a' } }));
  await propose(f, 'second', template({ Size: 2 }, { Metadata: { of: 'a' } }), { ChangeSetType: 'UPDATE' });
  const changeOf = async (more: object) => {
    const { Changes } = (await shown(f, 'second', more)) as { Changes: { ResourceChange: Answer }[] };
    return Changes[0]!.ResourceChange as Answer & { Details: { Target: Answer }[] };
  };
  const plain = await changeOf({});
  assert.deepEqual(
    Object.keys(plain).filter((name) => name.endsWith('Context')),
    [],
  );
  assert.deepEqual(
    Object.entries(plain.Details[0]!.Target).flatMap(([name, value]) => (value === undefined ? [] : name)),
    ['Attribute', 'Name', 'RequiresRecreation'],
  );
  const whole = await changeOf({ IncludePropertyValues: true });
  assert.deepEqual(JSON.parse(String(whole.BeforeContext)), {
    Properties: { Size: 1 },
    Metadata: { of: 'a' },
  });
  assert.deepEqual(JSON.parse(String(whole.AfterContext)), {
    Properties: { Size: 2 },
    Metadata: { of: 'a' },
  });
  const { Target } = whole.Details[0]!;
  assert.deepEqual([Target.BeforeValue, Target.AfterValue, Target.Path], ['1', '2', '/Properties/Size']);
});

it("an executed change set is the stack's, and is no longer listed", async (test) => {
  const f = await fixture(test);
  const { Id } = await propose(f, 'first', template({}));
  assert.equal((await stackOf(f)).ChangeSetId, Id);
  assert.equal((await listed(f)).length, 1);
  await f.call('ExecuteChangeSet', { ChangeSetName: Id });
  await f.settled('s');
  assert.deepEqual(await listed(f), []);
  assert.equal((await shown(f, Id)).ExecutionStatus, 'EXECUTE_COMPLETE');
  const second = await propose(f, 'second', template({ Size: 2 }), { ChangeSetType: 'UPDATE' });
  assert.equal((await stackOf(f)).ChangeSetId, Id);
  await f.call('ExecuteChangeSet', { ChangeSetName: second.Id });
  await f.settled('s');
  assert.equal((await stackOf(f)).ChangeSetId, second.Id);
});

it('CREATE for an existing stack is a ValidationError', async (test) => {
  const f = await fixture(test);
  await created(f, template({}));
  await assert.rejects(propose(f, 'again', template({})), {
    name: 'ValidationError',
    message: 'Stack [s] already exists and cannot be created again with the changeSet [again].',
  });
});

it('UsePreviousValue allows an empty value beside it, and no other', async (test) => {
  const f = await fixture(test);
  const body = JSON.stringify({
    Parameters: { Size: { Type: 'String' } },
    Resources: { A: { Type: 'Fake::Test::Thing', Properties: { Size: { Ref: 'Size' } } } },
  });
  const parameter = (more: object) => ({ Parameters: [{ ParameterKey: 'Size', ...more }] });
  await f.call('CreateStack', { StackName: 's', TemplateBody: body, ...parameter({ ParameterValue: '7' }) });
  await f.settled('s');
  const update = (more: object) =>
    propose(f, 'next', body, { ChangeSetType: 'UPDATE', ...parameter({ UsePreviousValue: true, ...more }) });
  await update({ ParameterValue: '' });
  assert.deepEqual((await shown(f, 'next')).Parameters, [{ ParameterKey: 'Size', ParameterValue: '7' }]);
  await assert.rejects(update({ ParameterValue: '8' }), /usePreviousValue as true and non empty value/);
});

it('a failed transform creates a failed change set', async (test) => {
  const texts: Record<string, string> = { 'bad.yaml': 'a: [' };
  const s3 = {
    async call(operation: string, { Key = '', Bucket = '' }: { Key?: string; Bucket?: string }) {
      if (Bucket !== 'here') throw new Fault('NoSuchBucket', 'no bucket');
      if (texts[Key] === undefined) throw new Fault('NoSuchKey', 'no key');
      return operation === 'HeadObject' ? { ContentLength: 1 } : { Body: texts[Key] };
    },
  } as unknown as Neighbours['s3'];
  const f = await fixture(test, { s3 });
  const including = (Location: string) =>
    template({ 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location } } });
  const failures: [name: string, body: string, reason: RegExp][] = [
    [
      'bucket',
      including('s3://gone/x'),
      /^Transform AWS::Include failed with: S3 bucket \[gone\] does not exist\./,
    ],
    ['key', including('s3://here/gone.yaml'), /^Transform AWS::Include failed with: S3 key \[gone.yaml\]/],
    [
      'text',
      including('s3://here/bad.yaml'),
      /failed with: The specified S3 object's content should be valid Yaml\/JSON/,
    ],
    [
      'sam',
      SAM('').replace('Handler: index.handler', 'Handlr: x'),
      /^Transform AWS::Serverless-2016-10-31 failed with/,
    ],
  ];
  for (const [name, body, reason] of failures) {
    await propose(f, name, body, { Capabilities: ['CAPABILITY_IAM'] });
    const { Status, ExecutionStatus, StatusReason } = await shown(f, name);
    assert.deepEqual([Status, ExecutionStatus], ['FAILED', 'UNAVAILABLE']);
    assert.match(String(StatusReason), reason);
    await assert.rejects(f.call('ExecuteChangeSet', { StackName: 's', ChangeSetName: name }), {
      name: 'InvalidChangeSetStatusException',
    });
  }
  assert.equal((await stackOf(f)).StackStatus, 'REVIEW_IN_PROGRESS');
});

it('ListChangeSets answers many change sets in pages', async (test) => {
  const f = await fixture(test);
  const names = Array.from({ length: 150 }, (_, index) => `c${1000 + index}`);
  for (const name of names) await propose(f, name, template({}));
  const first = (await f.call('ListChangeSets', { StackName: 's' })) as unknown as Answer & {
    Summaries: Answer[];
  };
  assert.equal(first.Summaries.length, 100);
  const rest = (await f.call('ListChangeSets', {
    StackName: 's',
    NextToken: first.NextToken,
  })) as unknown as {
    Summaries: Answer[];
  };
  const all = [...first.Summaries, ...rest.Summaries].map(({ ChangeSetName }) => ChangeSetName);
  assert.deepEqual(all, names);
  await assert.rejects(f.call('ListChangeSets', { StackName: 's', NextToken: 'bm9pc2U' }), {
    name: 'ValidationError',
  });
});

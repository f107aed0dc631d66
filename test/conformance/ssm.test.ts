// The Parameter Store as its own clients see it: the SDK for JavaScript and the AWS CLI, over HTTP.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ParameterStringFilter, SSM } from '@aws-sdk/client-ssm';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createSsm } from '../../src/services/ssm/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { AWS_CLI, awsEnvironment, run, WITHOUT_PYTHON_CLIENTS } from '../support/outside-clients.ts';

let store: Store;
let server: WireServer;
let client: SSM;

before(async () => {
  store = openStore(':memory:');
  const services = [createSsm({ store, clock: systemClock, secret: '00'.repeat(32) })];
  server = await startWireServer({ services, port: 0, defaultRegion: 'us-east-1', log: silentLog });
  client = new SSM({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

after(async () => {
  client?.destroy();
  await server?.stop();
  store?.close();
});

describe('parameters', () => {
  it('have versions, which are asked for by number and by label', async () => {
    const Name = '/app/url';
    assert.equal((await client.putParameter({ Name, Value: 'one', Type: 'String' })).Version, 1);
    await assert.rejects(client.putParameter({ Name, Value: 'two', Type: 'String' }), {
      name: 'ParameterAlreadyExists',
      message:
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    });
    assert.equal((await client.putParameter({ Name, Value: 'two', Overwrite: true })).Version, 2);
    const { Parameter } = await client.getParameter({ Name });
    assert.deepEqual(
      [Parameter!.Value, Parameter!.ARN, Parameter!.DataType],
      ['two', 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url', 'text'],
    );
    assert.ok(Parameter!.LastModifiedDate instanceof Date);
    const labelled = await client.labelParameterVersion({
      Name,
      ParameterVersion: 1,
      Labels: ['blue', '1st'],
    });
    assert.deepEqual(labelled.InvalidLabels, ['1st']);
    for (const asked of [`${Name}:1`, `${Name}:blue`, `${Parameter!.ARN}:1`]) {
      assert.equal((await client.getParameter({ Name: asked })).Parameter!.Value, 'one', asked);
    }
    await assert.rejects(client.getParameter({ Name: `${Name}:9` }), {
      name: 'ParameterVersionNotFound',
      message: 'Systems Manager could not find version 9 of /app/url. Verify the version and try again.',
    });
    const history = await client.getParameterHistory({ Name });
    assert.deepEqual(
      history.Parameters!.map((one) => [one.Version, one.Value, one.Labels]),
      [
        [1, 'one', ['blue']],
        [2, 'two', []],
      ],
    );
    const unlabelled = await client.unlabelParameterVersion({
      ...{ Name, ParameterVersion: 1, Labels: ['blue', 'never'] },
    });
    assert.deepEqual([unlabelled.RemovedLabels, unlabelled.InvalidLabels], [['blue'], ['never']]);
    await assert.rejects(client.getParameter({ Name: `${Name}:blue` }), { name: 'ParameterVersionNotFound' });
    const some = await client.getParameters({ Names: [Name, '/app/none'] });
    assert.deepEqual([some.Parameters!.length, some.InvalidParameters], [1, ['/app/none']]);
    await client.deleteParameter({ Name });
    await assert.rejects(client.getParameter({ Name }), { name: 'ParameterNotFound' });
  });

  it('are kept sealed when they are secret', async () => {
    const Name = '/app/password';
    await client.putParameter({ Name, Value: 'correct horse', Type: 'SecureString' });
    const sealed = (await client.getParameter({ Name })).Parameter!;
    assert.equal(sealed.Type, 'SecureString');
    assert.ok(!sealed.Value!.includes('horse'));
    const open = await client.getParameter({ Name, WithDecryption: true });
    assert.equal(open.Parameter!.Value, 'correct horse');
    const stored = store.prepare('SELECT value FROM documents WHERE id = ?').get(Name);
    assert.ok(!String(stored!.value).includes('horse'));
    const described = await client.describeParameters({
      ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }],
    });
    assert.equal(described.Parameters![0]!.KeyId, 'alias/aws/ssm');
    await client.deleteParameters({ Names: [Name] });
  });

  it('are listed by path, page by page', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `/tree/leaf-${String(index).padStart(2, '0')}`);
    for (const Name of [...names, '/tree/branch/leaf']) {
      await client.putParameter({ Name, Value: Name, Type: 'String' });
    }
    const first = await client.getParametersByPath({ Path: '/tree' });
    assert.equal(first.Parameters!.length, 10);
    const second = await client.getParametersByPath({ Path: '/tree/', NextToken: first.NextToken });
    assert.deepEqual(
      [...first.Parameters!, ...second.Parameters!].map((one) => one.Name),
      names,
    );
    const below = await client.getParametersByPath({ Path: '/tree/branch', Recursive: true });
    assert.equal(below.Parameters!.length, 1);
  });

  it('are refused when AWS would', async () => {
    const put = (Name: string, Value = 'v') => client.putParameter({ Name, Value, Type: 'String' });
    await assert.rejects(put('aws-mine'), { name: 'ValidationException' });
    await assert.rejects(put('/aws/mine'), {
      name: 'AccessDeniedException',
      message: 'No access to reserved parameter name: /aws/mine.',
    });
    await assert.rejects(put('a/b'), { message: 'Parameter name must be a fully qualified name.' });
    await assert.rejects(put(`/${Array(17).fill('a').join('/')}`), {
      name: 'HierarchyLevelLimitExceededException',
    });
    await assert.rejects(put('long', 'x'.repeat(4097)), { name: 'ValidationException' });
    await assert.rejects(
      client.putParameter({ Name: 'n', Value: 'a'.repeat(40), Type: 'String', AllowedPattern: '(a+)+b' }),
      { name: 'ParameterPatternMismatchException' },
    );
    await assert.rejects(client.putParameter({ Name: 'n', Value: 'v' }), {
      message: 'A parameter type is required when you create a parameter.',
    });
  });

  // As AWS answered where LocalStack's suite was run against it (tests/aws/services/ssm/test_ssm.py).
  it('at the root are found with and without a slash in front, paths as they are written alone', async () => {
    const put = (Name: string, Overwrite = false) =>
      client.putParameter({ Name, Value: 'v', Type: 'SecureString', Overwrite });
    await put('root');
    await put('/root/b/c');
    for (const Name of ['root', '/root']) {
      const { Parameter } = await client.getParameter({ Name, WithDecryption: true });
      assert.deepEqual([Parameter!.Name, Parameter!.Value], [Name, 'v']);
      const { Parameters } = await client.getParameters({ Names: [Name] });
      assert.equal(Parameters![0]!.Name, Name);
      assert.equal(Parameter!.ARN, 'arn:aws:ssm:us-east-1:000000000000:parameter/root');
    }
    await assert.rejects(put('/root'), { name: 'ParameterAlreadyExists' });
    assert.equal((await put('/root', true)).Version, 2);
    const { Parameter } = await client.getParameter({ Name: '/root', WithDecryption: true });
    assert.deepEqual([Parameter!.Version, Parameter!.Value], [2, 'v']);
    for (const Name of ['/root//b//c', 'root/b/c', '//root', '/root/', '{test}-test', 'a:b:c']) {
      await assert.rejects(
        client.getParameter({ Name }),
        {
          name: 'ValidationException',
          message:
            'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
        },
        Name,
      );
    }
    for (const arn of [
      'arn:aws:s3:us-east-1:000000000000:parameter/root',
      'arn:aws:ssm:eu-west-1:000000000000:parameter/root',
      'arn:aws:ssm:us-east-1:123456789012:parameter/root',
      'arn:aws:ssm:us-east-1:000000000000:root',
    ]) {
      await assert.rejects(client.getParameter({ Name: arn }), { name: 'ParameterNotFound' }, arn);
    }
    await client.deleteParameters({ Names: ['/root', '/root/b/c'] });
    await assert.rejects(client.getParameter({ Name: 'root' }), { name: 'ParameterNotFound' });
  });

  // The texts are those of Moto's tests (tests/test_ssm/test_ssm_boto3.py).
  it('are filtered by what there is alone', async () => {
    const REQUIREMENTS = /^The parameter doesn't meet the parameter name requirements\./;
    for (const [filters, name, message] of [
      [
        [{ Key: 'Label', Values: ['l'] }],
        'InvalidFilterKey',
        'The following filter key is not valid: Label. Valid filter keys include: [Path, Name, Type, KeyId, Tier].',
      ],
      [
        [{ Key: 'Name' }],
        'InvalidFilterValue',
        'The following filter values are missing : null for filter key Name.',
      ],
      [
        [
          { Key: 'Name', Values: ['a'] },
          { Key: 'Name', Values: ['b'] },
        ],
        'InvalidFilterKey',
        'The following filter is duplicated in the request: Name. A request can contain only one occurrence of a specific filter.',
      ],
      [[{ Key: 'Path', Values: ['//'] }], 'ValidationException', REQUIREMENTS],
      [[{ Key: 'Path', Values: ['test'] }], 'ValidationException', REQUIREMENTS],
      [
        [{ Key: 'Path', Values: ['/aws', '/ssm'] }],
        'ValidationException',
        'Filters for common parameters can\'t be prefixed with "aws" or "ssm" (case-insensitive). When using global parameters, please specify within a global namespace.',
      ],
      [
        [{ Key: 'Path', Option: 'Equals', Values: ['/a'] }],
        'InvalidFilterOption',
        'The following filter option is not valid: Equals. Valid options include: [Recursive, OneLevel].',
      ],
      [
        [{ Key: 'Tier', Values: ['test'] }],
        'InvalidFilterOption',
        'The following filter value is not valid: test. Valid values include: [Standard, Advanced, Intelligent-Tiering].',
      ],
      [
        [{ Key: 'Type', Values: ['test'] }],
        'InvalidFilterOption',
        'The following filter value is not valid: test. Valid values include: [String, StringList, SecureString].',
      ],
    ] as const) {
      const ParameterFilters = structuredClone(filters) as unknown as ParameterStringFilter[];
      await assert.rejects(client.describeParameters({ ParameterFilters }), { name, message });
    }
    for (const Path of ['//', 'a', '/a//b', '/a b']) {
      await assert.rejects(client.getParametersByPath({ Path }), { name: 'ValidationException' }, Path);
    }
    for (const Key of ['Name', 'Tier', 'tag:a']) {
      const ParameterFilters = [{ Key, Values: ['Standard'] }];
      await assert.rejects(
        client.getParametersByPath({ Path: '/', ParameterFilters }),
        { name: 'InvalidFilterKey' },
        Key,
      );
    }
  });

  it('have tags', async () => {
    const resource = { ResourceType: 'Parameter', ResourceId: 'tagged' } as const;
    await client.putParameter({
      Name: 'tagged',
      Value: 'v',
      Type: 'String',
      Tags: [{ Key: 'a', Value: '1' }],
    });
    await client.addTagsToResource({ ...resource, Tags: [{ Key: 'b', Value: '2' }] });
    await client.removeTagsFromResource({ ...resource, TagKeys: ['a'] });
    assert.deepEqual((await client.listTagsForResource(resource)).TagList, [{ Key: 'b', Value: '2' }]);
    const found = await client.describeParameters({ ParameterFilters: [{ Key: 'tag:b', Values: ['2'] }] });
    assert.equal(found.Parameters![0]!.Name, 'tagged');
    await assert.rejects(client.listTagsForResource({ ...resource, ResourceId: 'none' }), {
      name: 'InvalidResourceId',
    });
  });

  it('are found by names with and without the slash in front, and by the beginning of a tag', async () => {
    const Tags = [{ Key: 'filtered', Value: 'by-this' }];
    for (const Name of ['param', '/param-2', '/tangent-3', 'tangram-4']) {
      await client.putParameter({ Name, Value: 'v', Type: 'String', Tags });
    }
    const found = async (Key: string, value: string, Option?: string) => {
      const asked = { Key, Values: [value], ...(Option && { Option }) };
      const others = { Key: 'tag:filtered', Values: ['by-this'] };
      const ParameterFilters = Key === 'Name' ? [asked, others] : [asked];
      const { Parameters } = await client.describeParameters({ ParameterFilters });
      return Parameters!.map(({ Name }) => Name!).sort();
    };
    const all = ['/param-2', '/tangent-3', 'param', 'tangram-4'];
    assert.deepEqual(await found('Name', '/param'), ['param']);
    assert.deepEqual(await found('Name', 'param-2'), ['/param-2']);
    assert.deepEqual(await found('Name', 'param', 'BeginsWith'), ['/param-2', 'param']);
    assert.deepEqual(await found('Name', '/tan', 'Contains'), ['/tangent-3', 'tangram-4']);
    assert.deepEqual(await found('tag:filtered', 'by', 'BeginsWith'), all);
    assert.deepEqual(await found('tag:filtered', 'by'), []);
    await client.deleteParameters({ Names: all });
  });

  it('of AWS name its machine images', async () => {
    const path = '/aws/service/ami-amazon-linux-latest';
    for (const name of [
      'amzn2-ami-hvm-arm64-gp2',
      'amzn2-ami-hvm-x86_64-gp2',
      'amzn2-ami-kernel-5.10-hvm-arm64-gp2',
      'al2023-ami-kernel-default-arm64',
      'al2023-ami-kernel-default-x86_64',
    ]) {
      const { Parameter } = await client.getParameter({ Name: `${path}/${name}` });
      assert.match(Parameter!.Value!, /^ami-0[0-9a-f]{16}$/);
      assert.equal(Parameter!.DataType, 'aws:ec2:image');
      assert.equal(Parameter!.ARN, `arn:aws:ssm:us-east-1::parameter${path}/${name}`);
    }
    assert.equal((await client.getParametersByPath({ Path: path })).Parameters!.length, 10);
  });
});

describe('through the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  const ssm = (...args: string[]) =>
    run(
      AWS_CLI,
      ['--endpoint-url', server.url, 'ssm', ...args, '--output', 'text'],
      awsEnvironment(server.url),
    );

  it('puts, gets and misses a parameter', async () => {
    assert.equal(
      (await ssm('put-parameter', '--name', 'cli', '--value', 'hello', '--type', 'String')).code,
      0,
    );
    const got = await ssm('get-parameter', '--name', 'cli', '--query', 'Parameter.Value');
    assert.equal(got.stdout.trim(), 'hello');
    assert.match((await ssm('get-parameter', '--name', 'none')).stderr, /\(ParameterNotFound\)/);
  });
});

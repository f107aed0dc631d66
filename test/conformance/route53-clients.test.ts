// Route 53 through clients that are other programs: the AWS CLI and boto3.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import {
  AWS_CLI,
  awsEnvironment,
  PYTHON,
  pathOfTest,
  run,
  WITHOUT_PYTHON_CLIENTS,
} from '../support/outside-clients.ts';
import { startTestRoute53, type TestRoute53 } from '../support/route53.ts';

let test: TestRoute53;
before(async () => {
  test = await startTestRoute53();
});
after(() => test?.stop());

it('boto3', { skip: WITHOUT_PYTHON_CLIENTS }, async () => {
  const { url } = test.server;
  const script = pathOfTest('conformance/route53_boto3.py');
  const { code, stdout, stderr } = await run(PYTHON, [script, url], awsEnvironment(url));
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), {
    zone: 'boto.example.',
    status: 'INSYNC',
    error: [
      'InvalidChangeBatch',
      "[Tried to create resource record set [name='read1.boto.example.', type='CNAME'] but it already exists]",
    ],
    names: [
      'boto.example.',
      'boto.example.',
      '\\052.boto.example.',
      ...[0, 1, 2, 3, 4].map((number) => `read${number}.boto.example.`),
    ],
    zones: [true],
  });
});

it('the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, async () => {
  const aws = async (...args: string[]) => {
    const { url } = test.server;
    const environment = awsEnvironment(url);
    const ended = await run(
      AWS_CLI,
      ['--endpoint-url', url, 'route53', ...args, '--output', 'json'],
      environment,
    );
    return { ...ended, json: ended.code === 0 && ended.stdout ? JSON.parse(ended.stdout) : undefined };
  };
  const made = await aws(
    ...['create-hosted-zone', '--name', 'private.redisdub.pl', '--caller-reference', 'cli'],
    ...['--vpc', `VPCRegion=us-east-1,VPCId=${test.vpcId}`],
  );
  assert.equal(made.code, 0, made.stderr);
  const id: string = made.json.HostedZone.Id;
  const submit = (action: string) =>
    aws(
      ...['change-resource-record-sets', '--hosted-zone-id', id, '--change-batch'],
      JSON.stringify({
        Changes: [
          {
            Action: action,
            ResourceRecordSet: {
              Name: 'read1.private.redisdub.pl',
              Type: 'CNAME',
              TTL: 10,
              ResourceRecords: [{ Value: 'demo-002.example' }],
            },
          },
        ],
      }),
    );
  const info = await submit('UPSERT');
  assert.equal(info.json?.ChangeInfo.Status, 'INSYNC', info.stderr);
  assert.equal((await aws('wait', 'resource-record-sets-changed', '--id', info.json.ChangeInfo.Id)).code, 0);
  const refusal = await submit('CREATE');
  assert.match(
    refusal.stderr,
    /InvalidChangeBatch.*\[Tried to create resource record set \[name='read1\.private\.redisdub\.pl\.', type='CNAME'\] but it already exists\]/,
  );
  const named = await aws(
    'list-hosted-zones-by-name',
    '--dns-name',
    'private.redisdub.pl',
    '--max-items',
    '1',
  );
  assert.equal(named.json.HostedZones[0].Config.PrivateZone, true);
  const query = "ResourceRecordSets[?Type == 'CNAME'].ResourceRecords[].Value";
  const listed = await aws('list-resource-record-sets', '--hosted-zone-id', id, '--query', query);
  assert.deepEqual(listed.json, ['demo-002.example']);
});

// Launch templates as Terraform's aws_launch_template and aws_instance use them (the provider's
// internal/service/ec2/ec2_launch_template.go and ec2_instance.go), and what else their API has.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { EC2, RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { refuses, type ServedEc2, serveEc2 } from '../support/ec2.ts';

let served: ServedEc2;
let client: EC2;
let ImageId: string;

before(async () => {
  served = await serveEc2();
  client = served.client;
  const { Images } = await client.describeImages({
    Owners: ['amazon'],
    Filters: [{ Name: 'architecture', Values: ['x86_64'] }],
  });
  ImageId = Images![0]!.ImageId!;
});
after(() => served?.stop());

const data = (): RequestLaunchTemplateData => ({
  ImageId,
  InstanceType: 't3.micro',
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 3 },
  Monitoring: { Enabled: true },
  UserData: Buffer.from('#!/bin/sh\n').toString('base64'),
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 30, VolumeType: 'gp3' } }],
  TagSpecifications: [
    {
      ResourceType: 'instance',
      Tags: [
        { Key: 'Name', Value: 'from-template' },
        { Key: 'env', Value: 'dev' },
      ],
    },
  ],
});

it('is made, read, changed by a new version, and deleted', async () => {
  const asked = { LaunchTemplateName: 'web', LaunchTemplateData: data(), ClientToken: 'token-1' };
  const TagSpecifications = [{ ResourceType: 'launch-template' as const, Tags: [{ Key: 'a', Value: 'b' }] }];
  const { LaunchTemplate: made } = await client.createLaunchTemplate({ ...asked, TagSpecifications });
  const LaunchTemplateId = made!.LaunchTemplateId!;
  const again = await client.createLaunchTemplate({ ...asked, TagSpecifications });
  assert.equal(again.LaunchTemplate?.LaunchTemplateId, LaunchTemplateId);

  const read = async () => {
    const { LaunchTemplates } = await client.describeLaunchTemplates({
      LaunchTemplateIds: [LaunchTemplateId],
    });
    const latest = String(LaunchTemplates![0]!.LatestVersionNumber);
    const { LaunchTemplateVersions } = await client.describeLaunchTemplateVersions({
      LaunchTemplateId,
      Versions: [latest],
    });
    return { template: LaunchTemplates![0]!, version: LaunchTemplateVersions![0]! };
  };
  const first = await read();
  assert.deepEqual(first.template.Tags, [{ Key: 'a', Value: 'b' }]);
  assert.deepEqual(first.version.LaunchTemplateData, data());
  assert.equal(first.version.DefaultVersion, true);

  await client.createLaunchTemplateVersion({
    ...{ LaunchTemplateId, SourceVersion: '1', VersionDescription: 'bigger' },
    LaunchTemplateData: { InstanceType: 't3.small' },
  });
  await client.modifyLaunchTemplate({ LaunchTemplateId, DefaultVersion: '2' });
  const second = await read();
  assert.equal(second.template.DefaultVersionNumber, 2);
  assert.equal(second.version.VersionDescription, 'bigger');
  assert.deepEqual(second.version.LaunchTemplateData, { ...data(), InstanceType: 't3.small' });

  const all = await client.describeLaunchTemplateVersions({ LaunchTemplateName: 'web' });
  assert.deepEqual(
    all.LaunchTemplateVersions?.map(({ VersionNumber, DefaultVersion }) => [VersionNumber, DefaultVersion]),
    [
      [1, false],
      [2, true],
    ],
  );
  const newest = await client.describeLaunchTemplateVersions({ Versions: ['$Latest'] });
  assert.deepEqual(
    newest.LaunchTemplateVersions?.map((one) => one.VersionNumber),
    [2],
  );

  const gone = await client.deleteLaunchTemplateVersions({ LaunchTemplateId, Versions: ['1', '2', '7'] });
  assert.deepEqual(
    gone.SuccessfullyDeletedLaunchTemplateVersions?.map((one) => one.VersionNumber),
    [1],
  );
  assert.deepEqual(
    gone.UnsuccessfullyDeletedLaunchTemplateVersions?.map((one) => [
      one.VersionNumber,
      one.ResponseError?.Code,
    ]),
    [
      [2, 'unexpectedError'],
      [7, 'launchTemplateVersionDoesNotExist'],
    ],
  );
  await client.deleteLaunchTemplate({ LaunchTemplateId });
  await refuses(
    client.describeLaunchTemplates({ LaunchTemplateIds: [LaunchTemplateId] }),
    'InvalidLaunchTemplateId.NotFound',
  );
  await refuses(
    client.describeLaunchTemplateVersions({ LaunchTemplateId, Versions: ['1'] }),
    'InvalidLaunchTemplateId.NotFound',
  );
});

it('an instance is what the template says, but for what the request says', async () => {
  await client.createLaunchTemplate({ LaunchTemplateName: 'app', LaunchTemplateData: data() });
  const { Instances } = await client.runInstances({
    ...{ MinCount: 1, MaxCount: 1, InstanceType: 't3.small' },
    LaunchTemplate: { LaunchTemplateName: 'app', Version: '$Latest' },
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'mine' }] }],
  });
  const [id] = Instances!.map((one) => one.InstanceId!);
  const { Reservations } = await client.describeInstances({ InstanceIds: [id!] });
  const instance = Reservations![0]!.Instances![0]!;
  assert.equal(instance.ImageId, ImageId);
  assert.equal(instance.InstanceType, 't3.small');
  assert.equal(instance.MetadataOptions?.HttpPutResponseHopLimit, 3);
  assert.equal(instance.Monitoring?.State, 'enabled');
  const tags = Object.fromEntries(instance.Tags!.map(({ Key, Value }) => [Key, Value]));
  const { LaunchTemplates } = await client.describeLaunchTemplates({ LaunchTemplateNames: ['app'] });
  // The provider finds the template of an instance by these two.
  assert.deepEqual(tags, {
    Name: 'mine',
    env: 'dev',
    'aws:ec2launchtemplate:id': LaunchTemplates![0]!.LaunchTemplateId,
    'aws:ec2launchtemplate:version': '1',
  });
  const { Volumes } = await client.describeVolumes({
    Filters: [{ Name: 'attachment.instance-id', Values: [id!] }],
  });
  assert.deepEqual(
    Volumes?.map((one) => one.Size),
    [30],
  );
});

it('what is refused', async () => {
  const LaunchTemplateData = data();
  await client.createLaunchTemplate({ LaunchTemplateName: 'taken', LaunchTemplateData });
  const run = (LaunchTemplate: object, more: object = {}) =>
    client.runInstances({ MinCount: 1, MaxCount: 1, LaunchTemplate, ...more });
  const table: [Promise<unknown>, string, (string | RegExp)?][] = [
    [
      client.createLaunchTemplate({ LaunchTemplateName: 'taken', LaunchTemplateData }),
      'InvalidLaunchTemplateName.AlreadyExistsException',
      'Launch template name already in use.',
    ],
    [
      client.createLaunchTemplate({ LaunchTemplateName: 'a b', LaunchTemplateData }),
      'InvalidLaunchTemplateName.MalformedException',
    ],
    [
      run({ LaunchTemplateName: 'absent' }),
      'InvalidLaunchTemplateName.NotFoundException',
      'The specified launch template, with template name absent, does not exist.',
    ],
    [run({ LaunchTemplateId: 'lt' }), 'InvalidLaunchTemplateId.Malformed'],
    [run({ LaunchTemplateId: 'lt-0123456789abcdef0' }), 'InvalidLaunchTemplateId.NotFound'],
    [
      run({ LaunchTemplateName: 'taken', Version: '9' }),
      'InvalidLaunchTemplateId.VersionNotFound',
      /version 9/,
    ],
    [run({ LaunchTemplateName: 'taken', Version: 'x' }), 'InvalidLaunchTemplateId.VersionNotFound'],
    [
      run({ LaunchTemplateName: 'taken', LaunchTemplateId: 'lt-0123456789abcdef0' }),
      'InvalidParameterCombination',
    ],
    [run({}), 'MissingParameter'],
    [client.describeLaunchTemplateVersions({ Versions: ['1'] }), 'InvalidParameterCombination'],
    [client.describeLaunchTemplateVersions({}), 'MissingParameter'],
  ];
  for (const [work, code, message] of table) await refuses(work, code, message);
  const spot = { ...LaunchTemplateData, InstanceMarketOptions: { MarketType: 'spot' as const } };
  await client.createLaunchTemplate({ LaunchTemplateName: 'spot', LaunchTemplateData: spot });
  await refuses(run({ LaunchTemplateName: 'spot' }), 'UnsupportedOperation', /spot instances/);
});

it('the profile of an instance is replaced', async () => {
  const { Instances } = await client.runInstances({
    ...{ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
    IamInstanceProfile: { Name: 'one' },
  });
  const Filters = [{ Name: 'instance-id', Values: [Instances![0]!.InstanceId!] }];
  const associations = async () =>
    (await client.describeIamInstanceProfileAssociations({ Filters })).IamInstanceProfileAssociations!;
  const [before] = await associations();
  await client.replaceIamInstanceProfileAssociation({
    AssociationId: before!.AssociationId,
    IamInstanceProfile: { Name: 'two' },
  });
  const found = await associations();
  assert.match(found[0]!.IamInstanceProfile!.Arn!, /instance-profile\/two$/);
  assert.notEqual(found[0]!.AssociationId, before!.AssociationId);
  await refuses(
    client.replaceIamInstanceProfileAssociation({
      AssociationId: before!.AssociationId,
      IamInstanceProfile: { Name: 'three' },
    }),
    'InvalidAssociationID.NotFound',
  );
});

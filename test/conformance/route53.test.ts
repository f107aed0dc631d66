// Route 53 as its own clients see it: the SDK for JavaScript over HTTP, and names over DNS.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Change, HostedZoneLimitType, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { startTestRoute53, type TestRoute53 } from '../support/route53.ts';

let test: TestRoute53;
let count = 0;

before(async () => {
  test = await startTestRoute53();
});
after(() => test?.stop());

/** The id of a new zone. */
async function makeZone(name: string, isPrivate = false): Promise<string> {
  const { HostedZone } = await test.client.createHostedZone({
    Name: name,
    CallerReference: `reference-${++count}`,
    ...(isPrivate && { VPC: { VPCId: test.vpcId, VPCRegion: 'us-east-1' } }),
  });
  return HostedZone!.Id!;
}

const record = (Name: string, Type: 'A', values: string[], more: Partial<ResourceRecordSet> = {}) => ({
  Name,
  Type,
  TTL: 7,
  ResourceRecords: values.map((Value) => ({ Value })),
  ...more,
});

const setOf = (Name: string, Type: string, ...values: string[]): ResourceRecordSet =>
  record(Name, Type as 'A', values);

const change = (Action: 'CREATE' | 'UPSERT' | 'DELETE', ResourceRecordSet: ResourceRecordSet): Change => ({
  Action,
  ResourceRecordSet,
});

const submit = (HostedZoneId: string, ...Changes: Change[]) =>
  test.client.changeResourceRecordSets({ HostedZoneId, ChangeBatch: { Changes } });

const create = (id: string, ...sets: ResourceRecordSet[]) =>
  submit(id, ...sets.map((set) => change('CREATE', set)));

const refused = (request: Promise<unknown>, message: string) =>
  assert.rejects(request, { name: 'InvalidChangeBatch', message: `[${message}]` });

describe('hosted zones', () => {
  it('are made, found, counted, changed and deleted', async () => {
    const before = (await test.client.getHostedZoneCount({})).HostedZoneCount!;
    const made = await test.client.createHostedZone({
      Name: 'Life.Example',
      CallerReference: 'life',
      HostedZoneConfig: { Comment: 'first' },
    });
    const Id = made.HostedZone!.Id!;
    assert.match(Id, /^\/hostedzone\/Z[0-9A-F]{20}$/);
    assert.match(made.Location!, /^https:\/\/route53\.amazonaws\.com\/2013-04-01\/hostedzone\/Z/);
    assert.equal(made.ChangeInfo!.Status, 'INSYNC');
    assert.equal(made.DelegationSet!.NameServers!.length, 4);
    await assert.rejects(test.client.createHostedZone({ Name: 'other.example', CallerReference: 'life' }), {
      name: 'HostedZoneAlreadyExists',
      message: 'A hosted zone has already been created with the specified caller reference.',
    });
    const { HostedZone } = await test.client.getHostedZone({ Id });
    assert.deepEqual(HostedZone, {
      Id,
      Name: 'life.example.',
      CallerReference: 'life',
      Config: { Comment: 'first', PrivateZone: false },
      ResourceRecordSetCount: 2,
    });
    assert.equal((await test.client.getHostedZoneCount({})).HostedZoneCount, before + 1);
    const renamed = await test.client.updateHostedZoneComment({ Id, Comment: 'second' });
    assert.equal(renamed.HostedZone!.Config!.Comment, 'second');
    const changed = await test.client.getChange({ Id: made.ChangeInfo!.Id! });
    assert.equal(changed.ChangeInfo!.Status, 'INSYNC');
    assert.deepEqual(changed.ChangeInfo!.SubmittedAt, made.ChangeInfo!.SubmittedAt);
    await create(Id, setOf('www.life.example', 'A', '192.0.2.1'));
    await assert.rejects(test.client.deleteHostedZone({ Id }), {
      name: 'HostedZoneNotEmpty',
      message:
        'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
    });
    await submit(Id, change('DELETE', setOf('www.life.example', 'A', '192.0.2.1')));
    await test.client.deleteHostedZone({ Id });
    await assert.rejects(test.client.getHostedZone({ Id }), {
      name: 'NoSuchHostedZone',
      message: `No hosted zone found with ID: ${Id.split('/').pop()}`,
    });
    await assert.rejects(test.client.getChange({ Id: 'C0' }), { name: 'NoSuchChange' });
    await assert.rejects(test.client.createHostedZone({ Name: 'a..b', CallerReference: 'x' }), {
      name: 'InvalidDomainName',
    });
  });

  it('are listed by id, by name and by VPC, page after page', async () => {
    const ids = [await makeZone('b.list'), await makeZone('a.b.list'), await makeZone('z.list', true)];
    await makeZone('zz.list', true);
    const all: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await test.client.listHostedZones({ MaxItems: 2, ...(Marker && { Marker }) });
      all.push(...page.HostedZones!.map(({ Id }) => Id!));
      assert.equal(page.IsTruncated, page.NextMarker !== undefined);
      Marker = page.NextMarker;
    } while (Marker);
    assert.deepEqual(all, all.toSorted());
    assert.ok(ids.every((id) => all.includes(id)));
    const first = await test.client.listHostedZonesByName({ DNSName: 'list', MaxItems: 2 });
    assert.deepEqual(
      first.HostedZones!.map(({ Name }) => Name),
      ['b.list.', 'a.b.list.'],
    );
    assert.equal(first.NextDNSName, 'z.list.');
    const VPCRegion = 'us-east-1';
    const byVpc = await test.client.listHostedZonesByVPC({ VPCId: test.vpcId, VPCRegion });
    assert.ok(byVpc.HostedZoneSummaries!.some(({ Name }) => Name === 'z.list.'));
    assert.ok((byVpc.HostedZoneSummaries ?? []).length > 1);
    const ofVpc = [];
    let NextToken: string | undefined;
    do {
      const input = { VPCId: test.vpcId, VPCRegion, MaxItems: 1, ...(NextToken && { NextToken }) } as const;
      const page = await test.client.listHostedZonesByVPC(input);
      ofVpc.push(...(page.HostedZoneSummaries ?? []));
      NextToken = page.NextToken;
    } while (NextToken);
    assert.deepEqual(ofVpc, byVpc.HostedZoneSummaries);
    const invented = test.client.listHostedZonesByVPC({ VPCId: test.vpcId, VPCRegion, NextToken: ids[0]! });
    await assert.rejects(invented, { name: 'InvalidPaginationToken' });
    const privateOnes = await test.client.listHostedZones({ HostedZoneType: 'PrivateHostedZone' });
    assert.ok(privateOnes.HostedZones!.length > 0);
    assert.ok(privateOnes.HostedZones!.every(({ Config }) => Config!.PrivateZone));
    const isolated = test.clientOf({
      credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
      region: 'eu-west-1',
    });
    assert.deepEqual((await isolated.listHostedZones({})).HostedZones, []);
    const elsewhere = test.clientOf({ region: 'eu-west-1' });
    assert.ok((await elsewhere.listHostedZones({})).HostedZones!.length >= 3);
  });

  it('belong to VPCs when they are private', async () => {
    const VPC = { VPCId: test.vpcId, VPCRegion: 'us-east-1' as const };
    const HostedZoneId = await makeZone('vpc.example', true);
    const { VPCs, HostedZone, DelegationSet } = await test.client.getHostedZone({ Id: HostedZoneId });
    assert.deepEqual([VPCs, HostedZone!.Config!.PrivateZone, DelegationSet], [[VPC], true, undefined]);
    await assert.rejects(makeZone('vpc.example', true), {
      name: 'ConflictingDomainExists',
      message: `The VPC ${test.vpcId} in region us-east-1 has already been associated with the hosted zone ${HostedZoneId.split('/').pop()} with the same domain name.`,
    });
    await assert.rejects(test.client.disassociateVPCFromHostedZone({ HostedZoneId, VPC }), {
      name: 'LastVPCAssociation',
    });
    const other = { VPCId: test.vpcId, VPCRegion: 'us-west-2' as const };
    await assert.rejects(test.client.associateVPCWithHostedZone({ HostedZoneId, VPC: other }), {
      name: 'InvalidVPCId',
    });
    const open = await makeZone('vpc-public.example');
    await assert.rejects(test.client.associateVPCWithHostedZone({ HostedZoneId: open, VPC }), {
      name: 'PublicZoneVPCAssociation',
    });
  });

  it('bear tags', async () => {
    const ResourceId = (await makeZone('tags.example')).split('/').pop()!;
    const resource = { ResourceType: 'hostedzone' as const, ResourceId };
    await test.client.changeTagsForResource({
      ...resource,
      AddTags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await test.client.changeTagsForResource({ ...resource, RemoveTagKeys: ['a'] });
    const { ResourceTagSet } = await test.client.listTagsForResource(resource);
    assert.deepEqual(ResourceTagSet, { ...resource, Tags: [{ Key: 'b', Value: '2' }] });
    const several = await test.client.listTagsForResources({
      ResourceType: 'hostedzone',
      ResourceIds: [ResourceId],
    });
    assert.deepEqual(several.ResourceTagSets, [ResourceTagSet]);
    // AWS: the bare id alone (https://github.com/crossplane-contrib/provider-aws/issues/1826).
    const long = `/hostedzone/${ResourceId}`;
    const tagged = { ResourceType: 'hostedzone' as const, ResourceId: long };
    const tooLong = {
      name: 'InvalidInput',
      message: `1 validation error detected: Value '${long}' at 'resourceId' failed to satisfy constraint: Member must have length less than or equal to 32`,
    };
    await assert.rejects(test.client.listTagsForResource(tagged), tooLong);
    await assert.rejects(test.client.changeTagsForResource({ ...tagged, RemoveTagKeys: ['a'] }), {
      name: 'InvalidInput',
    });
    const short = { ...tagged, ResourceId: '/hostedzone/Z123' };
    await assert.rejects(test.client.listTagsForResource(short), {
      name: 'NoSuchHostedZone',
      message: 'No hosted zone found with ID: /hostedzone/Z123',
    });
    await assert.rejects(
      test.client.listTagsForResources({
        ResourceType: 'hostedzone',
        ResourceIds: Array(11).fill(ResourceId),
      }),
      {
        name: 'InvalidInput',
        message:
          "Invalid XML ; cvc-complex-type.2.4.f: 'ResourceId' can occur a maximum of '10' times in the current sequence. This limit was exceeded. No child element is expected at this point.",
      },
    );
  });

  it('take no name that others need', async () => {
    const reserved = (name: string, keeper: string) => ({
      name: 'InvalidDomainName',
      message: `${name} is reserved by ${keeper}!`,
    });
    for (const name of ['com', 'test', 'amazonaws.com', 'sqs.us-east-1.amazonaws.com', 'in-addr.arpa']) {
      await assert.rejects(makeZone(`${name}.`), reserved(name, 'AWS'), name);
    }
    for (const name of ['com', 'io', 'org', 'arpa', 'amazonaws.com.cn', 'cache.amazonaws.com']) {
      await assert.rejects(makeZone(name, true), reserved(name, 'AWS'), name);
    }
    for (const name of ['localhost', 'x.LocalHost', '0.127.in-addr.arpa', 'eu-west-1.compute.internal']) {
      await assert.rejects(makeZone(name), reserved(name.toLowerCase(), 'Millpond'), name);
    }
    await makeZone('10.in-addr.arpa');
    await makeZone('notamazonaws.com');
    await makeZone('internal', true);
  });

  it('answer what tools read of every zone', async () => {
    const [open, closed] = [await makeZone('read.example'), await makeZone('read-private.example', true)];
    const { client } = test;
    const dnssec = await client.getDNSSEC({ HostedZoneId: open });
    assert.deepEqual([dnssec.Status, dnssec.KeySigningKeys], [{ ServeSignature: 'NOT_SIGNING' }, []]);
    const limit = async (HostedZoneId: string, Type: HostedZoneLimitType) => {
      const { Limit, Count } = await client.getHostedZoneLimit({ HostedZoneId, Type });
      return [Limit, Count];
    };
    const sets = { Type: 'MAX_RRSETS_BY_ZONE' as const, Value: 10_000 };
    assert.deepEqual(await limit(open, 'MAX_RRSETS_BY_ZONE'), [sets, 2]);
    const vpcs = { Type: 'MAX_VPCS_ASSOCIATED_BY_ZONE' as const, Value: 300 };
    assert.deepEqual(await limit(closed, 'MAX_VPCS_ASSOCIATED_BY_ZONE'), [vpcs, 1]);
    await assert.rejects(limit(open, 'MAX_VPCS_ASSOCIATED_BY_ZONE'), { name: 'HostedZoneNotPrivate' });
    const zones = await client.getAccountLimit({ Type: 'MAX_HOSTED_ZONES_BY_OWNER' });
    assert.deepEqual([zones.Limit!.Value, zones.Count! > 1], [500, true]);
    assert.equal((await client.getAccountLimit({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER' })).Count, 0);
    const authorized = await client.listVPCAssociationAuthorizations({ HostedZoneId: closed });
    assert.deepEqual([authorized.HostedZoneId, authorized.VPCs], [closed.split('/').pop(), []]);
    assert.deepEqual((await client.listHealthChecks({})).HealthChecks, []);
    assert.deepEqual((await client.listReusableDelegationSets({})).DelegationSets, []);
    assert.deepEqual((await client.listQueryLoggingConfigs({ HostedZoneId: open })).QueryLoggingConfigs, []);
    assert.equal((await client.getHealthCheckCount({})).HealthCheckCount, 0);
    assert.equal((await client.getTrafficPolicyInstanceCount({})).TrafficPolicyInstanceCount, 0);
    for (const call of [
      client.getDNSSEC({ HostedZoneId: 'Z1' }),
      client.listVPCAssociationAuthorizations({ HostedZoneId: 'Z1' }),
      limit('Z1', 'MAX_RRSETS_BY_ZONE'),
    ]) {
      await assert.rejects(call, { name: 'NoSuchHostedZone' });
    }
  });
});

describe('changes of record sets', () => {
  let id: string;
  const zone = 'batch.example';
  before(async () => {
    id = await makeZone(zone);
    await create(id, setOf(`a.${zone}`, 'A', '192.0.2.1'), setOf(`c.${zone}`, 'CNAME', 'a.batch.example'));
  });

  it('are all made or none, and say everything that is wrong', async () => {
    await refused(
      create(
        id,
        setOf(`new.${zone}`, 'A', '192.0.2.9'),
        setOf(`a.${zone}`, 'A', '192.0.2.2'),
        setOf(`c.${zone}`, 'CNAME', 'x.example'),
      ),
      `Tried to create resource record set [name='a.${zone}.', type='A'] but it already exists, Tried to create resource record set [name='c.${zone}.', type='CNAME'] but it already exists`,
    );
    await assert.rejects(test.resolver.resolve4(`new.${zone}`), { code: 'ENOTFOUND' });
  });

  const REFUSED: [what: string, changes: Change[], message: string][] = [
    [
      'a CNAME beside others',
      [change('CREATE', setOf(`a.${zone}`, 'CNAME', 'x.example'))],
      `RRSet of type CNAME with DNS name a.${zone}. is not permitted as it conflicts with other records with the same DNS name in zone ${zone}.`,
    ],
    [
      'others beside a CNAME',
      [change('UPSERT', setOf(`c.${zone}`, 'TXT', '"x"'))],
      `RRSet of type TXT with DNS name c.${zone}. is not permitted as it conflicts with other records with the same DNS name in zone ${zone}.`,
    ],
    [
      'a CNAME at the apex',
      [change('CREATE', setOf(zone, 'CNAME', 'x.example'))],
      `RRSet of type CNAME with DNS name ${zone}. is not permitted at apex in zone ${zone}.`,
    ],
    [
      'a name of another zone',
      [change('CREATE', setOf('x.other.example', 'A', '192.0.2.1'))],
      `RRSet with DNS name x.other.example. is not permitted in zone ${zone}.`,
    ],
    [
      'to delete what is not there',
      [change('DELETE', setOf(`no.${zone}`, 'A', '192.0.2.1'))],
      `Tried to delete resource record set [name='no.${zone}.', type='A'] but it was not found`,
    ],
    [
      'to delete what differs',
      [change('DELETE', setOf(`a.${zone}`, 'A', '192.0.2.99'))],
      `Tried to delete resource record set [name='a.${zone}.', type='A'] but the values provided do not match the current values`,
    ],
    [
      'to delete the SOA',
      [change('DELETE', setOf(zone, 'SOA', 'a. b. 1 2 3 4 5'))],
      'A HostedZone must contain exactly one SOA record.',
    ],
    [
      'what is no address',
      [change('CREATE', setOf(`bad.${zone}`, 'A', '192.0.2.256'))],
      "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '192.0.2.256''",
    ],
    [
      'what is no IPv6 address',
      [change('CREATE', setOf(`bad.${zone}`, 'AAAA', '1:2:3'))],
      "Invalid Resource Record: 'FATAL problem: AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address) encountered with '1:2:3''",
    ],
    [
      'a text without quotation marks',
      [change('CREATE', setOf(`bad.${zone}`, 'TXT', 'plain'))],
      "Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with 'plain''",
    ],
    [
      'a value twice',
      [change('CREATE', setOf(`bad.${zone}`, 'A', '192.0.2.1', '192.0.2.1'))],
      "Duplicate Resource Record: '192.0.2.1'",
    ],
    [
      'one record set twice',
      [
        change('CREATE', setOf(`bad.${zone}`, 'A', '192.0.2.1')),
        change('UPSERT', setOf(`bad.${zone}`, 'A', '192.0.2.2')),
      ],
      `The request contains an invalid set of changes for a resource record set 'A bad.${zone}.'`,
    ],
    [
      'a weighted one beside a simple one',
      [change('CREATE', record(`a.${zone}`, 'A', ['192.0.2.5'], { SetIdentifier: 'w', Weight: 1 }))],
      `RRSet with DNS name a.${zone}., type A, SetIdentifier w cannot be created as a non-weighted set exists with the same name and type.`,
    ],
    [
      'an alias to nothing',
      [
        change('CREATE', {
          Name: `alias.${zone}`,
          Type: 'A',
          AliasTarget: { HostedZoneId: '', DNSName: `none.${zone}`, EvaluateTargetHealth: false },
        }),
      ],
      `Tried to create an alias that targets none.${zone}., type A in zone ID, but that target was not found`,
    ],
  ];

  for (const [what, changes, message] of REFUSED) {
    it(`refuse ${what}`, async () => {
      const zoneId = id.split('/').pop()!;
      for (const { ResourceRecordSet } of changes) {
        if (ResourceRecordSet?.AliasTarget) ResourceRecordSet.AliasTarget.HostedZoneId = zoneId;
      }
      await refused(submit(id, ...changes), message.replace('zone ID', `zone ${zoneId}`));
    });
  }

  it('refuse what is no request', async () => {
    const invalid = (set: ResourceRecordSet, message: RegExp) =>
      assert.rejects(create(id, set), { name: 'InvalidInput', message });
    await invalid(
      { Name: `x.${zone}`, Type: 'A' },
      /^Invalid request: Expected exactly one of \[AliasTarget, all of \[TTL, and ResourceRecords\], or TrafficPolicyInstanceId\], but found none in Change with \[Action=CREATE, Name=x\.batch\.example, Type=A, SetIdentifier=null\]$/,
    );
    await invalid(record(`x.${zone}`, 'A', ['192.0.2.1'], { Weight: 1 }), /Missing field 'SetIdentifier'/);
    await invalid(record(`x.${zone}`, 'A', ['192.0.2.1'], { SetIdentifier: 'a' }), /but found none/);
    await invalid(
      record(`x.${zone}`, 'A', ['192.0.2.1'], { TTL: -1 }),
      /^Invalid XML ; cvc-minInclusive-valid: Value '-1' is not facet-valid with respect to minInclusive '0' for type 'TTL'\.$/,
    );
    await invalid(setOf(`x.${zone}`, 'CAA', '0 issue "x"'), /no record sets of type CAA/);
    await assert.rejects(create(id, record(`x.${zone}`, 'A', ['192.0.2.1'], { HealthCheckId: 'h' })), {
      name: 'NoSuchHealthCheck',
    });
    await assert.rejects(submit(id), { name: 'InvalidInput' });
  });

  it('replace what has to go first within one batch', async () => {
    await submit(
      id,
      change('DELETE', setOf(`c.${zone}`, 'CNAME', 'a.batch.example')),
      change('CREATE', setOf(`c.${zone}`, 'A', '192.0.2.3')),
    );
    assert.deepEqual(await test.resolver.resolve4(`c.${zone}`), ['192.0.2.3']);
    await submit(id, change('UPSERT', setOf(`c.${zone}`, 'A', '192.0.2.4')));
    assert.deepEqual(await test.resolver.resolve4(`c.${zone}`, { ttl: true }), [
      { address: '192.0.2.4', ttl: 7 },
    ]);
  });
});

describe('lists of record sets', () => {
  it('go by the labels from the last to the first, page after page', async () => {
    const id = await makeZone('order.example');
    const names = ['b.order.example', 'a.b.order.example', '*.order.example', 'a.order.example'];
    await create(id, ...names.map((name) => setOf(name, 'A', '192.0.2.1')));
    await create(id, setOf('A.order.example.', 'TXT', '"x"'));
    const seen: string[] = [];
    let next = {};
    for (;;) {
      const page = await test.client.listResourceRecordSets({ HostedZoneId: id, MaxItems: 2, ...next });
      seen.push(...page.ResourceRecordSets!.map(({ Name, Type }) => `${Name} ${Type}`));
      if (!page.IsTruncated) break;
      next = { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType };
    }
    assert.deepEqual(seen, [
      'order.example. NS',
      'order.example. SOA',
      '\\052.order.example. A',
      'a.order.example. A',
      'a.order.example. TXT',
      'b.order.example. A',
      'a.b.order.example. A',
    ]);
    await assert.rejects(test.client.listResourceRecordSets({ HostedZoneId: id, StartRecordType: 'A' }), {
      name: 'InvalidInput',
    });
  });

  it('show what others compute among the rest, and keep it from being changed', async () => {
    const id = await makeZone('computed.example');
    await create(id, setOf('read2.computed.example', 'CNAME', 'stale.example'));
    test.computed.push({
      accountId: '000000000000',
      name: 'read2.computed.example',
      type: 'CNAME',
      ttlSeconds: 5,
      value: 'demo-002.cache.test',
      keeper: 'replication group demo',
    });
    const { ResourceRecordSets } = await test.client.listResourceRecordSets({ HostedZoneId: id });
    assert.deepEqual(
      ResourceRecordSets!.map(({ Name, ResourceRecords }) => [Name, ResourceRecords![0]!.Value]).slice(2),
      [['read2.computed.example.', 'demo-002.cache.test']],
    );
    await refused(
      submit(id, change('UPSERT', setOf('read2.computed.example', 'CNAME', 'mine.example'))),
      "The resource record set [name='read2.computed.example.', type='CNAME'] is managed by Millpond for replication group demo",
    );
    // What was stored before can go, by the values that are shown instead of it; the computed one stays.
    await submit(id, { Action: 'DELETE', ResourceRecordSet: ResourceRecordSets!.at(-1)! });
    await refused(
      submit(id, { Action: 'DELETE', ResourceRecordSet: ResourceRecordSets!.at(-1)! }),
      "The resource record set [name='read2.computed.example.', type='CNAME'] is managed by Millpond for replication group demo",
    );
    test.computed.length = 0;
    const after = await test.client.listResourceRecordSets({ HostedZoneId: id });
    assert.equal(after.ResourceRecordSets!.length, 2);
  });
});

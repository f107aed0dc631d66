// Names of Route 53's zones, asked of a real DNS server: by dig where it is there, and by Node's resolver.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { openStore } from '../../src/store/store.ts';
import { findProgram, run, withoutProgram } from '../support/outside-clients.ts';
import { startTestRoute53, type TestRoute53 } from '../support/route53.ts';

const DIG = findProgram('dig');
const ZONE = 'names.example';

let test: TestRoute53;
let id: string;

before(async () => {
  test = await startTestRoute53();
  id = await makeZone(ZONE);
});
after(() => test?.stop());

async function makeZone(Name: string, more: object = {}): Promise<string> {
  const CallerReference = `${Name} ${JSON.stringify(more)}`;
  const { HostedZone } = await test.client.createHostedZone({ Name, CallerReference, ...more });
  return HostedZone!.Id!.split('/').pop()!;
}

const put = (zoneId: string, ...sets: ResourceRecordSet[]) =>
  test.client.changeResourceRecordSets({
    HostedZoneId: zoneId,
    ChangeBatch: { Changes: sets.map((set) => ({ Action: 'UPSERT', ResourceRecordSet: set })) },
  });

const setOf = (Name: string, Type: string, ...values: string[]): ResourceRecordSet => ({
  Name,
  Type: Type as 'A',
  TTL: 30,
  ResourceRecords: values.map((Value) => ({ Value })),
});

async function dig(name: string, type: string): Promise<string> {
  const { address, port } = test.dns;
  const { stdout } = await run(DIG!, [`@${address}`, '-p', `${port}`, '+tries=1', name, type]);
  return stdout;
}

const SETS: [set: ResourceRecordSet, name: string, answer: RegExp][] = [
  [setOf(`a.${ZONE}`, 'A', '192.0.2.1'), `A.${ZONE}`, /\t30\tIN\tA\t192\.0\.2\.1\n/],
  [setOf(`six.${ZONE}`, 'AAAA', '2001:DB8::1'), `six.${ZONE}`, /AAAA\t2001:db8::1\n/],
  [setOf(`mixed.${ZONE}`, 'AAAA', '::ffff:192.0.2.1'), `mixed.${ZONE}`, /AAAA\t::ffff:192\.0\.2\.1\n/],
  [setOf(`zero.six.${ZONE}`, 'AAAA', '::'), `zero.six.${ZONE}`, /AAAA\t::\n/],
  [setOf(ZONE, 'MX', '10 mail.example', '20 b.mail.example.'), ZONE, /MX\t10 mail\.example\.\n/],
  [
    setOf(`_redis._tcp.${ZONE}`, 'SRV', `1 2 6379 a.${ZONE}`),
    `_redis._tcp.${ZONE}`,
    /SRV\t1 2 6379 a\.names\.example\.\n/,
  ],
  [setOf(`text.${ZONE}`, 'TXT', '"a b" "c\\"d\\303\\251"'), `text.${ZONE}`, /TXT\t"a b" "c\\"d\\195\\169"\n/],
  [setOf(`1.${ZONE}`, 'PTR', `host.${ZONE}`), `1.${ZONE}`, /PTR\thost\.names\.example\.\n/],
  [setOf(`sub.${ZONE}`, 'NS', 'ns.other.example'), `sub.${ZONE}`, /NS\tns\.other\.example\.\n/],
];

describe('dig', { skip: withoutProgram('dig') }, () => {
  for (const [set, name, answer] of SETS) {
    it(`sees ${set.Type} ${set.Name}`, async () => {
      await put(id, set);
      assert.match(await dig(name, set.Type!), answer);
    });
  }

  it('sees the zone’s own NS and SOA', async () => {
    assert.match(
      await dig(ZONE, 'SOA'),
      /\t900\tIN\tSOA\tns-\d+\.awsdns-\d\d\.com\. awsdns-hostmaster\.amazon\.com\. 1 7200 900 1209600 86400/,
    );
    assert.equal((await dig(ZONE, 'NS')).match(/\tIN\tNS\tns-/g)?.length, 4);
  });

  it('is told NXDOMAIN and NODATA, each with the zone’s SOA', async () => {
    await put(id, setOf(`deep.down.${ZONE}`, 'A', '192.0.2.7'));
    const absent = await dig(`nobody.${ZONE}`, 'A');
    assert.match(absent, /status: NXDOMAIN/);
    assert.match(absent, /\nnames\.example\.\t+\d+\tIN\tSOA/);
    for (const name of [`down.${ZONE}`, `deep.down.${ZONE}`]) {
      const empty = await dig(name, 'AAAA');
      assert.match(empty, /status: NOERROR/, name);
      assert.match(empty, /ANSWER: 0/, name);
      assert.match(empty, /\tIN\tSOA/, name);
    }
  });

  it('follows a CNAME into another zone', async () => {
    const other = await makeZone('target.test');
    await put(other, setOf('node.target.test', 'A', '127.9.0.4'));
    await put(id, setOf(`chain.${ZONE}`, 'CNAME', 'node.target.test'));
    const answer = await dig(`chain.${ZONE}`, 'A');
    assert.match(answer, /CNAME\tnode\.target\.test\.\n/);
    assert.match(answer, /node\.target\.test\.\t30\tIN\tA\t127\.9\.0\.4\n/);
  });
});

const addressesOf = (name: string) => test.resolver.resolve4(name);

/** What comes up in so many answers, and how often. */
async function tally(name: string, rounds: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    for (const address of await addressesOf(name)) counts[address] = (counts[address] ?? 0) + 1;
  }
  return counts;
}

describe('which record sets answer', () => {
  const routed = (name: string, SetIdentifier: string, address: string, more: object): ResourceRecordSet => ({
    ...setOf(name, 'A', address),
    SetIdentifier,
    ...more,
  });

  it('a wildcard answers for what is not there, but not below what is', async () => {
    await put(id, setOf(`*.wild.${ZONE}`, 'A', '192.0.2.50'), setOf(`own.wild.${ZONE}`, 'A', '192.0.2.51'));
    assert.deepEqual(await addressesOf(`x.wild.${ZONE}`), ['192.0.2.50']);
    assert.deepEqual(await addressesOf(`x.y.wild.${ZONE}`), ['192.0.2.50']);
    assert.deepEqual(await addressesOf(`own.wild.${ZONE}`), ['192.0.2.51']);
    await assert.rejects(addressesOf(`x.own.wild.${ZONE}`), { code: 'ENOTFOUND' });
  });

  it('weighted ones by their weight, and by none when all weigh nothing', async () => {
    const name = `weighted.${ZONE}`;
    await put(
      id,
      routed(name, 'heavy', '192.0.2.1', { Weight: 9 }),
      routed(name, 'light', '192.0.2.2', { Weight: 1 }),
      routed(name, 'none', '192.0.2.3', { Weight: 0 }),
    );
    const counts = await tally(name, 200);
    assert.deepEqual(Object.keys(counts).sort(), ['192.0.2.1', '192.0.2.2']);
    assert.ok(counts['192.0.2.1']! > 150 && counts['192.0.2.2']! >= 5, JSON.stringify(counts));
    await put(
      id,
      ...['a', 'b'].map((set, index) => routed(`zero.${ZONE}`, set, `192.0.2.${index}`, { Weight: 0 })),
    );
    assert.equal(Object.keys(await tally(`zero.${ZONE}`, 60)).length, 2);
  });

  it('of multivalue answers eight at most', async () => {
    const name = `many.${ZONE}`;
    const sets = Array.from({ length: 12 }, (_, index) =>
      routed(name, `set-${index}`, `192.0.2.${index}`, { MultiValueAnswer: true }),
    );
    await put(id, ...sets);
    assert.equal((await addressesOf(name)).length, 8);
    assert.equal(Object.keys(await tally(name, 40)).length, 12);
  });

  it('the primary one, the one of the own region, the one for everywhere', async () => {
    const cases: [name: string, one: object, other: object][] = [
      ['failover', { Failover: 'SECONDARY' }, { Failover: 'PRIMARY' }],
      ['latency', { Region: 'eu-west-1' }, { Region: 'us-east-1' }],
      ['geo', { GeoLocation: { CountryCode: 'PL' } }, { GeoLocation: { CountryCode: '*' } }],
    ];
    for (const [name, one, other] of cases) {
      await put(
        id,
        routed(`${name}.${ZONE}`, '1', '192.0.2.1', one),
        routed(`${name}.${ZONE}`, '2', '192.0.2.2', other),
      );
      assert.deepEqual(await addressesOf(`${name}.${ZONE}`), ['192.0.2.2'], name);
    }
  });

  it('an alias answers with what it leads to, also at the apex', async () => {
    await put(id, setOf(`real.${ZONE}`, 'A', '192.0.2.60'));
    const AliasTarget = { HostedZoneId: id, DNSName: `real.${ZONE}`, EvaluateTargetHealth: false };
    await put(id, { Name: ZONE, Type: 'A', AliasTarget });
    assert.deepEqual(await test.resolver.resolve4(ZONE, { ttl: true }), [{ address: '192.0.2.60', ttl: 30 }]);
    const { RecordData, ResponseCode } = await test.client.testDNSAnswer({
      HostedZoneId: id,
      RecordName: ZONE,
      RecordType: 'A',
    });
    assert.deepEqual([RecordData, ResponseCode], [['192.0.2.60'], 'NOERROR']);
    const loop = { HostedZoneId: id, DNSName: `loop.${ZONE}`, EvaluateTargetHealth: false };
    await put(id, { Name: `loop.${ZONE}`, Type: 'A', AliasTarget: loop });
    await assert.rejects(addressesOf(`loop.${ZONE}`), { code: 'ENODATA' });
  });
});

describe('zones of one name', () => {
  it('the private one hides the public one', async () => {
    const name = 'both.example';
    const open = await makeZone(name);
    await put(open, setOf(`www.${name}`, 'A', '192.0.2.1'), setOf(`only.${name}`, 'A', '192.0.2.2'));
    assert.deepEqual(await addressesOf(`www.${name}`), ['192.0.2.1']);
    const VPC = { VPCId: test.vpcId, VPCRegion: 'us-east-1' as const };
    const hidden = await makeZone(name, { VPC });
    await put(hidden, setOf(`www.${name}`, 'A', '10.0.0.1'));
    assert.deepEqual(await addressesOf(`www.${name}`), ['10.0.0.1']);
    await assert.rejects(addressesOf(`only.${name}`), { code: 'ENOTFOUND' });
  });

  it('the longer one answers', async () => {
    await put(id, setOf(`www.below.${ZONE}`, 'A', '192.0.2.1'));
    const below = await makeZone(`below.${ZONE}`);
    await assert.rejects(addressesOf(`www.below.${ZONE}`), { code: 'ENOTFOUND' });
    await test.client.deleteHostedZone({ Id: below });
    assert.deepEqual(await addressesOf(`www.below.${ZONE}`), ['192.0.2.1']);
  });
});

it('answers the same after a new start, and nothing of a deleted zone', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-route53-'));
  const file = join(directory, 'state.sqlite');
  const running = test;
  try {
    test = await startTestRoute53(openStore(file));
    const kept = await makeZone('kept.example');
    const gone = await makeZone('gone.example');
    await put(kept, setOf('www.kept.example', 'A', '192.0.2.1'));
    await test.client.deleteHostedZone({ Id: gone });
    await test.stop();
    test = await startTestRoute53(openStore(file));
    assert.deepEqual(await addressesOf('www.kept.example'), ['192.0.2.1']);
    await assert.rejects(addressesOf('www.gone.example'), /./);
    const { HostedZone } = await test.client.getHostedZone({ Id: kept });
    assert.equal(HostedZone!.ResourceRecordSetCount, 3);
    await test.stop();
  } finally {
    test = running;
    rmSync(directory, { recursive: true, force: true });
  }
});

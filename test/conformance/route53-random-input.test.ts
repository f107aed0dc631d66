// Random input of every operation of Route 53: each is answered or refused by name, never with a failure of Millpond's
// own, and whatever a zone then holds can be asked over DNS.

import { it } from 'node:test';
import { createZoneTable } from '../../src/dns/zone-table.ts';
import { createEc2 } from '../../src/services/ec2/service.ts';
import { RECORD_TYPES } from '../../src/services/route53/domain/record-set.ts';
import { createRoute53 } from '../../src/services/route53/service.ts';
import { openStore } from '../../src/store/store.ts';
import { createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import { Outcomes } from '../support/outcomes.ts';
import { randomInput, seededRandom } from '../support/random-input.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const ROUNDS = 500;
const NAMES = [
  'z.test',
  'a.z.test',
  'b.a.z.test',
  '*.z.test',
  '\\052.a.z.test.',
  'x\\101.z.test',
  'other.test',
];
const VALUES = [
  '192.0.2.1',
  '::1',
  '10 a.z.test',
  '1 2 3 b.z.test',
  '1 2 3 .',
  '"text" "\\377"',
  'a.z.test',
  '"',
];

const SETS = NAMES.flatMap((Name) =>
  RECORD_TYPES.flatMap((Type) =>
    VALUES.flatMap((Value) => [
      { Name, Type, TTL: 5, ResourceRecords: [{ Value }] },
      { Name, Type, TTL: 5, ResourceRecords: [{ Value }], SetIdentifier: 'a', Weight: 1 },
      { Name, Type, TTL: 5, ResourceRecords: [{ Value }], SetIdentifier: 'b', MultiValueAnswer: true },
      { Name, Type, AliasTarget: { HostedZoneId: 'Z', DNSName: Value, EvaluateTargetHealth: false } },
    ]),
  ),
);

const LIMITS = ['MAX_HOSTED_ZONES_BY_OWNER', 'MAX_RRSETS_BY_ZONE', 'MAX_VPCS_ASSOCIATED_BY_ZONE'];

/** Why these may be refused whatever they are asked. */
const MAY_BE_REFUSED = {};

const outcomes = new Outcomes();

for (const seed of [1, 2, 20_261_121]) {
  it(`answers or refuses whatever comes, seed ${seed}`, async () => {
    const random = seededRandom(seed);
    const parts = { store: openStore(':memory:'), clock: { now: () => 1 } };
    const ec2 = createClient<typeof import('@aws-sdk/client-ec2')>('ec2', { inProcess: createEc2(parts) });
    const { service, answerIn } = await createRoute53({ ...parts, ec2, region: 'us-east-1', random });
    const table = createZoneTable();
    answerIn(table);
    const client = createClient<Record<string, never>>('route53', { inProcess: service });
    const call = client.call as unknown as (
      operation: string,
      input: object,
      scope: object,
    ) => Promise<Answer>;
    const schema = loadSchema('route53');
    const zoneIds: string[] = [];
    const changeIds: string[] = [];
    await ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16' }, SCOPE);
    const vpcs = (await ec2.call('DescribeVpcs', {}, SCOPE)).Vpcs!.map(({ VpcId }) => VpcId!);
    const ofVpcs = vpcs.map((VPCId) => ({ VPCId, VPCRegion: 'us-east-1' }));
    // Batches are refused for any one of their changes, and so asked for more often.
    const operations = [...Object.keys(service.operations), ...Array(3).fill('ChangeResourceRecordSets')];
    for (let round = 0; round < ROUNDS; round++) {
      for (const operation of operations) {
        if (operation === 'DeleteHostedZone' && round % 9 !== 0) continue;
        const input = randomInput(schema.operation(operation)!.input as Structure, random, {
          nastiness: 0.05,
          known: {
            ...{ DNSName: NAMES, RecordName: NAMES, StartRecordName: NAMES, Name: NAMES },
            ...{ RecordType: RECORD_TYPES, ResourceRecordSet: SETS, Action: ['CREATE', 'UPSERT', 'DELETE'] },
            ...{ HostedZoneId: zoneIds, ResourceId: zoneIds, ResourceType: ['hostedzone'] },
            ...{ Id: operation === 'GetChange' ? changeIds : zoneIds },
            ...{ VPC: [undefined, ...ofVpcs], DelegationSetId: [undefined] },
            ...{ HostedZoneConfig: [undefined, { PrivateZone: true }] },
            ...{ Type: LIMITS, VPCId: vpcs, VPCRegion: ['us-east-1'] },
            ...{ ResourceIds: zoneIds.map((id) => [id]), MaxItems: [undefined] },
          },
        });
        try {
          const answer = await call(operation, input, SCOPE);
          outcomes.answered(operation);
          if (operation === 'CreateHostedZone')
            zoneIds.push(answer.HostedZone!.Id.slice('/hostedzone/'.length));
          if (answer.ChangeInfo) changeIds.push(answer.ChangeInfo.Id);
        } catch (error) {
          if (error instanceof Fault) {
            outcomes.refused(operation, error.shape);
            continue;
          }
          throw new Error(`${operation} ${JSON.stringify(input).slice(0, 2000)}`, { cause: error });
        }
      }
      for (const name of NAMES) table.zoneOf(name)?.lookup(name);
    }
  });
}

it('answers each of them now and then', () => outcomes.assertAnswered(MAY_BE_REFUSED));

interface Answer {
  HostedZone?: { Id: string };
  ChangeInfo?: { Id: string };
}

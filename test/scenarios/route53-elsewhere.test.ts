// Two Millponds, one using the other's Route 53: the names of its replicas are kept right there, through the API.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import {
  CreateReplicationGroupCommand,
  DeleteReplicationGroupCommand,
  TestFailoverCommand,
} from '@aws-sdk/client-elasticache';
import { Route53 } from '@aws-sdk/client-route-53';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { eventually, untilAvailable } from '../support/replication-groups.ts';

const DOMAIN = 'private.redisdub.pl';

let owner: TestMillpond;
let user: TestMillpond;
let route53: Route53;
let HostedZoneId: string;

before(async () => {
  // As for any program that uses AWS: whoever is called elsewhere is called by the SDK.
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  owner = await startTestMillpond();
  user = await startTestMillpond({ failureDetectionMs: '500' }, { AWS_ENDPOINT_URL_ROUTE_53: owner.url });
  route53 = new Route53({ endpoint: owner.url, region: 'us-east-1' });
  const { HostedZone } = await route53.createHostedZone({ Name: DOMAIN, CallerReference: 'one' });
  HostedZoneId = HostedZone!.Id!;
});
after(async () => {
  route53?.destroy();
  await user?.stop();
  await owner?.stop();
});

/** `read1=demo-002`…, as the zone's owner answers over DNS. */
async function shown(): Promise<string> {
  const { ResourceRecordSets } = await route53.listResourceRecordSets({ HostedZoneId });
  const names = ResourceRecordSets!.filter(({ Type }) => Type === 'CNAME').map(({ Name }) => Name!);
  const hosts = await Promise.all(names.map((name) => owner.resolver.resolveCname(name.slice(0, -1))));
  return names.map((name, index) => `${name.split('.')[0]}=${hosts[index]![0]!.split('.')[0]}`).join();
}

it('names follow a failover there, and go with the group', async () => {
  await user.elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: 'demo',
      ReplicationGroupDescription: 'names elsewhere',
      CacheNodeType: 'cache.t4g.micro',
      Engine: 'redis',
      NumCacheClusters: 3,
      AutomaticFailoverEnabled: true,
      Tags: [{ Key: 'millpond:replica-names', Value: `read.${DOMAIN}` }],
    }),
  );
  await untilAvailable(user.elasticache, 'demo');
  await eventually('both names', async () => (await shown()) === 'read1=demo-002,read2=demo-003');
  await user.elasticache.send(new TestFailoverCommand({ ReplicationGroupId: 'demo', NodeGroupId: '0001' }));
  await eventually('the demoted one in the place of the promoted', async () =>
    /^read1=demo-001,read2=demo-003$|^read1=demo-002,read2=demo-001$/.test(await shown()),
  );
  await untilAvailable(user.elasticache, 'demo');
  await user.elasticache.send(new DeleteReplicationGroupCommand({ ReplicationGroupId: 'demo' }));
  await eventually('no names', async () => (await shown()) === '');
  const { ResourceRecordSets } = await route53.listResourceRecordSets({ HostedZoneId });
  assert.equal(ResourceRecordSets!.length, 2);
});

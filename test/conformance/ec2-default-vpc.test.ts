// The default VPC, deleted and made again, as aws_default_vpc and aws_default_subnet do.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { refuses, serveEc2 } from '../support/ec2.ts';

it('a default VPC and its subnets can be deleted and made again', async (test) => {
  const { client, stop } = await serveEc2();
  test.after(stop);
  await refuses(
    client.createDefaultVpc({}),
    'DefaultVpcAlreadyExists',
    'A Default VPC already exists for this account in this region.',
  );
  await refuses(
    client.createDefaultSubnet({ AvailabilityZone: 'us-east-1a' }),
    'DefaultSubnetAlreadyExistsInAvailabilityZone',
  );
  const [first] = (await client.describeVpcs({})).Vpcs!;
  const [gateway] = (await client.describeInternetGateways({})).InternetGateways!;
  const InternetGatewayId = gateway!.InternetGatewayId;
  await client.detachInternetGateway({ InternetGatewayId, VpcId: first!.VpcId });
  await client.deleteInternetGateway({ InternetGatewayId });
  for (const { SubnetId } of (await client.describeSubnets({})).Subnets!)
    await client.deleteSubnet({ SubnetId });
  await client.deleteVpc({ VpcId: first!.VpcId });
  await refuses(client.createDefaultSubnet({ AvailabilityZone: 'us-east-1a' }), 'DefaultVpcDoesNotExist');
  assert.deepEqual((await client.describeVpcs({})).Vpcs, []);

  const { Vpc } = await client.createDefaultVpc({});
  assert.deepEqual([Vpc!.IsDefault, Vpc!.CidrBlock], [true, '172.31.0.0/16']);
  assert.notEqual(Vpc!.VpcId, first!.VpcId);
  const Filters = [{ Name: 'vpc-id', Values: [Vpc!.VpcId!] }];
  const { Subnets } = await client.describeSubnets({ Filters });
  assert.equal(Subnets!.length, 6);
  const [acl] = (await client.describeNetworkAcls({ Filters })).NetworkAcls!;
  assert.equal(acl!.Associations!.length, 6);
  const [{ SubnetId, AvailabilityZone, CidrBlock } = {}] = Subnets!.slice(2);
  await client.deleteSubnet({ SubnetId });
  const again = await client.createDefaultSubnet({ AvailabilityZone });
  assert.deepEqual(
    [again.Subnet!.CidrBlock, again.Subnet!.DefaultForAz, again.Subnet!.MapPublicIpOnLaunch],
    [CidrBlock, true, true],
  );
  await refuses(client.createDefaultSubnet({ AvailabilityZone: 'us-east-1z' }), 'InvalidParameterValue');
});

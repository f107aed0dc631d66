import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OperationalError } from '../../kernel/errors.ts';
import type { NetworkInterface } from '../../network/network.ts';
import { Fault } from '../../wire/fault.ts';
import { environmentInterfaces } from './environment-interfaces.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const VPC = { recorded: { subnetIds: ['subnet-a', 'subnet-b', 'subnet-c'], securityGroupIds: ['sg-1'] } };
const full = () => new OperationalError('AddressUnavailable', 'The subnet has no free address.');

/** Opens interfaces, and rejects in the subnets of `errors`. */
function opener(errors: Record<string, Error> = {}) {
  const asked: (string | undefined)[] = [];
  const open = async (_scope: unknown, { subnetId }: { subnetId?: string | undefined }) => {
    asked.push(subnetId);
    const error = errors[subnetId ?? ''];
    if (error) throw error;
    return { address: subnetId } as NetworkInterface;
  };
  return { asked, open };
}

test('environments take the subnets of their function in turn', async () => {
  const { asked, open } = opener();
  const next = environmentInterfaces(open, SCOPE, VPC);
  for (let count = 0; count < 4; count++) await next();
  assert.deepEqual(asked, ['subnet-a', 'subnet-b', 'subnet-c', 'subnet-a']);
});

test('without a VpcConfig they are outside of every VPC', async () => {
  const { asked, open } = opener();
  await environmentInterfaces(open, SCOPE, { recorded: {} })();
  await environmentInterfaces(open, SCOPE, { recorded: { subnetIds: [] } })();
  assert.deepEqual(asked, [undefined, undefined]);
});

test('a full subnet is skipped; when all are full, the invocation gets AWS’s error', async () => {
  const { asked, open } = opener({ 'subnet-a': full() });
  assert.equal((await environmentInterfaces(open, SCOPE, VPC)()).address, 'subnet-b');
  assert.deepEqual(asked, ['subnet-a', 'subnet-b']);
  const none = opener({ 'subnet-a': full(), 'subnet-b': full(), 'subnet-c': full() });
  await assert.rejects(environmentInterfaces(none.open, SCOPE, VPC)(), {
    name: 'SubnetIPAddressLimitReachedException',
  });
  assert.equal(none.asked.length, 3);
});

test('errors of EC2 become those of Invoke', async () => {
  const table: [Error, string][] = [
    [new Fault('InvalidSubnetID.NotFound', 'x'), 'InvalidSubnetIDException'],
    [new Fault('InvalidGroup.NotFound', 'x'), 'InvalidSecurityGroupIDException'],
    [new Fault('InvalidParameter', 'x'), 'InvalidSecurityGroupIDException'],
    [new Fault('RequestLimitExceeded', 'x'), 'EC2UnexpectedException'],
    [new OperationalError('NetworkUnavailable', 'x'), 'OperationalError'],
  ];
  for (const [error, name] of table) {
    const { open } = opener({ 'subnet-a': error });
    await assert.rejects(environmentInterfaces(open, SCOPE, VPC)(), { name });
  }
});

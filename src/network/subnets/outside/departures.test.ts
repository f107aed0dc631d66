import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { OpenInterface } from '../../network.ts';
import { departuresOf } from './departures.ts';
import { rewriting } from './rules.ts';

const machine = (address: string, vpc?: string): OpenInterface => ({
  ...{ address, isThere: false, isOperator: false, securityGroupIds: [], hasPublicAddress: false },
  subnet:
    vpc === undefined
      ? undefined
      : { id: 'subnet-1', cidr: `${vpc}/24`, vpcId: 'vpc-1', vpcCidr: `${vpc}/16` },
});

it('a VPC whose range is that of machines outside of every VPC gives no way out', () => {
  const interfaces = [
    machine('100.64.0.4'),
    machine('100.64.0.5', '100.64.0.0'),
    machine('10.0.0.4', '10.0.0.0'),
  ];
  const departures = departuresOf(interfaces, { tables: [], natGateways: [], internetGateways: [] }, false);
  assert.deepEqual([[...departures.leaving], [...departures.staying]], [[], ['100.64.0.5']]);
  const rules = rewriting(departures);
  assert.match(rules, /add element inet millpond_outside staying { m64400005 \. 100\.64\.0\.5 }/);
  assert.ok(rules.indexOf('@staying drop') < rules.indexOf('ip saddr 100.64.0.0/16'));
});

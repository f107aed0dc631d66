import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Routes, RouteTable } from '../../routes.ts';
import { mayLeave } from './way-out.ts';

const toGateway = (gatewayId: string) => ({ destination: '0.0.0.0/0', gatewayId });
const toNat = (natGatewayId: string) => ({ destination: '0.0.0.0/0', natGatewayId });
const local = { destination: '10.0.0.0/16', gatewayId: 'local' };

const table = (routes: RouteTable['routes'], subnetIds: string[] = [], isMain = false): RouteTable => ({
  ...{ vpcId: 'vpc-1', isMain, subnetIds, routes: [local, ...routes] },
});
const nat = (subnetId: string, isPublic = true) => ({ id: 'nat-1', vpcId: 'vpc-1', subnetId, isPublic });
const igw = { id: 'igw-1', vpcIds: ['vpc-1'] };

const PUBLIC = table([toGateway('igw-1')], ['public']);

const cases: { it: string; routes: Partial<Routes>; function?: boolean; instance?: boolean }[] = [
  { it: 'no table', routes: {} },
  { it: 'a table with local routes only', routes: { tables: [table([], ['here'])] } },
  {
    it: 'a route to the internet gateway: with a public address only',
    routes: { tables: [table([toGateway('igw-1')], ['here'])], internetGateways: [igw] },
    instance: true,
  },
  {
    it: 'the main table, where the subnet has none of its own',
    routes: { tables: [table([toGateway('igw-1')], [], true)], internetGateways: [igw] },
    instance: true,
  },
  {
    it: 'the main table does not count where the subnet has one',
    routes: {
      tables: [table([toGateway('igw-1')], [], true), table([], ['here'])],
      internetGateways: [igw],
    },
  },
  {
    it: 'the main table of another VPC does not count',
    routes: {
      tables: [{ ...table([toGateway('igw-1')], [], true), vpcId: 'vpc-2' }],
      internetGateways: [igw],
    },
  },
  {
    it: 'a gateway that was detached',
    routes: {
      tables: [table([toGateway('igw-1')], ['here'])],
      internetGateways: [{ id: 'igw-1', vpcIds: [] }],
    },
  },
  {
    it: 'a gateway of another VPC',
    routes: {
      tables: [table([toGateway('igw-1')], ['here'])],
      internetGateways: [{ id: 'igw-1', vpcIds: ['vpc-2'] }],
    },
  },
  {
    it: 'a NAT gateway in a public subnet',
    routes: {
      tables: [table([toNat('nat-1')], ['here']), PUBLIC],
      internetGateways: [igw],
      natGateways: [nat('public')],
    },
    function: true,
    instance: true,
  },
  {
    it: 'a NAT gateway in a subnet without an internet gateway',
    routes: {
      tables: [table([toNat('nat-1')], ['here']), table([], ['public'])],
      internetGateways: [igw],
      natGateways: [nat('public')],
    },
  },
  {
    it: 'a NAT gateway in the subnet that it serves',
    routes: {
      tables: [table([toNat('nat-1')], ['here'])],
      internetGateways: [igw],
      natGateways: [nat('here')],
    },
  },
  {
    it: 'a NAT gateway that was deleted',
    routes: { tables: [table([toNat('nat-1')], ['here']), PUBLIC], internetGateways: [igw] },
  },
  {
    it: 'a private NAT gateway',
    routes: {
      tables: [table([toNat('nat-1')], ['here']), PUBLIC],
      internetGateways: [igw],
      natGateways: [nat('public', false)],
    },
  },
  {
    it: 'a route to a part of the outside',
    routes: {
      tables: [table([{ destination: '198.51.100.0/24', gatewayId: 'igw-1' }], ['here'])],
      internetGateways: [igw],
    },
  },
];

describe('mayLeave', () => {
  for (const { it: name, routes, function: functions = false, instance = false } of cases) {
    it(name, () => {
      const all = { tables: [], internetGateways: [], natGateways: [], ...routes };
      const subnet = { id: 'here', cidr: '10.0.1.0/24', vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16' };
      assert.equal(mayLeave({ subnet, hasPublicAddress: false }, all), functions);
      assert.equal(mayLeave({ subnet, hasPublicAddress: true }, all), instance);
      assert.ok(mayLeave({ subnet, hasPublicAddress: false }, undefined), 'the routes are unknown');
    });
  }

  it('what is outside of every VPC has a way out', () => {
    const none = { tables: [], internetGateways: [], natGateways: [] };
    assert.ok(mayLeave({ subnet: undefined, hasPublicAddress: false }, none));
  });
});

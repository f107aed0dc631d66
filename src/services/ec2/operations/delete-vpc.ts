// DeleteVpc: deletes a VPC and the resources that CreateVpc made with it.

import type { Scope } from '../../../aws/scope.ts';
import type { Ec2 } from '../context.ts';
import type { RouteTableRecord } from '../model.ts';
import { hasDependencies } from '../network-faults.ts';
import { countInterfaces } from '../network-interfaces.ts';
import type { Operation } from '../sdk.ts';

/** Throws DependencyViolation while the VPC contains anything else. */
export const DeleteVpc: Operation<'DeleteVpc'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const { vpcId } = ec2.records.vpcs.existing(context, input.VpcId);
    if (isInUse(ec2, context, vpcId)) throw hasDependencies('vpc', vpcId);
    for (const group of ec2.records.securityGroups.by(context, 'vpc', vpcId)) {
      ec2.records.securityGroups.remove(context, group.groupId);
    }
    for (const table of ec2.records.routeTables.by(context, 'vpc', vpcId)) {
      ec2.records.routeTables.remove(context, table.routeTableId);
    }
    for (const acl of ec2.records.networkAcls.by(context, 'vpc', vpcId)) {
      ec2.records.networkAcls.remove(context, acl.networkAclId);
    }
    ec2.records.vpcs.remove(context, vpcId);
  });
  return {};
};

/** The default group, the default ACL and the main route table do not count as use. */
function isInUse(ec2: Ec2, scope: Scope, vpcId: string): boolean {
  const count = (kind: { countBy(scope: Scope, index: string, key: string): number }) =>
    kind.countBy(scope, 'vpc', vpcId);
  return (
    count(ec2.records.subnets) > 0 ||
    count(ec2.records.vpcEndpoints) > 0 ||
    count(ec2.records.internetGateways) > 0 ||
    count(ec2.records.securityGroups) > 1 ||
    count(ec2.records.networkAcls) > 1 ||
    ec2.records.routeTables.by(scope, 'vpc', vpcId).some((table) => !isMain(table)) ||
    countInterfaces(ec2.records, scope, 'vpc', vpcId) > 0
  );
}

/** Whether the table is the main table of its VPC. */
const isMain = (table: RouteTableRecord): boolean =>
  table.associations.some((association) => association.subnetId === undefined);

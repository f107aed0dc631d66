// The network interfaces of functions in VPCs, for EC2. They exist while a function with them does.
//
// AWS: functions with the same subnet and the same security groups share an interface, which is named after one of them
// (docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html).

import type { Scope } from '../../aws/scope.ts';
import type { ServiceInterface } from '../../aws/service-interface.ts';
import { derivedHex, derivedUuid } from '../../kernel/ids.ts';
import type { FunctionRecord } from './domain/model.ts';
import { IN_VPC, type Records, versionsOf } from './records.ts';

/** The interfaces of an account's functions. */
export function interfacesOf(records: Pick<Records, 'functions'>, scope: Scope): ServiceInterface[] {
  const found = new Map<string, ServiceInterface>();
  for (const record of records.functions.by(scope, 'vpc', IN_VPC)) {
    for (const one of ofFunction(record, scope)) if (!found.has(one.key)) found.set(one.key, one);
  }
  return [...found.values()];
}

const ofFunction = (record: FunctionRecord, scope: Scope): ServiceInterface[] =>
  versionsOf(record).flatMap(({ recorded, modifiedAt }) =>
    (recorded.subnetIds ?? []).map((subnetId) => {
      const groupIds = [...new Set(recorded.securityGroupIds)].sort();
      const key = `lambda ${subnetId} ${groupIds.join()}`;
      return {
        ...{ key, subnetId, groupIds },
        description: `AWS Lambda VPC ENI-${record.name}-${derivedUuid(key)}`,
        // AWS: a session of the role through which Lambda acts.
        requesterId: `AROA${derivedHex(17, 'lambda', scope.accountId).toUpperCase()}:${scope.accountId}`,
        type: 'lambda' as const,
        createdAt: modifiedAt,
      };
    }),
  );

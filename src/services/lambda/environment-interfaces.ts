// The network interfaces of functions: each environment gets one, in a subnet of the function's VpcConfig.

import type { Scope } from '../../aws/scope.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { NetworkInterface } from '../../network/network.ts';
import { Fault } from '../../wire/fault.ts';
import type { OpenInterface } from '../manifest.ts';
import type { VersionRecord } from './domain/model.ts';
import { invalidGroup, invalidSubnet, noFreeAddress, unexpectedOfEc2 } from './faults.ts';

/**
 * Opens the interface of one environment. The environments of a version take its subnets in turn, and a full subnet is
 * skipped. Rejects with the faults that AWS answers to Invoke.
 */
export function environmentInterfaces(
  open: OpenInterface,
  scope: Scope,
  { recorded }: Pick<VersionRecord, 'recorded'>,
): () => Promise<NetworkInterface> {
  const { subnetIds = [], securityGroupIds = [] } = recorded;
  let next = 0;
  return async () => {
    // AWS: without a VpcConfig a function is outside of every VPC.
    const wanted = subnetIds.length === 0 ? [undefined] : inTurn(subnetIds, next++);
    for (const subnetId of wanted) {
      try {
        return await open(scope, { subnetId, securityGroupIds });
      } catch (error) {
        if (!isFull(error)) throw ofInvoke(error);
      }
    }
    throw noFreeAddress();
  };
}

const inTurn = (ids: readonly string[], first: number): string[] =>
  ids.map((_, index) => ids[(first + index) % ids.length]!);

const isFull = (error: unknown): boolean =>
  error instanceof OperationalError && error.code === 'AddressUnavailable';

function ofInvoke(error: unknown): unknown {
  if (!(error instanceof Fault)) return error;
  const code = error.code ?? error.shape;
  if (code.startsWith('InvalidSubnet')) return invalidSubnet();
  if (code.startsWith('InvalidGroup') || code === 'InvalidParameter') return invalidGroup();
  return unexpectedOfEc2(code, error.message);
}

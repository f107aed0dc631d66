// The network interfaces that other services have in a customer's subnets, as they tell EC2: a cache node's, a
// function's.

import { derivedHex } from '../kernel/ids.ts';
import type { Scope } from './scope.ts';

/** A network interface of a service. */
export interface ServiceInterface {
  /** Identifies it in its account and region, and never changes. */
  key: string;
  subnetId: string;
  /** Absent: EC2 shows some free address of the subnet. */
  privateIp?: string;
  /** None: the default group of the VPC. */
  groupIds: readonly string[];
  description: string;
  /** The service, or an id of the role in whose name it acts. */
  requesterId: string;
  type: 'interface' | 'lambda';
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** The interfaces of all services in an account and region. */
export type ServiceInterfaces = (scope: Scope) => Promise<readonly ServiceInterface[]>;

/** The id that EC2 shows for an interface with this key. */
export const interfaceIdOf = ({ accountId, region }: Scope, key: string): string =>
  `eni-${derivedHex(17, accountId, region, key)}`;

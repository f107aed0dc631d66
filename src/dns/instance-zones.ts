// Zones of EC2 instance names, which contain the address: `ip-10-0-0-12.ec2.internal`. As in a VPC, such a name
// resolves even when there is no such instance. An instance may be reached at another address of this host.

import { isIPv4 } from 'node:net';
import type { Zone } from './zone.ts';

const TTL_SECONDS = 60;
const NAME = /^ip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})\.(ec2|[a-z]{2}(-[a-z]+)+-\d+\.compute)\.internal$/;

const addressIn = (name: string): string | undefined => {
  const address = NAME.exec(name)?.slice(1, 5).join('.');
  return address !== undefined && isIPv4(address) ? address : undefined;
};

/** AWS: us-east-1 has `ec2.internal`, all other regions `REGION.compute.internal`. */
export const instanceZones = (reachedAt: (name: string) => string | undefined = () => undefined): Zone[] =>
  ['ec2.internal', 'compute.internal'].map((suffix) => ({
    suffix,
    owns: (name) => addressIn(name) !== undefined,
    lookup: (name) => [{ type: 'A', ttl: TTL_SECONDS, data: reachedAt(name) ?? addressIn(name)! }],
  }));

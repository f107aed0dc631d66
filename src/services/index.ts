// The only list of services.

import type { Service } from '../wire/service.ts';
import { createEc2 } from './ec2/service.ts';
import { createElastiCache } from './elasticache/service.ts';
import { sts } from './sts/service.ts';

export { createEc2, createElastiCache, sts };

/** In the order in which requests without a signature are tried. */
export const servicesOf = (parts: { elasticache: Service; ec2: Service }): Service[] => [
  parts.elasticache,
  parts.ec2,
  sts,
];

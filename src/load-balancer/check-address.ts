// One health check of an address.

import type { RequestOptions } from 'node:http';
import { markOf } from '../kernel/outgoing.ts';
import type { CheckOutcome } from './health-rules.ts';
import type { AddressTarget, HealthCheck } from './load-balancers.ts';

/** Never rejects. */
export function checkAddress(
  target: AddressTarget,
  check: HealthCheck,
  localAddress: string | undefined,
  userAgent: string,
): Promise<CheckOutcome> {
  const port = check.port ?? target.port;
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    ...{ host: target.address, port, path: check.path, agent: false, localAddress },
    // AWS: the certificates of targets are not verified.
    rejectUnauthorized: false,
    headers: {
      Host: `${target.address}:${port}`,
      Connection: 'close',
      'User-Agent': userAgent,
      'Accept-Encoding': 'gzip, compressed',
      ...markOf('elasticloadbalancing'),
    },
  };
  const { request } = process.getBuiltinModule(check.protocol === 'HTTPS' ? 'node:https' : 'node:http');
  return new Promise((resolve) => {
    const end = (outcome: CheckOutcome) => {
      clearTimeout(timer);
      resolve(outcome);
      sent.destroy();
    };
    const timer = setTimeout(() => end({ is: 'timed out' }), check.timeoutSeconds * 1_000);
    const sent = request(options, (response) => end({ is: 'answered', status: response.statusCode ?? 0 }));
    sent.on('error', () => end({ is: 'failed' }));
    sent.end();
  });
}

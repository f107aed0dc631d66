// What the Host header says of the service that is meant, where AWS's endpoints are called by their names.

import type { IncomingHttpHeaders } from 'node:http';
import { type AwsHost, parseAwsHost } from '../aws/hosts.ts';

const LOCAL = /\.localhost$/;

/** Lower case, without port. */
export const hostOf = (headers: IncomingHttpHeaders): string =>
  (headers.host ?? '').replace(/:\d*$/, '').toLowerCase();

/** `sts.amazonaws.com`, `sqs.us-east-1.amazonaws.com`; names below `localhost` are read as if they were AWS's. */
export const awsHostOf = (headers: IncomingHttpHeaders): AwsHost | undefined =>
  parseAwsHost(hostOf(headers).replace(LOCAL, '.amazonaws.com'));

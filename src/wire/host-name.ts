// Reads the service from the Host header when it is the name of an AWS endpoint.

import type { IncomingHttpHeaders } from 'node:http';
import { type AwsHost, parseAwsHost } from '../aws/hosts.ts';

const LOCAL = /\.localhost$/;

/** The host name in lower case, without port. */
export const hostOf = (headers: IncomingHttpHeaders): string =>
  (headers.host ?? '').replace(/:\d*$/, '').toLowerCase();

/** Parses `sts.amazonaws.com`, `sqs.us-east-1.amazonaws.com`, and the same names below `localhost`. */
export const awsHostOf = (headers: IncomingHttpHeaders): AwsHost | undefined =>
  parseAwsHost(hostOf(headers).replace(LOCAL, '.amazonaws.com'));

// Tells requests to the registry from those of ECR's API and of other services. Known before ECR is loaded.

import type { IncomingMessage } from 'node:http';
import { parseAwsHost } from '../../aws/hosts.ts';

const PATH = /^(?:https?:\/\/[^/]*)?\/v2(?:[/?]|$)/;

/**
 * Paths at `/v2` without a signature of AWS, under the name of a registry or a name that is no other endpoint's. APIs of
 * AWS with such paths are signed, and names of S3's buckets have three letters at least.
 */
export function isRegistryRequest({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): boolean {
  if (!PATH.test(url) || headers.authorization?.startsWith('AWS')) return false;
  if (url.includes('X-Amz-Signature=')) return false;
  const host = (headers.host ?? '').replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
  const aws = parseAwsHost(host.replace(/\.localhost$/, '.amazonaws.com'));
  return aws === undefined || aws.accountId !== undefined;
}

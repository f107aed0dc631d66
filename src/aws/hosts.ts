// The host names of AWS's own endpoints: what such a name says, which certificate names cover all of them, and which a
// region has. Pure. Who answers for them, and where, is not decided here.

import { REGIONS, regionOf } from './regions.ts';

export interface AwsHost {
  /** The endpoint's prefix, which for almost all services is the signing name: `sts`, `monitoring`, `s3`. */
  service: string;
  /** Absent from global names: `iam.amazonaws.com`, `bucket.s3.amazonaws.com`. */
  region?: string;
  /** Of S3's virtual hosts; it may hold dots. */
  bucket?: string;
}

const OLD_SQS = /^(?:(?<region>[a-z0-9-]+)\.)?queue$/;

/** What all these names end in. */
export const AWS_SUFFIXES = ['amazonaws.com', 'amazonaws.com.cn'] as const;

const SERVICE = /^(?<service>[a-z][a-z0-9]*?)(?:-fips)?(?:\.(?<region>[a-z0-9-]+))?$/;
// AWS: a dash or a dot before the region, and `dualstack` between; us-east-1 also has a name of its own.
const S3 =
  /^(?:(?<bucket>[^.]+(?:\.[^.]+)*?)\.)?s3(?:-external-1|-(?<dashed>[a-z0-9-]+)|(?:\.dualstack)?\.(?<region>[a-z0-9-]+))?$/;

/** `undefined` for what is no endpoint of a service; `host` is in lower case, without port or final dot. */
export function parseAwsHost(host: string): AwsHost | undefined {
  const suffix = AWS_SUFFIXES.find((end) => host.endsWith(`.${end}`));
  if (suffix === undefined) return undefined;
  const front = host.slice(0, -suffix.length - 1);
  return parseS3(front, suffix) ?? parseOldSqs(front, suffix) ?? parseService(front, suffix);
}

function parseS3(front: string, suffix: string): AwsHost | undefined {
  const { bucket, dashed, region = dashed } = S3.exec(front)?.groups ?? {};
  if (!S3.test(front) || !fits(region, suffix)) return undefined;
  return { service: 's3', ...(region && { region }), ...(bucket && { bucket }) };
}

/** AWS: the AWS CLI of version 1 still calls SQS so, whatever AWS_ENDPOINT_URL says. */
function parseOldSqs(front: string, suffix: string): AwsHost | undefined {
  const { region } = OLD_SQS.exec(front)?.groups ?? {};
  if (!OLD_SQS.test(front) || !fits(region, suffix)) return undefined;
  return { service: 'sqs', ...(region && { region }) };
}

function parseService(front: string, suffix: string): AwsHost | undefined {
  const { service, region } = SERVICE.exec(front)?.groups ?? {};
  if (service === undefined || !fits(region, suffix)) return undefined;
  return { service, ...(region && { region }) };
}

const fits = (region: string | undefined, suffix: string): boolean =>
  region === undefined || regionOf(region)?.dnsSuffix === suffix;

/** Wildcards for every name that `parseAwsHost` knows; as on AWS, none covers a bucket with dots. */
export function certificateNames(): string[] {
  const globalNames = AWS_SUFFIXES.flatMap((suffix) => [
    `*.${suffix}`,
    `*.s3.${suffix}`,
    `*.queue.${suffix}`,
  ]);
  const regionalNames = REGIONS.flatMap(({ name, dnsSuffix }) => [
    `*.${name}.${dnsSuffix}`,
    `*.s3.${name}.${dnsSuffix}`,
    `*.s3-${name}.${dnsSuffix}`,
    `*.dualstack.${name}.${dnsSuffix}`,
    `*.s3.dualstack.${name}.${dnsSuffix}`,
  ]);
  return [...globalNames, '*.s3-external-1.amazonaws.com', ...regionalNames];
}

/** The names of these services in one region, without those that begin with a bucket. */
export function hostNamesIn(region: string, services: readonly string[]): string[] {
  const suffix = regionOf(region)?.dnsSuffix ?? AWS_SUFFIXES[0];
  const old = services.includes('sqs') ? [`${region}.queue.${suffix}`, `queue.${suffix}`] : [];
  return [
    ...services.flatMap((service) => [`${service}.${region}.${suffix}`, `${service}.${suffix}`]),
    ...old,
  ];
}

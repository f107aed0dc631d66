// The host names of AWS's endpoints: how to parse them, which certificate names cover them, and which names a region
// has. Which server answers for them is decided elsewhere.

import { REGIONS, regionOf } from './regions.ts';

/** The parts of an endpoint's host name. */
export interface AwsHost {
  /** The endpoint's prefix, which for almost all services is the signing name: `sts`, `monitoring`, `s3`. */
  service: string;
  /** Absent from global names: `iam.amazonaws.com`, `bucket.s3.amazonaws.com`. */
  region?: string;
  /** Only in S3's virtual host names; it may contain dots. */
  bucket?: string;
  /** Only in the names of ECR's registries. */
  accountId?: string;
}

/** The suffixes of all these names. */
export const AWS_SUFFIXES = ['amazonaws.com', 'amazonaws.com.cn'] as const;

// AWS: the region follows a dash or a dot, optionally after `dualstack`; us-east-1 also has `s3-external-1`.
const S3 =
  /^(?:(?<bucket>[^.]+(?:\.[^.]+)*?)\.)?s3(?:-external-1|-(?<dashed>[a-z0-9-]+)|(?:\.dualstack)?\.(?<region>[a-z0-9-]+))?$/;
// AWS: version 1 of the AWS CLI uses this old name of SQS, even when AWS_ENDPOINT_URL is set.
const OLD_SQS = /^(?:(?<region>[a-z0-9-]+)\.)?queue$/;
// AWS: `api.ecr` is the prefix of ECR's API, and each account has a registry with a name of its own.
const ECR = /^(?:api\.ecr|(?<account>\d{12})\.dkr\.ecr)\.(?<region>[a-z0-9-]+)$/;
const OTHER = /^(?<prefix>[a-z][a-z0-9]*?)(?:-fips)?(?:\.(?<region>[a-z0-9-]+))?$/;

/** The forms of a host name before its suffix, in the order in which they are tried. */
const FORMS: readonly { pattern: RegExp; service?: string }[] = [
  { pattern: S3, service: 's3' },
  { pattern: OLD_SQS, service: 'sqs' },
  { pattern: ECR, service: 'ecr' },
  { pattern: OTHER },
];

/** Parses a host name in lower case, without port or final dot; `undefined` when it is not an AWS endpoint. */
export function parseAwsHost(host: string): AwsHost | undefined {
  const suffix = AWS_SUFFIXES.find((end) => host.endsWith(`.${end}`));
  if (suffix === undefined) return undefined;
  const front = host.slice(0, -suffix.length - 1);
  for (const { pattern, service } of FORMS) {
    const parts = pattern.exec(front)?.groups;
    if (!parts) continue;
    const { prefix, bucket, account, dashed, region = dashed } = parts;
    if (!fits(region, suffix)) continue;
    return {
      service: service ?? prefix!,
      ...(region && { region }),
      ...(bucket && { bucket }),
      ...(account && { accountId: account }),
    };
  }
  return undefined;
}

const fits = (region: string | undefined, suffix: string): boolean =>
  region === undefined || regionOf(region)?.dnsSuffix === suffix;

/** Wildcards for every name that `parseAwsHost` accepts, and for those of load balancers. AWS: no certificate covers a bucket whose name has dots. */
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
    `*.ecr.${name}.${dnsSuffix}`,
    `*.dkr.ecr.${name}.${dnsSuffix}`,
    `*.${balancerSuffix(name)}`,
  ]);
  return [...globalNames, '*.s3-external-1.amazonaws.com', ...regionalNames];
}

/**
 * The host names of these services in one region, without virtual hosts of buckets. A name that begins with a dot stands
 * for all names below it: the registries of all accounts.
 */
export function hostNamesIn(region: string, services: readonly string[]): string[] {
  const suffix = suffixOf(region);
  const old = services.includes('sqs') ? [`${region}.queue.${suffix}`, `queue.${suffix}`] : [];
  const registries = services.includes('ecr')
    ? [`api.ecr.${region}.${suffix}`, `.dkr.ecr.${region}.${suffix}`]
    : [];
  return [
    ...services.flatMap((service) => [`${service}.${region}.${suffix}`, `${service}.${suffix}`]),
    ...[...old, ...registries],
  ];
}

/** The host name of an account's registry in ECR. */
export const registryHost = ({ accountId, region }: { accountId: string; region: string }): string =>
  `${accountId}.dkr.ecr.${region}.${suffixOf(region)}`;

/** The suffix of the names of a region's load balancers: `us-east-1.elb.amazonaws.com`. */
export const balancerSuffix = (region: string): string => `${region}.elb.${suffixOf(region)}`;

const suffixOf = (region: string): string => regionOf(region)?.dnsSuffix ?? AWS_SUFFIXES[0];

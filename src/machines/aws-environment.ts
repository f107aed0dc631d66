// The environment variables that make AWS's tools and SDKs talk to Millpond: one list for functions, instances and
// `exec`. Pure; name resolution and files are handled elsewhere.

import { isIPv4 } from 'node:net';

/** What the variables are made of. */
export interface AwsSurroundings {
  /** The URL of the API, e.g. `http://127.0.0.1:4566`. */
  endpointUrl: string;
  region: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /**
   * The path, as the process sees it, of a bundle with Millpond's authority; absent when AWS's host names do not lead
   * here.
   */
  certificates?: string | undefined;
}

/**
 * The variables that name a certificate bundle, and whether to set them always. curl, and Go without SSL_CERT_FILE,
 * use the system's bundle.
 */
const CERTIFICATES = {
  /** The AWS CLI and boto3, which otherwise use their own bundle. */
  AWS_CA_BUNDLE: true,
  /** OpenSSL, and with it Python and Ruby; Go. */
  SSL_CERT_FILE: true,
  /** Python's requests, which has its own bundle. */
  REQUESTS_CA_BUNDLE: true,
  /** Node, in addition to its own bundle. */
  NODE_EXTRA_CA_CERTS: true,
  /** curl, where the user has set it. */
  CURL_CA_BUNDLE: false,
};

/** The bundles that the user's environment names; they must stay trusted. */
export function certificateFilesOf(environment: NodeJS.ProcessEnv): string[] {
  return Object.keys(CERTIFICATES)
    .map((name) => environment[name])
    .filter((path): path is string => Boolean(path));
}

/** The variables for one process. */
export function awsVariables(surroundings: AwsSurroundings): Record<string, string> {
  const { endpointUrl, region, credentials, certificates } = surroundings;
  return {
    // Read by SDKs since 2023; older ones use AWS's host names.
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_ENDPOINT_URL_S3_CONTROL: underName(endpointUrl),
    // SDKs read the first, the AWS CLI and Python the second.
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(credentials && {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...(credentials.sessionToken && { AWS_SESSION_TOKEN: credentials.sessionToken }),
    }),
    ...(certificates && certificateVariables(certificates)),
  };
}

/**
 * AWS: clients of S3 Control prepend the account to the host. Go and Node do not look up names that consist of
 * numbers only; Millpond's DNS server has the API's address for every name below `localhost`. `localhost` itself is each
 * machine's own.
 */
function underName(endpointUrl: string): string {
  const url = new URL(endpointUrl);
  if (isIPv4(url.hostname))
    url.hostname = url.hostname.startsWith('127.') ? 'localhost' : 's3-control.localhost';
  return url.href.replace(/\/$/, '');
}

/** Sets all variables to `certificates`; optional ones only where `environment` has them. */
export function certificateVariables(
  certificates: string,
  environment: NodeJS.ProcessEnv = {},
): Record<string, string> {
  const names = Object.entries(CERTIFICATES).filter(([name, always]) => always || environment[name]);
  return Object.fromEntries(names.map(([name]) => [name, certificates]));
}

// What a process inside finds in its environment so that AWS's tools and SDKs talk to Millpond: one list for functions,
// instances and `exec`. Pure; how names resolve and which files lie where is not decided here.

import { isIPv4 } from 'node:net';

export interface AwsSurroundings {
  /** e.g. `http://127.0.0.1:4566`. */
  endpointUrl: string;
  region: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** A bundle with Millpond's authority, as the process sees it; absent where no host name of AWS's leads here. */
  certificates?: string | undefined;
}

/** Who reads which bundle. curl, and Go without the second, take the machine's own. */
const CERTIFICATES = {
  /** The AWS CLI and boto3, which else bring their own. */
  AWS_CA_BUNDLE: true,
  /** OpenSSL, and so Python and Ruby; Go. */
  SSL_CERT_FILE: true,
  /** Python's requests, which brings its own. */
  REQUESTS_CA_BUNDLE: true,
  /** Node, beside its own. */
  NODE_EXTRA_CA_CERTS: true,
  /** curl, for those who point it elsewhere. */
  CURL_CA_BUNDLE: false,
};

/** Named by the user's environment, and to be trusted on. */
export function certificateFilesOf(environment: NodeJS.ProcessEnv): string[] {
  return Object.keys(CERTIFICATES)
    .map((name) => environment[name])
    .filter((path): path is string => Boolean(path));
}

export function awsVariables(surroundings: AwsSurroundings): Record<string, string> {
  const { endpointUrl, region, credentials, certificates } = surroundings;
  return {
    // SDKs since 2023; others go by the host names.
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_ENDPOINT_URL_S3_CONTROL: underName(endpointUrl),
    // The SDKs read the one, the AWS CLI and Python the other.
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
 * AWS: clients of S3 Control write the account in front of the host. What then has numbers alone is looked up by neither
 * Go nor Node; below `localhost` Millpond's DNS server has every name.
 */
function underName(endpointUrl: string): string {
  const url = new URL(endpointUrl);
  if (isIPv4(url.hostname)) url.hostname = 'localhost';
  return url.href.replace(/\/$/, '');
}

/** `certificates` everywhere; variables that only some have are changed where `environment` has them. */
export function certificateVariables(
  certificates: string,
  environment: NodeJS.ProcessEnv = {},
): Record<string, string> {
  const names = Object.entries(CERTIFICATES).filter(([name, always]) => always || environment[name]);
  return Object.fromEntries(names.map(([name]) => [name, certificates]));
}

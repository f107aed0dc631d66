// Sends one request to every service, so that all of them are loaded.

const QUERIES: Record<string, { action: string; version: string }> = {
  elasticache: { action: 'DescribeReplicationGroups', version: '2015-02-02' },
  ec2: { action: 'DescribeVpcs', version: '2016-11-15' },
  sts: { action: 'GetCallerIdentity', version: '2011-06-15' },
  cloudformation: { action: 'ListStacks', version: '2010-05-15' },
  iam: { action: 'ListRoles', version: '2010-05-08' },
  sns: { action: 'ListTopics', version: '2010-03-31' },
  monitoring: { action: 'ListMetrics', version: '2010-08-01' },
};
const TARGETS: Record<string, string> = {
  ecr: 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories',
  logs: 'Logs_20140328.DescribeLogGroups',
  sqs: 'AmazonSQS.ListQueues',
  ssm: 'AmazonSSM.DescribeParameters',
};
const PATHS: Record<string, string> = {
  lambda: '/2015-03-31/functions/',
  route53: '/2013-04-01/hostedzone',
  s3: '/',
};

/** The names of the services that are asked. */
export const SERVICES: readonly string[] = [QUERIES, TARGETS, PATHS].flatMap((each) => Object.keys(each));

/** Asks every service. Rejects when one does not answer as expected. */
export async function askEveryService(url: string): Promise<void> {
  for (const service of SERVICES) await askService(url, service);
}

/** Asks one service. Rejects when it does not answer as expected. */
export async function askService(url: string, service: string): Promise<void> {
  const scope = `test/20260101/us-east-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const { path = '/', headers, ...init } = requestTo(service);
  const response = await fetch(url + path, { ...init, headers: { ...headers, authorization } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service} answered ${response.status}: ${text}`);
}

function requestTo(service: string): RequestInit & { path?: string } {
  const path = PATHS[service];
  if (path !== undefined) return { path, method: 'GET' };
  const query = QUERIES[service];
  if (query) {
    const body = new URLSearchParams({ Action: query.action, Version: query.version });
    return { method: 'POST', body };
  }
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': TARGETS[service]! };
  return { method: 'POST', body: '{}', headers };
}

// One request to every service, so that all of them are loaded.

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
  logs: 'Logs_20140328.DescribeLogGroups',
  ssm: 'AmazonSSM.DescribeParameters',
};
const PATHS: Record<string, string> = {
  lambda: '/2015-03-31/functions/',
  route53: '/2013-04-01/hostedzone',
  s3: '/',
};

/** Rejects when one of them does not answer as it should. */
export async function askEveryService(url: string): Promise<void> {
  const ask = async (service: string, path: string, init: RequestInit) => {
    const scope = `test/20260101/us-east-1/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
    const response = await fetch(url + path, { ...init, headers: { ...init.headers, authorization } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service} answered ${response.status}: ${text}`);
  };
  for (const [service, { action, version }] of Object.entries(QUERIES)) {
    const body = new URLSearchParams({ Action: action, Version: version });
    await ask(service, '/', { method: 'POST', body });
  }
  for (const [service, target] of Object.entries(TARGETS)) {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
    await ask(service, '/', { method: 'POST', body: '{}', headers });
  }
  for (const [service, path] of Object.entries(PATHS)) await ask(service, path, { method: 'GET' });
}

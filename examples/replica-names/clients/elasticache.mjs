// The two calls to ElastiCache that the clients make, at AWS_ENDPOINT_URL, which `millpond exec` sets. Unsigned: for
// AWS itself, call TestFailover by other means and run the clients with `--failover-after 0`.

const LIMIT_MS = 10_000;
const API_VERSION = '2015-02-02';

/** Its members with the names of their nodes, and the name that leads to the primary. */
export async function describeGroup(id) {
  const answer = await call('DescribeReplicationGroups', { ReplicationGroupId: id });
  const members = [...answer.matchAll(/<NodeGroupMember>(.*?)<\/NodeGroupMember>/gs)].map(([, member]) => ({
    id: textIn(member, 'CacheClusterId'),
    name: textIn(textIn(member, 'ReadEndpoint'), 'Address'),
  }));
  return { members, primaryName: textIn(textIn(answer, 'PrimaryEndpoint'), 'Address') };
}

export const testFailover = (id) => call('TestFailover', { ReplicationGroupId: id, NodeGroupId: '0001' });

async function call(Action, parameters) {
  const url = process.env.AWS_ENDPOINT_URL;
  if (!url) throw new Error('AWS_ENDPOINT_URL is not set: run this by `millpond exec -- node …`.');
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const credential = `${process.env.AWS_ACCESS_KEY_ID ?? 'test'}/20260101/${region}/elasticache/aws4_request`;
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ Action, Version: API_VERSION, ...parameters }),
    // Says who asks, and in which region; the signature is nobody's.
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0` },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(textIn(text, 'Message') || `${Action} was answered ${answer.status}`);
  return text;
}

/** What stands in the first element of that name, elements included. */
function textIn(xml, name) {
  return new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1] ?? '';
}

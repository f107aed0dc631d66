// Every operation of every service with a schema, called through the SDK's client: the handler gets the input that the
// client was given, and the client returns the output of the handler.

import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { after, describe, it } from 'node:test';
import { AwsJson1_0Protocol, AwsJson1_1Protocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { EchoService } from '../../test/support/echo-service.ts';
import { ValueGenerator } from '../../test/support/generated-values.ts';
import { silentLog } from '../kernel/log.ts';
import { knownServices, loadSchema, type Operation, type ServiceSummary } from './schema.ts';
import { startWireServer, type WireServer } from './server.ts';

/** Operations whose round trip is not equal, and why. An entry whose round trip is equal fails the test. */
const EXEMPT: Record<string, Record<string, string>> = {
  s3: {
    ListDirectoryBuckets: 'the client signs it for another service: s3express',
    WriteGetObjectResponse: 'the client signs it for another service: s3-object-lambda',
  },
  's3-control': { CreateBucket: 'the client signs it for another service: s3-outposts' },
};

// biome-ignore lint/suspicious/noExplicitAny: SDK modules are chosen at run time
type Anything = any;

const servers: WireServer[] = [];
after(() => Promise.all(servers.map((server) => server.stop())));

/** Some resolvers do not resolve names below `localhost`. */
const toLoopback: NonNullable<ConstructorParameters<typeof Agent>[0]>['lookup'] = (_name, { all }, done) =>
  all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

async function connect(
  summary: ServiceSummary,
  echo: EchoService,
  more: object = {},
): Promise<{ sdk: Anything; client: Anything }> {
  const server = await startWireServer({
    services: [echo],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  servers.push(server);
  const sdk = await import(summary.package);
  const Client = sdk[Object.keys(sdk).find((key) => key.endsWith('Client') && key !== '__Client')!];
  const client = new Client({
    region: 'us-east-1',
    // S3 Control's client puts the account before the host name, so the host must not be an IP address.
    endpoint: server.url.replace('127.0.0.1', 'localhost'),
    requestHandler: { httpAgent: new Agent({ lookup: toLoopback }) },
    credentials: { accessKeyId: 'AK', secretAccessKey: 'SK' },
    maxAttempts: 1,
    forcePathStyle: true,
    disableHostPrefix: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    disableRequestCompression: true,
    useAccountIdEndpoint: false,
    accountIdEndpointMode: 'disabled',
    ...more,
  });
  return { sdk, client };
}

async function roundTrip(
  operation: Operation,
  echo: EchoService,
  send: (input: unknown) => Promise<Anything>,
) {
  const input = withoutConnectionHeaders(operation.input, new ValueGenerator(1).structure(operation.input));
  const output = withoutConnectionHeaders(
    operation.output,
    new ValueGenerator(1000).structure(operation.output),
  );
  echo.answers.set(operation.name, output);
  const received = await send(structuredClone(input));
  const asked = withoutConnectionHeaders(operation.input, { ...(echo.asked.get(operation.name) as object) });
  assert.deepEqual(comparable(asked), comparable(input), 'input');
  for (const [name, value] of Object.entries<Anything>(received)) {
    if (typeof value?.transformToByteArray === 'function')
      received[name] = await value.transformToByteArray();
  }
  const { $metadata: _, ...members } = received;
  assert.deepEqual(
    comparable(withoutConnectionHeaders(operation.output, members)),
    comparable(output),
    'output',
  );
}

// Headers with a meaning in HTTP, headers that S3's client hashes or encodes before it sends them, and one that it
// derives from another.
const NOT_AS_GIVEN =
  /^(content-(length|encoding|md5|type)|host|expect|expiresstring|x-amz-.*customer-key(-md5)?)$/i;

function withoutConnectionHeaders(shape: Operation['input'], value: Record<string, unknown>) {
  for (const { name, traits } of shape.members) {
    if (NOT_AS_GIVEN.test(traits.httpHeader ?? '')) delete value[name];
    if (name === 'ChecksumAlgorithm') value[name] = 'CRC32';
  }
  return value;
}

const hasEventStream = ({ input, output }: Operation): boolean =>
  [...input.members, ...output.members].some(
    ({ shape, traits }) =>
      shape.kind === 'structure' && shape.isUnion && (traits.streaming === 1 || shape.traits.streaming === 1),
  );

/** Converts all classes of bytes to one, so that deep equality compares the contents. */
function comparable(value: Anything): unknown {
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('base64')}`;
  if (Array.isArray(value)) return value.map(comparable);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (typeof value.toJSON === 'function') return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item)]));
}

async function differencesOf(summary: ServiceSummary, more: object = {}): Promise<string> {
  const echo = new EchoService(summary.name);
  const { sdk, client } = await connect(summary, echo, more);
  const differences: string[] = [];
  for (const name of loadSchema(summary.name).operationNames) {
    const operation = loadSchema(summary.name).operation(name)!;
    const exemption = EXEMPT[summary.name]?.[name];
    if (hasEventStream(operation)) continue;
    const send = (input: unknown) => client.send(new sdk[`${name}Command`](input));
    const difference = await roundTrip(operation, echo, send).then(
      () => (exemption ? 'is equal, so that it needs no exemption' : undefined),
      (error: Error) => (exemption ? undefined : error.message),
    );
    if (difference) differences.push(`${name}: ${difference}`);
  }
  return differences.join('\n');
}

/** SQS's client verifies checksums, so random ones would fail. */
const SETTINGS: Record<string, object> = { sqs: { md5: false } };

describe('every operation has an equal round trip from the SDK to its handler', () => {
  for (const summary of knownServices().values()) {
    it(`${summary.name} over ${summary.protocol}`, async () => {
      assert.equal(await differencesOf(summary, SETTINGS[summary.name]), '');
    });
  }
});

describe('a service has equal round trips over protocols other than its own', () => {
  const summary = knownServices().get('elasticache')!;
  const settings = { defaultNamespace: 'com.amazonaws.elasticache', serviceTarget: summary.targetPrefix };
  const protocols = {
    'awsJson 1.0': new AwsJson1_0Protocol({ ...settings, awsQueryCompatible: false }),
    'awsJson 1.1': new AwsJson1_1Protocol({ ...settings, awsQueryCompatible: false }),
    'rpc-v2-cbor': new AwsSmithyRpcV2CborProtocol({ ...settings, awsQueryCompatible: false }),
  };
  for (const [name, protocol] of Object.entries(protocols)) {
    it(name, async () => {
      assert.equal(await differencesOf(summary, { protocol }), '');
    });
  }
});

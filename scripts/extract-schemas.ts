// Writes src/wire/generated/ from the SDK's client packages: `npm run schemas`. Run it after an SDK package was added
// or updated, and commit the changes; a test compares.

import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { ServiceSummary } from '../src/wire/schema-file.ts';
import { readSdkSchema, renderServiceFile } from '../src/wire/sdk-schema.ts';

/** Every service of Millpond; to add one, install its package as a development dependency. */
export const SDK_PACKAGES = [
  '@aws-sdk/client-cloudformation',
  '@aws-sdk/client-cloudwatch',
  '@aws-sdk/client-cloudwatch-logs',
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-ec2',
  '@aws-sdk/client-ecr',
  '@aws-sdk/client-ecs',
  '@aws-sdk/client-elastic-load-balancing-v2',
  '@aws-sdk/client-elasticache',
  '@aws-sdk/client-iam',
  '@aws-sdk/client-lambda',
  '@aws-sdk/client-route-53',
  '@aws-sdk/client-s3',
  '@aws-sdk/client-s3-control',
  '@aws-sdk/client-sns',
  '@aws-sdk/client-sqs',
  '@aws-sdk/client-ssm',
  '@aws-sdk/client-sts',
];

/** AWS: S3 Control signs with the name of S3, and is told apart by the prefix of its endpoint. */
const NAMES: Readonly<Record<string, string>> = { '@aws-sdk/client-s3-control': 's3-control' };

export const GENERATED = new URL('../src/wire/generated/', import.meta.url);

/** File names in `generated/` with their contents. */
export async function extractSchemas(packages: readonly string[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const index: ServiceSummary[] = [];
  for (const packageName of packages) {
    const file = await readSdkSchema(packageName, NAMES[packageName]);
    const { name, serviceId, protocol, version, targetPrefix } = file;
    index.push({ name, serviceId, package: packageName, protocol, version, targetPrefix });
    files.set(`${name}.json`, renderServiceFile(file));
  }
  files.set('index.json', `[\n${index.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`);
  return files;
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const chosen = process.argv.slice(2);
  for (const [name, text] of await extractSchemas(chosen.length > 0 ? chosen : SDK_PACKAGES)) {
    await writeFile(new URL(name, GENERATED), text);
  }
}

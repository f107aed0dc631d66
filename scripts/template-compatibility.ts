// The part of docs/compatibility.md about templates and functions: resource types, intrinsic functions, runtimes. Every
// row comes from the code; only the remarks are written here.

import { globSync } from 'node:fs';
import { Runtime } from '@aws-sdk/client-lambda';
import type { ResourceType } from '../src/control/resource-type.ts';
import { familyOf } from '../src/sandbox/functions/runtimes.ts';
import { resourceSpecs } from '../src/services/cloudformation/resource-spec.ts';
import { FUNCTIONS } from '../src/services/cloudformation/template/functions.ts';
import { RULE_FUNCTIONS } from '../src/services/cloudformation/template/rules.ts';
import { SAM_TYPES } from '../src/services/cloudformation/template/sam/transform.ts';
import { ownTypes } from '../src/services/cloudformation/types/own-types.ts';
import { listed, table } from './markdown-table.ts';

const SOURCE = new URL('../src/', import.meta.url);

export async function renderTemplates(): Promise<string> {
  return [await renderResourceTypes(), renderFunctions(), renderRuntimes()].join('\n\n');
}

/** How a type is handled, by the beginning of its name; the longest match counts. */
const REMARKS: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::': 'real',
  'AWS::CloudFormation::CustomResource': 'real, as are all `Custom::…`: the function is asked and answers',
  'AWS::CloudWatch::Alarm': 'real: looks at its metric and tells its topics',
  'AWS::CloudWatch::Dashboard': 'kept and given back',
  'AWS::EC2::': 'recorded and described, with the rules of its making; no packet is led or stopped',
  'AWS::EC2::Instance': 'a place to run commands: `millpond ssm start-session`; user data is kept, not run',
  'AWS::EC2::KeyPair': 'recorded and described; the public key must be given',
  'AWS::EC2::LaunchTemplate': 'recorded and described; instances are made by it',
  'AWS::ElastiCache::': 'real',
  'AWS::ElastiCache::CacheCluster': 'real: one node',
  'AWS::ElastiCache::ReplicationGroup': 'real: nodes, names, failover, resharding',
  'AWS::IAM::': 'recorded and returned; nothing is enforced',
  'AWS::Lambda::': 'real',
  'AWS::Lambda::Permission': 'recorded and returned; nothing is enforced',
  'AWS::Logs::': 'real',
  'AWS::Route53::': 'real: answered by the DNS server',
  'AWS::S3::Bucket': 'real; its settings are kept and given back',
  'AWS::S3::BucketPolicy': 'kept and given back; nothing is allowed or denied by it',
  'AWS::SNS::': 'real',
  'AWS::SNS::TopicPolicy': 'kept and given back; nothing is allowed or denied by it',
  'AWS::SSM::': 'real',
};

async function renderResourceTypes(): Promise<string> {
  const types = (await resourceTypes()).sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = types.map((type) => {
    const spec = resourceSpecs().get(type.name);
    return [
      `\`${type.name}\``,
      type.recordedOnly ? 'recorded only: nothing comes of it' : remarkOn(type.name),
      spec?.identifier.length ? listed(spec.identifier) : '',
      type.update || type.recordedOnly ? 'yes' : 'replaces',
      spec?.attributes.length ? listed(spec.attributes) : '',
    ];
  });
  return [
    '## Resource types',
    'What a template may declare. Every property of a type is checked against AWS’s specification, and made through ' +
      'the service’s own operations, which refuse by name what they lack. Any other type fails validation, unless ' +
      'Millpond was started with `--unknown-resources record`.',
    'The identifier is the property that `Ref` gives, or a part of it. Attributes are those of the specification; of ' +
      'features that are missing here `Fn::GetAtt` fails.',
    table(['Type', 'What comes of it', 'Identifier', 'Changes in place', 'Attributes'], rows),
    `Transformed into these: ${listed([...SAM_TYPES].sort())} (\`AWS::Serverless-2016-10-31\`).`,
  ].join('\n\n');
}

function remarkOn(name: string): string {
  const found = Object.keys(REMARKS).filter((beginning) => name.startsWith(beginning));
  return REMARKS[found.sort((a, b) => b.length - a.length)[0] ?? ''] ?? '';
}

/** Without working clients: only the descriptions of the types are read. */
async function resourceTypes(): Promise<ResourceType[]> {
  const nobody = { call: () => Promise.reject(new Error('nothing runs here')) };
  // Some take a client, others an object with one.
  const client = { ...nobody, client: nobody };
  const files = globSync('services/*/cloudformation.ts', { cwd: SOURCE }).sort();
  const modules: Record<string, unknown>[] = await Promise.all(
    files.map((file) => import(new URL(file, SOURCE).href)),
  );
  const factories = modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) =>
      /Types$/.test(name) && typeof value === 'function' ? [value as (given: unknown) => ResourceType[]] : [],
    ),
  );
  return [...ownTypes({} as never, {} as never), ...factories.flatMap((make) => make(client))];
}

function renderFunctions(): string {
  return [
    '## Functions in templates',
    `Anywhere: ${listed(['Ref', ...FUNCTIONS.keys()])}, \`Fn::Transform\` with \`AWS::Include\`. In rules: ` +
      `${listed(RULE_FUNCTIONS)}. Dynamic references: ${listed(['ssm', 'ssm-secure'])}.`,
    'Refused by name: `Fn::ForEach`, macros other than `AWS::Include`, `AWS::Serverless-2016-10-31` and ' +
      '`AWS::LanguageExtensions`, and dynamic references to `secretsmanager`.',
  ].join('\n\n');
}

const RUNS = {
  node: 'Millpond’s own Node, whatever version is named; the AWS SDK as far as it is installed beside Millpond',
  python:
    'the same version of `python3` on the `PATH`, else the nearest, in a virtual environment with boto3 and pip',
  ruby: 'the same version of `ruby` on the `PATH`, else the nearest',
  program: 'the package’s or a layer’s own program',
};

function renderRuntimes(): string {
  const names = Object.values(Runtime).sort();
  const byFamily = Map.groupBy(names, familyOf);
  const rows = [...byFamily].map(([family, runtimes]) => [
    listed(runtimes),
    family ? RUNS[family] : 'nothing: such a function is refused',
  ]);
  return [
    '## Runtimes',
    'The function’s log says so where what runs is not the version that was named. The architecture is recorded.',
    table(['Runtime', 'What runs it'], rows),
  ].join('\n\n');
}

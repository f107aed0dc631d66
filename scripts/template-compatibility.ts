// The part of docs/compatibility.md about templates and functions: resource types, intrinsic functions, runtimes. Every
// row comes from the code; only the remarks are written here.

import { globSync } from 'node:fs';
import { Runtime } from '@aws-sdk/client-lambda';
import type { ResourceType } from '../src/control/resource-type.ts';
import { familyOf } from '../src/machines/functions/runtimes.ts';
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
  'AWS::CloudFormation::CustomResource': 'real, like all `Custom::…`: the function is invoked and answers',
  'AWS::CloudWatch::Alarm': 'real: evaluates its metric, notifies its topics and invokes its functions',
  'AWS::CloudWatch::Dashboard': 'real: its body is checked, kept and given back',
  'AWS::DynamoDB::Table': 'real; streams and global tables are refused',
  'AWS::EC2::':
    'recorded and described; with `--network subnets` security groups and default routes take effect, elsewhere no packet is routed or blocked',
  'AWS::EC2::Instance':
    'real: a machine that boots, runs its user data and takes SSH; where this host can run none, a place to run commands',
  'AWS::EC2::KeyPair': 'real: generated, with its private key in Parameter Store, or imported',
  'AWS::EC2::LaunchTemplate': 'recorded and described; instances use it',
  'AWS::ECR::Repository': 'real: a registry; its policies are recorded and not enforced',
  'AWS::ECS::': 'real: tasks run as containers; services are refused',
  'AWS::ElastiCache::': 'real',
  'AWS::ElastiCache::CacheCluster': 'real: one node',
  'AWS::ElastiCache::ReplicationGroup': 'real: nodes, names, failover, resharding',
  'AWS::ElasticLoadBalancingV2::': 'real: application load balancers that take requests',
  'AWS::IAM::': 'recorded and returned; nothing is enforced',
  'AWS::Lambda::': 'real',
  'AWS::Lambda::Permission': 'recorded and returned; nothing is enforced',
  'AWS::Logs::': 'real',
  'AWS::Logs::QueryDefinition': 'real: kept and given back',
  'AWS::Logs::SubscriptionFilter': 'real: events go to a function; other destinations are refused',
  'AWS::Route53::': 'real: answered by the DNS server',
  'AWS::S3::Bucket': 'real; its settings are recorded and returned',
  'AWS::S3::BucketPolicy': 'recorded and returned; not enforced',
  'AWS::SNS::': 'real',
  'AWS::SNS::TopicPolicy': 'recorded and returned; not enforced',
  'AWS::SQS::': 'real',
  'AWS::SQS::QueueInlinePolicy': 'recorded and returned; decides what topics may send',
  'AWS::SQS::QueuePolicy': 'recorded and returned; decides what topics may send',
  'AWS::SSM::': 'real',
  'Millpond::ElastiCache::Feed':
    'real: carries changes of a cache to a function, a table, a topic or a queue; AWS has no such type',
};

async function renderResourceTypes(): Promise<string> {
  const types = (await resourceTypes()).sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = types.map((type) => {
    const spec = resourceSpecs().get(type.name);
    return [
      `\`${type.name}\``,
      type.recordedOnly ? 'recorded only' : remarkOn(type.name),
      spec?.identifier.length ? listed(spec.identifier) : '',
      type.update || type.recordedOnly ? 'yes' : 'replaces',
      spec?.attributes.length ? listed(spec.attributes) : '',
    ];
  });
  return [
    '## Resource types',
    'The types that a template may declare. Every property is checked against AWS’s specification. Resources are ' +
      'created through the service’s own operations, which refuse unsupported settings and name them. Any other type ' +
      'fails validation, unless Millpond was started with `--unknown-resources record`.',
    'The identifier is the property that `Ref` returns, or a part of it. Attributes are those of the specification; ' +
      '`Fn::GetAtt` fails for attributes of unsupported features.',
    table(['Type', 'What comes of it', 'Identifier', 'Changes in place', 'Attributes'], rows),
    `Transformed into these: ${listed([...SAM_TYPES].sort())} (\`AWS::Serverless-2016-10-31\`).`,
  ].join('\n\n');
}

function remarkOn(name: string): string {
  const found = Object.keys(REMARKS).filter((beginning) => name.startsWith(beginning));
  if (found.length === 0) throw new Error(`REMARKS has nothing for ${name}.`);
  return REMARKS[found.sort((a, b) => b.length - a.length)[0]!]!;
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
      /Types$/.test(name) && typeof value === 'function'
        ? [value as (...given: unknown[]) => ResourceType[]]
        : [],
    ),
  );
  return [...ownTypes({} as never, {} as never), ...factories.flatMap((make) => make(client, {}))];
}

function renderFunctions(): string {
  return [
    '## Functions in templates',
    `Anywhere: ${listed(['Ref', ...FUNCTIONS.keys()])}, \`Fn::Transform\` with \`AWS::Include\`. In rules: ` +
      `${listed(RULE_FUNCTIONS)}. Dynamic references: ${listed(['ssm', 'ssm-secure'])}.`,
    'Refused with an error that names it: `Fn::ForEach`, macros other than `AWS::Include`, `AWS::Serverless-2016-10-31` and ' +
      '`AWS::LanguageExtensions`, and dynamic references to `secretsmanager`.',
  ].join('\n\n');
}

const RUNS = {
  node: 'Millpond’s own Node for every version; the clients of the AWS SDK that are installed with Millpond',
  python:
    'the same version of `python3` on the `PATH`, otherwise the nearest, in a virtual environment with boto3 and pip',
  ruby: 'the same version of `ruby` on the `PATH`, otherwise the nearest',
  program: 'the package’s or a layer’s own program',
};

function renderRuntimes(): string {
  const names = Object.values(Runtime).sort();
  const byFamily = Map.groupBy(names, familyOf);
  const rows = [...byFamily].map(([family, runtimes]) => [
    listed(runtimes),
    family ? RUNS[family] : 'none: such a function is refused',
  ]);
  return [
    '## Runtimes',
    'The function’s log says so when another version runs than the requested one. The architecture is recorded.',
    table(['Runtime', 'What runs it'], rows),
  ].join('\n\n');
}

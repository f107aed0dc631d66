// `{{resolve:ssm:/app/password:2}}` in evaluated values. They stay as they are in templates, change sets and stored
// properties, and are replaced just before a provider is called; a change of the text is the change.

import type { Value } from '../../../control/resource-type.ts';

export interface DynamicReference {
  /** With its braces. */
  text: string;
  service: 'ssm' | 'ssm-secure' | 'secretsmanager';
  /** What stands after the service: `/app/password:2`. */
  key: string;
}

const PATTERN = /\{\{resolve:([a-z-]+):([^{}]+)\}\}/g;
const SERVICES = new Set(['ssm', 'ssm-secure', 'secretsmanager']);

/** AWS: each text once, and at most this many in a template. */
export const MAX_DYNAMIC_REFERENCES = 60;

/** Where AWS takes a secure string: nowhere that could be read back. */
const SECURE_PROPERTIES = new Set([
  'AWS::ElastiCache::ReplicationGroup/AuthToken',
  'AWS::ElastiCache::User/Passwords',
  'AWS::IAM::User/LoginProfile/Password',
  'AWS::RDS::DBCluster/MasterUserPassword',
  'AWS::RDS::DBInstance/MasterUserPassword',
  'AWS::Redshift::Cluster/MasterUserPassword',
]);

export function dynamicReferencesIn(value: Value): DynamicReference[] {
  const found = new Map<string, DynamicReference>();
  for (const { text } of stringsIn(value, [])) {
    for (const [whole, service, key] of text.matchAll(PATTERN)) {
      if (!SERVICES.has(service!)) continue;
      found.set(whole, { text: whole, service: service as DynamicReference['service'], key: key! });
    }
  }
  return [...found.values()];
}

/**
 * Property paths at which a secure string would end up where it can be read; empty when all is well. Takes properties
 * as declared, calls and all, or evaluated.
 */
export function misplacedSecureReferences(type: string, properties: Value): string[] {
  return [...stringsIn(properties, [])]
    .filter(({ text }) => text.includes('{{resolve:ssm-secure:'))
    .map(({ path }) => `${type}/${path.filter((part) => !/^(\d+|Ref|Fn::\w+)$/.test(part)).join('/')}`)
    .filter((path) => !SECURE_PROPERTIES.has(path));
}

export const misplacedSecureText = (paths: readonly string[]) =>
  `SSM Secure reference is not supported in: [${paths.join(', ')}]`;

/** What is not in `answers` stays as it is. */
export function replaceDynamicReferences(value: Value, answers: ReadonlyMap<string, string>): Value {
  if (typeof value === 'string') {
    return value.includes('{{resolve:')
      ? value.replace(PATTERN, (whole) => answers.get(whole) ?? whole)
      : value;
  }
  if (Array.isArray(value)) return value.map((item) => replaceDynamicReferences(item, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, replaceDynamicReferences(part, answers)]),
  );
}

function* stringsIn(value: Value, path: string[]): Generator<{ text: string; path: string[] }> {
  if (typeof value === 'string') yield { text: value, path };
  else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) yield* stringsIn(part, [...path, name]);
  }
}

// Dynamic references such as `{{resolve:ssm:/app/password:2}}` in evaluated values. They stay unresolved in templates,
// change sets and stored properties, and the executor resolves them before it calls a provider. A property changes when
// the text of its reference changes.

import type { Value } from '../../../control/resource-type.ts';

/** One reference. */
export interface DynamicReference {
  /** The reference with its braces. */
  text: string;
  service: 'ssm' | 'ssm-secure' | 'secretsmanager';
  /** The text after the service: `/app/password:2`. */
  key: string;
}

const PATTERN = /\{\{resolve:([a-z-]+):([^{}]+)\}\}/g;
const SERVICES = new Set(['ssm', 'ssm-secure', 'secretsmanager']);

/** AWS: the properties that accept a secure string. None of them can be read back. */
const SECURE_PROPERTIES = new Set([
  'AWS::ElastiCache::ReplicationGroup/AuthToken',
  'AWS::ElastiCache::User/Passwords',
  'AWS::IAM::User/LoginProfile/Password',
  'AWS::RDS::DBCluster/MasterUserPassword',
  'AWS::RDS::DBInstance/MasterUserPassword',
  'AWS::Redshift::Cluster/MasterUserPassword',
]);

/** The references in the value, each text once. */
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
 * The paths of secure strings in properties that do not accept them: `Type/Property/Nested`. The properties may be
 * evaluated or as declared, with intrinsic functions.
 */
export function misplacedSecureReferences(type: string, properties: Value): string[] {
  return [...stringsIn(properties, [])]
    .filter(({ text }) => text.includes('{{resolve:ssm-secure:'))
    .map(({ path }) => `${type}/${path.filter((part) => !/^(\d+|Ref|Fn::\w+)$/.test(part)).join('/')}`)
    .filter((path) => !SECURE_PROPERTIES.has(path));
}

/** AWS's text. */
export const misplacedSecureText = (paths: readonly string[]) =>
  `SSM Secure reference is not supported in: [${paths.join(', ')}]`;

/** Replaces the references by their texts. A reference that is not in `answers` stays. */
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

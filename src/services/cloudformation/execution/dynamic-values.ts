// Resolves dynamic references ({{resolve:…}}) immediately before a provider is called. The values are never stored.

import type { Scope } from '../../../aws/scope.ts';
import type { Properties } from '../../../control/resource-type.ts';
import type { CloudFormation } from '../context.ts';
import {
  type DynamicReference,
  dynamicReferencesIn,
  replaceDynamicReferences,
} from '../template/dynamic-references.ts';

/** The properties with resolved references. Rejects when a parameter is missing or Secrets Manager is needed. */
export async function withDynamicValues(
  cf: CloudFormation,
  scope: Scope,
  properties: Properties,
): Promise<Properties> {
  const references = dynamicReferencesIn(properties);
  if (references.length === 0) return properties;
  const answers = await Promise.all(
    references.map(async (reference) => [reference.text, await answer(cf, scope, reference)] as const),
  );
  return replaceDynamicReferences(properties, new Map(answers)) as Properties;
}

async function answer(cf: CloudFormation, scope: Scope, { service, key }: DynamicReference): Promise<string> {
  if (service === 'secretsmanager') {
    throw new Error(`Millpond has no Secrets Manager to resolve {{resolve:secretsmanager:${key}}}.`);
  }
  // GetParameter accepts `name:version`, too.
  const { Parameter } = await cf.neighbours.ssm
    .call('GetParameter', { Name: key, WithDecryption: service === 'ssm-secure' }, scope)
    .catch((error: unknown) => {
      // Parameter Store's error has no text.
      const isMissing = error instanceof Error && /^Parameter(Version)?NotFound$/.test(error.name);
      throw isMissing ? new Error(`Parameters: [${service}:${key}] cannot be found.`) : error;
    });
  if (service === 'ssm' && Parameter?.Type === 'SecureString') {
    throw new Error(`Non-secure ssm prefix was used for secure parameter: ${key}`);
  }
  if (Parameter?.Value === undefined) throw new Error(`SSM parameter ${key} has no value.`);
  return Parameter.Value;
}

// PutParameter: creates a parameter or a new version of one.

import type { Scope } from '../../../aws/scope.ts';
import { checkAgainstPattern } from '../allowed-pattern.ts';
import type { Ssm } from '../context.ts';
import { alreadyExists, oldestIsLabelled, typeChanges, unsupportedType, validation } from '../faults.ts';
import { checkNewName } from '../parameter-names.ts';
import { latestOf, placeOf } from '../parameters.ts';
import type { ParameterRecord, ParameterType, ParameterVersion } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';

const MAX_VERSIONS = 100;
const MAX_STANDARD = 4_096;
const MAX_ADVANCED = 8_192;
const DEFAULT_KEY = 'alias/aws/ssm';

/**
 * Keeps the newest 100 versions. Throws ParameterAlreadyExists without Overwrite, and the faults of invalid names and
 * values.
 */
export const PutParameter: Operation<'PutParameter'> = (ssm, input, context) => {
  checkNewName(input.Name);
  checkContent(input);
  return ssm.store.transaction(() => {
    const present = ssm.records.parameters.find(context, input.Name);
    if (present && !input.Overwrite) throw alreadyExists();
    const version = newVersion(ssm, context, input, present);
    const tags = tagging.add(present?.tags ?? {}, input.Tags, context);
    const versions = [...(present?.versions ?? []), version];
    if (versions.length > MAX_VERSIONS) {
      const [oldest] = versions.splice(0, 1);
      if (oldest!.labels.length > 0) throw oldestIsLabelled(input.Name);
    }
    const record = { name: present?.name ?? input.Name, versions, tags };
    if (present) ssm.records.parameters.put(context, record);
    else ssm.records.parameters.add(context, record);
    return { Version: version.version, Tier: version.tier };
  });
};

function checkContent(input: Input<'PutParameter'>): void {
  const { Value } = input;
  if (Value.length > MAX_STANDARD && (input.Tier ?? 'Standard') === 'Standard') {
    throw validation(
      `Standard tier parameters support a maximum parameter value of ${MAX_STANDARD} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
    );
  }
  if (Value.length > MAX_ADVANCED) {
    throw validation(
      `Advanced tier parameters support a maximum parameter value of ${MAX_ADVANCED} characters.`,
    );
  }
  if (input.Policies && input.Policies !== '[]') {
    throw validation('Millpond does not support policies of parameters.');
  }
  if (input.Tags?.length && input.Overwrite) {
    throw validation(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
}

function newVersion(
  ssm: Ssm,
  scope: Scope,
  input: Input<'PutParameter'>,
  present: ParameterRecord | undefined,
): ParameterVersion {
  const before = present && latestOf(present);
  const type = typeOf(input.Type ?? before?.type);
  if (before && before.type !== type) throw typeChanges();
  const pattern = input.AllowedPattern ?? before?.allowedPattern;
  if (pattern) checkAgainstPattern(input.Value, pattern);
  const dataType = input.DataType ?? before?.dataType ?? 'text';
  if (!['text', 'aws:ec2:image', 'aws:ssm:integration'].includes(dataType)) {
    throw validation(
      `The following data type is not supported: ${dataType} (Data type names are all lowercase.)`,
    );
  }
  if (dataType === 'aws:ec2:image' && !/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(input.Value)) {
    throw validation('The parameter value does not match the data type aws:ec2:image.');
  }
  const isSecret = type === 'SecureString';
  if (input.KeyId && !isSecret) throw validation('KeyId is required for SecureString type parameter only.');
  const description = input.Description ?? before?.description;
  return {
    version: (before?.version ?? 0) + 1,
    type,
    value: isSecret
      ? ssm.cipher.encrypt(input.Value, placeOf(scope, present?.name ?? input.Name))
      : input.Value,
    ...(isSecret && { keyId: input.KeyId ?? before?.keyId ?? DEFAULT_KEY }),
    ...(description && { description }),
    ...(pattern && { allowedPattern: pattern }),
    dataType,
    tier:
      input.Tier === 'Advanced' || input.Value.length > MAX_STANDARD
        ? 'Advanced'
        : (before?.tier ?? 'Standard'),
    labels: [],
    modifiedAt: ssm.clock.now(),
  };
}

function typeOf(type: string | undefined): ParameterType {
  if (!type) throw validation('A parameter type is required when you create a parameter.');
  if (type === 'String' || type === 'StringList' || type === 'SecureString') return type;
  throw unsupportedType(type);
}

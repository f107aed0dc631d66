// Redrive policies name a queue's dead-letter queue; redrive allow policies say which queues may use a queue as theirs.
// Pure.

import { invalidValueOf } from '../faults.ts';

/** The RedrivePolicy attribute. `maxReceiveCount` is from 1 to 1,000. */
export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

/** The RedriveAllowPolicy attribute. `sourceQueueArns` is present for `byQueue` only. */
export interface RedriveAllowPolicy {
  redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  sourceQueueArns?: string[];
}

const MOST_RECEIVES = 1_000;
const DEFAULT_RECEIVES = 10;
const MOST_SOURCES = 10;

/** Parses and validates the attribute. Throws InvalidParameterValue. */
export function readRedrivePolicy(text: string): RedrivePolicy {
  const refuse = (reason: string) => invalidValueOf('RedrivePolicy', text, reason);
  const given = objectOf(text, () => refuse('Redrive policy is not a valid JSON map.'));
  const { deadLetterTargetArn, maxReceiveCount = DEFAULT_RECEIVES } = given;
  if (typeof deadLetterTargetArn !== 'string' || deadLetterTargetArn === '') {
    throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  }
  const most = Number(maxReceiveCount);
  if (!/^\d{1,9}$/.test(String(maxReceiveCount)) || most < 1 || most > MOST_RECEIVES) {
    const shown = String(maxReceiveCount).slice(0, 100);
    throw refuse(
      `Invalid value for maxReceiveCount: ${shown}, valid values are from 1 to ${MOST_RECEIVES} both inclusive.`,
    );
  }
  return { deadLetterTargetArn, maxReceiveCount: most };
}

/** Parses and validates the attribute. Throws InvalidParameterValue. */
export function readRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const refuse = (reason: string) => invalidValueOf('RedriveAllowPolicy', text, reason);
  const given = objectOf(text, () => refuse('Redrive allow policy is not a valid JSON map.'));
  const { redrivePermission, sourceQueueArns } = given;
  switch (redrivePermission) {
    case 'allowAll':
    case 'denyAll':
      if (sourceQueueArns !== undefined) {
        throw refuse(`Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.`);
      }
      return { redrivePermission };
    case 'byQueue': {
      const isList =
        Array.isArray(sourceQueueArns) &&
        sourceQueueArns.length > 0 &&
        sourceQueueArns.length <= MOST_SOURCES &&
        sourceQueueArns.every((arn) => typeof arn === 'string');
      if (!isList) {
        throw refuse(`Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.`);
      }
      return { redrivePermission, sourceQueueArns };
    }
    default:
      throw refuse(`Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.`);
  }
}

/** The redrive policy among a queue's validated attributes. */
export const redrivePolicyOf = (attributes: Readonly<Record<string, string>>): RedrivePolicy | undefined =>
  attributes.RedrivePolicy === undefined ? undefined : JSON.parse(attributes.RedrivePolicy);

/** The redrive allow policy among a queue's validated attributes. */
export const redriveAllowPolicyOf = (
  attributes: Readonly<Record<string, string>>,
): RedriveAllowPolicy | undefined =>
  attributes.RedriveAllowPolicy === undefined ? undefined : JSON.parse(attributes.RedriveAllowPolicy);

/** Whether a queue with this policy accepts dead letters of the source queue. */
export function maySend(policy: RedriveAllowPolicy | undefined, sourceArn: string): boolean {
  if (policy === undefined || policy.redrivePermission === 'allowAll') return true;
  return policy.redrivePermission === 'byQueue' && policy.sourceQueueArns!.includes(sourceArn);
}

function objectOf(text: string, refuse: () => Error): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse();
  return value as Record<string, unknown>;
}

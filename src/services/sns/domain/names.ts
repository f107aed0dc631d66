// Names and ARNs of topics and subscriptions. Pure.

import { parseArn, renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { invalidParameter, unsupported } from '../faults.ts';

const NAME = /^[A-Za-z0-9_-]{1,256}$/;
const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/;

/** Throws InvalidParameter for a name that a new topic cannot have, FIFO names included. */
export function checkTopicName(name: string): void {
  if (/^[A-Za-z0-9_-]+\.fifo$/.test(name)) throw unsupported('Topic Name', 'FIFO topics.');
  if (!NAME.test(name)) throw invalidParameter('Topic Name');
}

/** `arn:aws:sns:region:account:name`. */
export const topicArn = (scope: Scope, name: string): string => renderArn('sns', scope, name);

/** `arn:aws:sns:region:account:topic:id`. */
export const subscriptionArn = (scope: Scope, { topicName, id }: { topicName: string; id: string }): string =>
  `${topicArn(scope, topicName)}:${id}`;

/** The parts of a topic's ARN. */
export interface TopicReference {
  scope: Scope;
  name: string;
}

/** Parses a topic's ARN. Throws InvalidParameter, which names `parameter`. */
export function readTopicArn(text: string, parameter = 'TopicArn'): TopicReference {
  const { scope, parts } = readArn(text, parameter);
  if (parts.length !== 1) throw invalidParameter(parameter);
  return { scope, name: parts[0]! };
}

/** Parses a topic's ARN. AWS: a region's endpoint refuses topics of other regions. Throws InvalidParameter. */
export function readTopicArnIn(asked: Scope, text: string, parameter = 'TopicArn'): TopicReference {
  const reference = readTopicArn(text, parameter);
  if (reference.scope.region !== asked.region) throw invalidParameter(parameter);
  return reference;
}

/** The parts of a subscription's ARN. */
export interface SubscriptionReference {
  scope: Scope;
  topicName: string;
  id: string;
}

/** Parses a subscription's ARN. Throws InvalidParameter. */
export function readSubscriptionArn(text: string): SubscriptionReference {
  const parameter = 'SubscriptionArn';
  const { scope, parts } = readArn(text, parameter);
  if (parts.length !== 2 || !/^[\w-]{1,64}$/.test(parts[1]!)) {
    throw invalidParameter(parameter, 'An ARN must have at least 6 elements, not 1');
  }
  return { scope, topicName: parts[0]!, id: parts[1]! };
}

function readArn(text: string, parameter: string): { scope: Scope; parts: string[] } {
  const arn = parseArn(text);
  if (!arn) {
    throw invalidParameter(
      parameter,
      `An ARN must have at least 6 elements, not ${Math.min(text.split(':').length, 5)}`,
    );
  }
  const { service, region, accountId, resource } = arn;
  if (service === 'sns' && parameter === 'TargetArn' && resource.startsWith('endpoint/')) {
    throw invalidParameter(parameter, 'No endpoint found for the target arn specified');
  }
  const parts = resource.split(':');
  if (service !== 'sns' || !REGION.test(region) || !ACCOUNT.test(accountId) || !NAME.test(parts[0]!)) {
    throw invalidParameter(parameter);
  }
  return { scope: { region, accountId }, parts };
}

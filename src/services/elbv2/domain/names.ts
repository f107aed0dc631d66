// ARNs and names of load balancers and what belongs to them.
//
// AWS: an id contains that of its owner: a balancer `app/NAME/HEX`, its listener `app/NAME/HEX/HEX`, the listener's rule
// `app/NAME/HEX/HEX/HEX`; a target group is `NAME/HEX`.

import { parseArn, renderArn } from '../../../aws/arn.ts';
import { balancerSuffix } from '../../../aws/hosts.ts';
import type { Scope } from '../../../aws/scope.ts';
import { invalidArn, validation } from '../faults.ts';

/** What has an ARN. */
export type Noun = 'balancer' | 'targetGroup' | 'listener' | 'rule';

interface NounFacts {
  /** The part of the ARN before the id. */
  prefix: string;
  id: RegExp;
  /** AWS: the word in `'x' is not a valid load balancer ARN`. */
  word: string;
}

const NOUNS: Record<Noun, NounFacts> = {
  balancer: {
    prefix: 'loadbalancer/',
    id: /^(app|net|gwy)\/[A-Za-z0-9-]+\/[0-9a-f]+$/,
    word: 'load balancer',
  },
  targetGroup: { prefix: 'targetgroup/', id: /^[A-Za-z0-9-]+\/[0-9a-f]+$/, word: 'target group' },
  listener: {
    prefix: 'listener/',
    id: /^(app|net|gwy)\/[A-Za-z0-9-]+\/[0-9a-f]+\/[0-9a-f]+$/,
    word: 'listener',
  },
  rule: {
    prefix: 'listener-rule/',
    id: /^(app|net|gwy)\/[A-Za-z0-9-]+\/[0-9a-f]+\/[0-9a-f]+\/[0-9a-f]+$/,
    word: 'listener rule',
  },
};

/** The ARN of the thing with this id. */
export const arnOf = (noun: Noun, scope: Scope, id: string): string =>
  renderArn('elasticloadbalancing', scope, `${NOUNS[noun].prefix}${id}`);

/** An id that nothing has. */
const ELSEWHERE = '';

/** The id in an ARN; '' for one of another account or region. Throws ValidationError when it is no ARN of this noun. */
export function idIn(noun: Noun, scope: Scope, arn: string): string {
  const found = nounOf(arn);
  if (found?.noun !== noun) throw invalidArn(NOUNS[noun].word, arn);
  return found.accountId === scope.accountId && found.region === scope.region ? found.id : ELSEWHERE;
}

/** What an ARN names; `undefined` when it is none of this service. */
export function nounOf(arn: string): ({ noun: Noun; id: string } & Scope) | undefined {
  const parsed = parseArn(arn);
  if (parsed?.service !== 'elasticloadbalancing') return undefined;
  const { accountId, region, resource } = parsed;
  for (const [noun, { prefix, id }] of Object.entries(NOUNS)) {
    const rest = resource.slice(prefix.length);
    if (resource.startsWith(prefix) && id.test(rest))
      return { noun: noun as Noun, id: rest, accountId, region };
  }
  return undefined;
}

const firstParts = (id: string, count: number): string => id.split('/').slice(0, count).join('/');

/** The balancer of a listener or a rule. */
export const balancerIdOf = (id: string): string => firstParts(id, 3);
/** The listener of a rule. */
export const listenerIdOf = (ruleId: string): string => firstParts(ruleId, 4);
/** The prefix of the ids of everything that belongs to this id. */
export const within = (id: string): string => `${id}/`;

const LONGEST_NAME = 32;
const INTERNAL = 'internal-';

/** Throws ValidationError. AWS's texts, from public reports of refused requests. */
export function checkBalancerName(name: string): void {
  checkName('The load balancer name', name);
  if (name.startsWith(INTERNAL))
    throw validation(`The load balancer name '${name}' cannot begin with '${INTERNAL}'`);
}

/** Throws ValidationError. */
export const checkTargetGroupName = (name: string): void => checkName('Target group name', name);

function checkName(what: string, name: string): void {
  if (name.length > LONGEST_NAME) {
    throw validation(`${what} '${name}' cannot be longer than '${LONGEST_NAME}' characters`);
  }
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw validation(
      `${what} '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
    );
  }
  if (name.startsWith('-') || name.endsWith('-')) {
    throw validation(`${what} '${name}' cannot begin or end with '-'`);
  }
}

/** AWS: `internal-NAME-NUMBER.REGION.elb.amazonaws.com`, without `internal-` where it faces the internet. */
export const dnsNameOf = (
  { region }: Pick<Scope, 'region'>,
  { name, number, scheme }: { name: string; number: number; scheme: string },
): string => `${scheme === 'internal' ? INTERNAL : ''}${name}-${number}.${balancerSuffix(region)}`;

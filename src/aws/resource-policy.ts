// Whether the policy of a resource lets a service of AWS act on it: of a queue, of a function. Pure.

import { isLike } from './policy-pattern.ts';

/** Who asks for what. */
export interface ServiceRequest {
  /** `sns.amazonaws.com`. */
  service: string;
  /** `sqs:SendMessage`. */
  action: string;
  /** The ARN of the resource whose policy it is; `undefined` where statements are for it, whatever they name. */
  resource: string | undefined;
  /** The ARN of the resource for which the service acts: a topic, a target group. */
  sourceArn: string;
  /** The account of that resource. */
  sourceAccount: string;
}

type Json = Record<string, unknown>;

/**
 * `policy` is a JSON document. A statement with a condition that is not known here does not apply. Returns false for a
 * document that is none.
 */
export function allowsService(policy: string, request: ServiceRequest): boolean {
  const applying = statementsOf(policy).filter((statement) => applies(statement, request));
  return (
    applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny')
  );
}

function statementsOf(policy: string): Json[] {
  try {
    const { Statement } = JSON.parse(policy) as Json;
    return [Statement ?? []]
      .flat()
      .filter((statement): statement is Json => typeof statement === 'object' && statement !== null);
  } catch {
    return [];
  }
}

function applies(statement: Json, request: ServiceRequest): boolean {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  const isCaller = NotPrincipal === undefined ? isNamed(Principal, request) : !isNamed(NotPrincipal, request);
  const isAction =
    NotAction === undefined
      ? isLikeAny(request.action.toLowerCase(), lowerCase(Action))
      : !isLikeAny(request.action.toLowerCase(), lowerCase(NotAction));
  const { resource } = request;
  const isResource =
    resource === undefined ||
    (NotResource === undefined
      ? isLikeAny(resource, listOf(Resource))
      : !isLikeAny(resource, listOf(NotResource)));
  if (!isCaller || !isAction || !isResource) return false;
  return Object.entries((Condition ?? {}) as Record<string, Json>).every(([operator, keys]) =>
    Object.entries(keys ?? {}).every(([key, wanted]) => isMet(operator, key, listOf(wanted), request)),
  );
}

/** AWS: `*` and `{"AWS": "*"}` are everybody, services included. */
function isNamed(principal: unknown, { service }: ServiceRequest): boolean {
  if (principal === '*') return true;
  const { AWS, Service } = (principal ?? {}) as Json;
  const services = listOf(Service);
  return listOf(AWS).includes('*') || services.includes('*') || services.includes(service);
}

function isMet(operator: string, key: string, wanted: readonly string[], request: ServiceRequest): boolean {
  const actual = { 'aws:sourcearn': request.sourceArn, 'aws:sourceaccount': request.sourceAccount }[
    key.toLowerCase()
  ];
  if (actual === undefined) return false;
  switch (operator) {
    case 'StringEquals':
      return wanted.includes(actual);
    case 'ArnLike':
    case 'ArnEquals':
    case 'StringLike':
      return isLikeAny(actual, wanted);
    default:
      return false;
  }
}

const isLikeAny = (text: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => isLike(text, pattern));

const lowerCase = (value: unknown): string[] => listOf(value).map((text) => text.toLowerCase());

const listOf = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));

// Whether the resource policy of a function lets Elastic Load Balancing invoke it for a target group. Pure.

import { isLike } from '../../../aws/policy-pattern.ts';

/** Who asks. */
export interface Invoking {
  /** The ARN of the target group. */
  sourceArn: string;
  /** The account of the target group. */
  sourceAccount: string;
}

const SERVICE = /^elasticloadbalancing\.amazonaws\.com(\.cn)?$/;
const ACTION = /^(\*|lambda:(\*|invokefunction|invoke\*))$/i;

type Json = Record<string, unknown>;

/** `policy` is the document that Lambda's GetPolicy returns. A condition that is not known here is not met. */
export function letsInvoke(policy: string, invoking: Invoking): boolean {
  const { Statement = [] } = JSON.parse(policy) as { Statement?: Json[] };
  const applying = Statement.filter((statement) => applies(statement, invoking));
  return (
    applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny')
  );
}

function applies({ Principal, Action, Condition }: Json, invoking: Invoking): boolean {
  const service = (Principal as Json | null | undefined)?.Service;
  const isCaller = Principal === '*' || listOf(service).some((name) => SERVICE.test(name));
  if (!isCaller || !listOf(Action).some((name) => ACTION.test(name))) return false;
  return Object.entries((Condition ?? {}) as Record<string, Json>).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => isMet(operator, key, listOf(wanted), invoking)),
  );
}

function isMet(operator: string, key: string, wanted: readonly string[], invoking: Invoking): boolean {
  const actual = { 'aws:sourcearn': invoking.sourceArn, 'aws:sourceaccount': invoking.sourceAccount }[
    key.toLowerCase()
  ];
  if (actual === undefined) return false;
  switch (operator) {
    case 'StringEquals':
      return wanted.includes(actual);
    case 'ArnLike':
    case 'ArnEquals':
    case 'StringLike':
      return wanted.some((pattern) => isLike(actual, pattern));
    default:
      return false;
  }
}

const listOf = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));

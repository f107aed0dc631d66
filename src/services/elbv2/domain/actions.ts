// The actions of rules: reads them from requests. Pure. AWS's texts are those of public reports of refused requests.

import type { Scope } from '../../../aws/scope.ts';
import { invalidAction, notSupported, tooManyActions, validation } from '../faults.ts';
import { idIn } from './names.ts';

/** What a rule does. */
export type RuleAction = { order?: number } & (
  | { type: 'forward'; targetGroupId: string }
  | { type: 'fixed-response'; status: number; contentType?: string; body?: string }
  /** Parts with `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}`. */
  | {
      type: 'redirect';
      status: 301 | 302;
      protocol: string;
      host: string;
      port: string;
      path: string;
      query: string;
    }
);

/** An action of a request. */
export interface GivenAction {
  Type?: string | undefined;
  Order?: number | undefined;
  TargetGroupArn?: string | undefined;
  ForwardConfig?:
    | {
        TargetGroups?: { TargetGroupArn?: string | undefined; Weight?: number | undefined }[] | undefined;
        TargetGroupStickinessConfig?: { Enabled?: boolean | undefined } | undefined;
      }
    | undefined;
  FixedResponseConfig?:
    | {
        StatusCode?: string | undefined;
        ContentType?: string | undefined;
        MessageBody?: string | undefined;
      }
    | undefined;
  RedirectConfig?:
    | {
        StatusCode?: string | undefined;
        Protocol?: string | undefined;
        Host?: string | undefined;
        Port?: string | undefined;
        Path?: string | undefined;
        Query?: string | undefined;
      }
    | undefined;
}

const CONTENT_TYPES = ['text/html', 'application/json', 'application/javascript', 'text/css', 'text/plain'];

/** AWS: what a redirect leaves out is that of the request. */
export const AS_ASKED = {
  protocol: '#{protocol}',
  host: '#{host}',
  port: '#{port}',
  path: '/#{path}',
  query: '#{query}',
};

/**
 * The action of a rule: one of the three kinds that end it, since all others come before these and are refused by name.
 * Throws ValidationError, InvalidLoadBalancerAction, TooManyActions, NotImplemented.
 */
export function readAction(scope: Scope, given: readonly GivenAction[]): RuleAction {
  const [first, ...others] = given;
  if (!first) throw validation('An action must be specified');
  for (const { Type } of given) {
    if (Type && /^(authenticate-|jwt-)/.test(Type)) throw notSupported(`actions of the type '${Type}'`);
  }
  if (others.length > 0) throw tooManyActions(1);
  const order = first.Order === undefined ? {} : { order: first.Order };
  checkParts(first);
  switch (first.Type) {
    case 'forward':
      return { type: 'forward', targetGroupId: idIn('targetGroup', scope, readForward(first)), ...order };
    case 'fixed-response':
      return { ...readFixedResponse(first.FixedResponseConfig), ...order };
    case 'redirect':
      return { ...readRedirect(first.RedirectConfig), ...order };
    default:
      throw validation(`Action type '${first.Type}' must be one of 'redirect,fixed-response,forward'`);
  }
}

const PARTS = {
  forward: ['TargetGroupArn', 'ForwardConfig'],
  'fixed-response': ['FixedResponseConfig'],
  redirect: ['RedirectConfig'],
} as const;

function checkParts(action: GivenAction): void {
  for (const [type, names] of Object.entries(PARTS)) {
    const foreign = type !== action.Type && names.find((name) => action[name] !== undefined);
    if (foreign)
      throw validation(`'${foreign}' cannot be specified for an action of the type '${action.Type}'`);
  }
}

function readForward({ TargetGroupArn, ForwardConfig }: GivenAction): string {
  const groups = ForwardConfig?.TargetGroups ?? [];
  if (groups.length > 1) throw notSupported('forward actions with several target groups');
  const [group] = groups;
  if (group?.Weight === 0) throw notSupported('forward actions with the weight 0');
  if (ForwardConfig?.TargetGroupStickinessConfig?.Enabled) {
    throw notSupported('stickiness of target groups in forward actions');
  }
  const arn = TargetGroupArn ?? group?.TargetGroupArn;
  if (arn === undefined) throw validation('A target group must be specified');
  if (group?.TargetGroupArn !== undefined && group.TargetGroupArn !== arn) {
    throw validation(
      'You cannot specify both a target group ARN and a target group list in a forward action',
    );
  }
  if (group?.Weight !== undefined && group.Weight > 999) {
    throw validation("Target group weight must be between '0' and '999'");
  }
  return arn;
}

function readFixedResponse(config: GivenAction['FixedResponseConfig']): RuleAction {
  const { StatusCode, ContentType, MessageBody } = config ?? {};
  if (StatusCode === undefined)
    throw validation('A status code must be specified for a fixed response action');
  if (ContentType && !CONTENT_TYPES.includes(ContentType)) {
    throw invalidAction(
      `The ContentType must be one of:${CONTENT_TYPES.map((type) => `'${type}'`).join(', ')}`,
    );
  }
  return {
    type: 'fixed-response',
    status: Number(StatusCode),
    ...(ContentType && { contentType: ContentType }),
    ...(MessageBody && { body: MessageBody }),
  };
}

function readRedirect(config: GivenAction['RedirectConfig']): RuleAction {
  const { StatusCode } = config ?? {};
  if (StatusCode === undefined) throw validation('A status code must be specified for a redirect action');
  const {
    Protocol: protocol = AS_ASKED.protocol,
    Host: host = AS_ASKED.host,
    Port: port = AS_ASKED.port,
    Path: path = AS_ASKED.path,
    Query: query = AS_ASKED.query,
  } = config ?? {};
  if (port !== AS_ASKED.port && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    throw validation(`The redirect port '${port}' must be between '1' and '65535', or '#{port}'`);
  }
  if (!path.startsWith('/')) throw validation(`The redirect path '${path}' must start with '/'`);
  if (!/^[\x21-\x7e]*$/.test(host + path + query)) {
    throw validation('The redirect configuration contains a character that is not valid');
  }
  const isLoop =
    [protocol, host, port].every(
      (part, place) => part === [AS_ASKED.protocol, AS_ASKED.host, AS_ASKED.port][place],
    ) && path === AS_ASKED.path;
  // AWS: at least one part other than the query has to change.
  if (isLoop) throw invalidAction('The redirect configuration is not valid because it creates a loop.');
  return {
    type: 'redirect',
    status: StatusCode === 'HTTP_301' ? 301 : 302,
    ...{ protocol, host, port, path, query },
  };
}

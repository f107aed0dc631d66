// StartSession, ResumeSession, TerminateSession and DescribeSessions.

import { partitionOf } from '../../../aws/scope.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Ssm } from '../context.ts';
import { invalidFilterValue, noSession, targetNotConnected, validation } from '../faults.ts';
import { pageRequest, sessionPages } from '../paging.ts';
import type { Input, Operation } from '../sdk.ts';
import { CHANNELS } from '../sessions/channel-path.ts';
import { SESSION_USER, sessionProgram } from '../sessions/documents.ts';
import type { Session } from '../sessions/session.ts';
import { connectedMachine } from '../sessions/targets.ts';

const MAX_PAGE = 200;

/** Starts its program once the plugin has connected. Throws TargetNotConnected, InvalidDocument, ValidationException. */
export const StartSession: Operation<'StartSession'> = async (ssm, input, context) => {
  const program = sessionProgram(input.DocumentName, input.Parameters);
  const target = input.Target as string;
  const machine = await connectedMachine(ssm, context, target);
  if (!machine) throw targetNotConnected(target);
  const session = ssm.sessions.start(
    {
      ...{ account: context.accountId, region: context.region, target, owner: ownerOf(context) },
      ...{ document: input.DocumentName, reason: input.Reason },
    },
    program,
    () => machine.inside(SESSION_USER, program.command),
    machine.ended,
  );
  return channelOf(ssm, session, context);
};

/** A new token, with which another connection goes on. Throws DoesNotExistException. */
export const ResumeSession: Operation<'ResumeSession'> = (ssm, input, context) => {
  const session = ssm.sessions.find(context, input.SessionId as string);
  if (!session || session.endedAt !== undefined) throw noSession(input.SessionId as string);
  session.token = ssm.newToken();
  return channelOf(ssm, session, context);
};

/** AWS: ending a session that has ended, or never was, is no error. */
export const TerminateSession: Operation<'TerminateSession'> = (ssm, input, context) => {
  ssm.sessions.find(context, input.SessionId as string)?.end('');
  return { SessionId: input.SessionId };
};

/** Throws InvalidFilterOption for a time that is none, and InvalidNextToken. */
export const DescribeSessions: Operation<'DescribeSessions'> = (ssm, input, context) => {
  const isWanted = filterOf(input);
  const all = ssm.sessions.of(context).filter(isWanted);
  all.sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  const { items, token } = sessionPages.ofSorted(all, placeOf, pageRequest(MAX_PAGE, input));
  return {
    Sessions: items.map(({ facts, endedAt }) => ({
      ...{ SessionId: facts.id, Target: facts.target, Status: statusOf(endedAt) },
      ...{ StartDate: new Date(facts.startedAt), DocumentName: facts.document ?? DEFAULT_DOCUMENT },
      ...{ Owner: facts.owner, Reason: facts.reason, AccessType: 'Standard' as const },
      ...(endedAt !== undefined && { EndDate: new Date(endedAt) }),
    })),
    NextToken: token,
  };
};

/** The latest first. */
const placeOf = ({ facts: { startedAt, id } }: Session): string =>
  `${String(Number.MAX_SAFE_INTEGER - startedAt).padStart(16, '0')} ${id}`;

const DEFAULT_DOCUMENT = 'SSM-SessionManagerRunShell';

const statusOf = (endedAt: number | undefined) =>
  endedAt === undefined ? ('Connected' as const) : ('Terminated' as const);

function channelOf(ssm: Ssm, session: Session, { baseUrl }: RequestContext) {
  const { id } = session.facts;
  const url = (baseUrl ?? ssm.url()).replace(/^http/, 'ws');
  return {
    SessionId: id,
    TokenValue: session.token,
    StreamUrl: `${url}${CHANNELS}${id}?role=publish_subscribe`,
  };
}

function ownerOf({ accountId, region }: RequestContext): string {
  return `arn:${partitionOf(region)}:iam::${accountId}:root`;
}

function filterOf({ State, Filters = [] }: Input<'DescribeSessions'>): (session: Session) => boolean {
  const tests = Filters.map(({ key, value = '' }) => {
    switch (key) {
      case 'InvokedAfter':
      case 'InvokedBefore': {
        const time = Date.parse(value);
        if (Number.isNaN(time)) throw validation(`The value ${value} of the filter ${key} is no time.`);
        return ({ facts }: Session) =>
          key === 'InvokedAfter' ? facts.startedAt >= time : facts.startedAt < time;
      }
      case 'Target':
        return ({ facts }: Session) => facts.target === value;
      case 'Owner':
        return ({ facts }: Session) => facts.owner === value;
      case 'SessionId':
        return ({ facts }: Session) => facts.id === value;
      case 'Status':
        return ({ endedAt }: Session) => statusOf(endedAt) === value;
      case 'AccessType':
        return () => value === 'Standard';
      default:
        throw invalidFilterValue(String(key), []);
    }
  });
  return (session) =>
    (session.endedAt === undefined) === (State === 'Active') && tests.every((test) => test(session));
}

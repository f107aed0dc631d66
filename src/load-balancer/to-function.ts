// Forwards a request to a function, and its answer to the client.

import { ByteBudget } from '../kernel/byte-budget.ts';
import { type Exchange, hasName } from './exchange.ts';
import { functionResponse } from './function-answer.ts';
import { functionEvent } from './function-event.ts';
import type { Invocations } from './invocations.ts';
import type { FunctionFailure, FunctionReply, FunctionTarget, InvokedFunction } from './load-balancers.ts';
import { SERVER } from './pages.ts';
import type { RequestFacts } from './request-facts.ts';
import { targetHeaders } from './target-headers.ts';

/** AWS: the limit of a request's body; Millpond refuses larger answers itself. */
export const MOST_BODY_BYTES = 1024 * 1024;
/** All bodies over 64 KiB: of requests until they are answered, and of answers until clients have read them. */
const bodies = new ByteBudget({ mostBytes: 128 * 1024 * 1024, waitMs: 0, freeBytes: 64 * 1024 });

const NO_BODY = Buffer.alloc(0);

/** Answers the request with what the group's function answers. */
export function toFunction(
  exchange: Exchange,
  facts: RequestFacts,
  group: FunctionTarget,
  invocations: Invocations,
): void {
  const { functionArn } = group;
  if (functionArn === undefined) return void exchange.page(503);
  exchange.site.counts.addFor(group.arn, 'RequestCount');
  const go = (body: Buffer) => invoke(exchange, facts, { ...group, functionArn }, invocations, body);
  if (exchange.hasBody) receive(exchange, group, go);
  else go(NO_BODY);
}

function receive(exchange: Exchange, group: FunctionTarget, whenReceived: (body: Buffer) => void): void {
  const { request, response } = exchange;
  const held = bodies.hold();
  response.once('close', () => held.release());
  const chunks: Buffer[] = [];
  let bytes = 0;
  const refuse = (status: 413 | 503) => {
    chunks.length = 0;
    if (status === 413) exchange.site.counts.addFor(group.arn, 'LambdaUserError');
    exchange.refuse(status);
  };
  if (Number(request.headers['content-length']) > MOST_BODY_BYTES) return void refuse(413);
  request.on('data', (chunk: Buffer) => {
    if (exchange.isOver) return;
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) refuse(413);
    else if (!held.grow(bytes)) refuse(503);
    else chunks.push(chunk);
  });
  request.once('end', () => {
    if (!exchange.isOver) whenReceived(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes));
  });
}

function invoke(
  exchange: Exchange,
  facts: RequestFacts,
  group: FunctionTarget & InvokedFunction,
  invocations: Invocations,
  body: Buffer,
): void {
  exchange.received();
  const { site } = exchange;
  const { arn: targetGroupArn, functionArn, multiValueHeaders } = group;
  const headers = targetHeaders(facts, site.attributes, Date.now());
  const event = functionEvent({ targetGroupArn, multiValueHeaders, facts, headers, body });
  const since = performance.now();
  invocations.invoke({ arn: targetGroupArn, functionArn }, event, (reply) => {
    site.counts.addFor(targetGroupArn, 'LambdaTargetProcessedBytes', event.length + sizeOf(reply));
    if (exchange.isOver) return;
    const failure = answer(exchange, group, reply, since);
    if (failure) site.counts.addFor(targetGroupArn, failure);
  });
}

const sizeOf = (reply: FunctionReply): number => ('payload' in reply ? reply.payload.length : 0);

type FailureMetric = 'LambdaUserError' | 'LambdaInternalError';

/**
 * AWS: which failures are the user's: …/application/load-balancer-access-logs.html#error-reason-codes; all of them are
 * answered with 502 (…/load-balancer-troubleshooting.html#http-502-issues).
 */
const METRICS: Readonly<Record<FunctionFailure, FailureMetric>> = {
  ...{ denied: 'LambdaUserError', error: 'LambdaUserError', throttled: 'LambdaUserError' },
  ...{ missing: 'LambdaUserError', tooLarge: 'LambdaUserError', internal: 'LambdaInternalError' },
};

/** Returns the metric of a failure. */
function answer(
  exchange: Exchange,
  group: FunctionTarget,
  reply: FunctionReply,
  since: number,
): FailureMetric | undefined {
  const found = 'payload' in reply ? functionResponse(reply.payload, group.multiValueHeaders) : undefined;
  if (!found) {
    exchange.page(502);
    return 'failed' in reply ? METRICS[reply.failed] : 'LambdaUserError';
  }
  const held = bodies.hold();
  if (!held.grow(found.body.length)) {
    exchange.page(503);
    return undefined;
  }
  exchange.response.once('close', () => held.release());
  const { counts } = exchange.site;
  counts.addTime(group.arn, (performance.now() - since) / 1_000);
  counts.addFor(group.arn, `HTTPCode_Target_${Math.floor(found.status / 100)}XX_Count`);
  const { headers, status, reason, body } = found;
  if (!hasName(headers, 'server')) headers.unshift('Server', SERVER);
  // AWS: the type of an answer that names none.
  if (!hasName(headers, 'content-type')) headers.push('Content-Type', 'application/octet-stream');
  exchange.send(status, reason, headers, body);
  return undefined;
}

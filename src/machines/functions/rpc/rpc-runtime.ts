// Programs that get their invocations by Go's net/rpc, as those of aws-lambda-go before 1.14 do on go1.x: the program
// serves `Function.Ping` and `Function.Invoke` on a port that Millpond names, and Millpond is the client. The messages
// are those of aws-lambda-go's package lambda/messages.

import type { Socket } from 'node:net';
import { type FunctionError, MAX_RESPONSE_BYTES } from '../failures.ts';
import type { Invocation } from '../function.ts';
import type { RuntimeEvents } from '../runtime-api.ts';
import type { GobObject, GobValue } from './gob-decoder.ts';
import type { GobStruct } from './gob-encoder.ts';
import { RpcClient, RpcError } from './rpc-client.ts';

/** The events of a program; see RuntimeEvents. */
export interface RpcEvents extends Pick<RuntimeEvents, 'onReady' | 'onResponse' | 'onTooLarge' | 'onError'> {
  /** The process must be ended: its handler panicked, or its answer could not be read. That was reported. */
  onUnusable(): void;
  /** It does not speak net/rpc as it should. Not called when it only closes its connection. */
  onBroken(reason: string): void;
}

/** A program that is called by RPC. */
export interface RpcRuntime {
  /** Whether the program has answered. */
  readonly isReached: boolean;
  /** Sends an invocation; call it only while the program waits. */
  send(invocation: Invocation, deadlineMs: number): void;
  /** Gives it up. */
  close(): void;
}

const PING: GobStruct = { name: 'PingRequest', fields: [] };
const INVOKE: GobStruct = {
  name: 'InvokeRequest',
  fields: [
    { name: 'Payload', type: 'bytes' },
    { name: 'RequestId', type: 'string' },
    { name: 'XAmznTraceId', type: 'string' },
    {
      name: 'Deadline',
      type: {
        name: 'InvokeRequest_Timestamp',
        fields: [
          { name: 'Seconds', type: 'int' },
          { name: 'Nanos', type: 'int' },
        ],
      },
    },
    { name: 'InvokedFunctionArn', type: 'string' },
    { name: 'CognitoIdentityId', type: 'string' },
    { name: 'CognitoIdentityPoolId', type: 'string' },
    { name: 'ClientContext', type: 'bytes' },
  ],
};
/** A program whose response is a little over the limit stays usable. */
const MOST_BYTES = MAX_RESPONSE_BYTES + 1024 * 1024;

/** Calls the program at `connecting`, a connection that is made once the program listens. */
export function startRpcRuntime(events: RpcEvents, connecting: Promise<Socket | undefined>): RpcRuntime {
  let socket: Socket | undefined;
  let client: RpcClient | undefined;
  let isClosed = false;

  async function begin(): Promise<void> {
    socket = await connecting;
    if (isClosed || !socket) return void socket?.destroy();
    const reached = new RpcClient(socket, MOST_BYTES);
    await reached.call('Function.Ping', PING, {});
    if (isClosed) return;
    client = reached;
    events.onReady();
  }

  async function invoke(reached: RpcClient, invocation: Invocation, deadlineMs: number): Promise<void> {
    const response = await reached.call('Function.Invoke', INVOKE, {
      Payload: invocation.event,
      RequestId: invocation.requestId,
      XAmznTraceId: invocation.traceId,
      Deadline: {
        Seconds: Math.floor(deadlineMs / 1_000),
        Nanos: Math.floor(deadlineMs % 1_000) * 1_000_000,
      },
      InvokedFunctionArn: invocation.functionArn,
      ClientContext: Buffer.from(invocation.clientContext ?? ''),
    });
    if (isClosed) return;
    const error = errorIn(response.Error);
    if (error) events.onError(Buffer.from(JSON.stringify(error.shown)));
    else answer(response.Payload);
    if (error?.isPanic) events.onUnusable();
    else events.onReady();
  }

  function answer(payload: GobValue | undefined): void {
    const bytes = Buffer.isBuffer(payload) ? payload : Buffer.alloc(0);
    if (bytes.length > MAX_RESPONSE_BYTES) events.onTooLarge();
    else events.onResponse(bytes, 'application/json');
  }

  function fail(error: unknown): void {
    const kind = error instanceof RpcError ? error.kind : undefined;
    // A program that ends closes its connection first, and its end tells more.
    if (isClosed || kind === 'closed') return;
    if (kind === 'too long' && client) {
      events.onTooLarge();
      events.onUnusable();
    } else events.onBroken(error instanceof Error ? error.message : String(error));
  }
  begin().catch(fail);

  return {
    get isReached() {
      return client !== undefined;
    },
    send(invocation, deadlineMs) {
      if (client) invoke(client, invocation, deadlineMs).catch(fail);
    },
    close() {
      isClosed = true;
      socket?.destroy();
    },
  };
}

interface ShownError extends FunctionError {
  stackTrace?: { path: string; line: number; label: string }[];
}

/** The error of a response as Lambda shows it; the stack trace only of a panic, as on AWS. */
function errorIn(value: GobValue | undefined): { shown: ShownError; isPanic: boolean } | undefined {
  if (value === undefined) return undefined;
  const { Message, Type, StackTrace, ShouldExit } = value as GobObject;
  const stackTrace = Array.isArray(StackTrace) ? (StackTrace as readonly GobObject[]).map(frameOf) : [];
  return {
    shown: {
      errorMessage: textOf(Message),
      errorType: textOf(Type),
      ...(stackTrace.length > 0 && { stackTrace }),
    },
    isPanic: ShouldExit === true,
  };
}

const frameOf = ({ Path, Line, Label }: GobObject) => ({
  path: textOf(Path),
  line: typeof Line === 'number' ? Line : 0,
  label: textOf(Label),
});

const textOf = (value: GobValue | undefined): string => (typeof value === 'string' ? value : '');

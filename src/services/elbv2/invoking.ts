// Invokes the functions of target groups, if their resource policies allow it.

import { parseArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Log } from '../../kernel/log.ts';
import type { FunctionFailure, FunctionReply, InvokedFunction } from '../../load-balancer/load-balancers.ts';
import type { LambdaClient } from './context.ts';
import { letsInvoke } from './domain/function-permission.ts';

/** Whether a function lets the target group invoke it. Rejects when Lambda cannot be asked. */
export async function mayInvoke(
  lambda: LambdaClient,
  functionArn: string,
  targetGroupArn: string,
): Promise<boolean> {
  const asked = await lambda
    .call('GetPolicy', { FunctionName: functionArn, Qualifier: undefined }, scopeOf(functionArn))
    .catch((error: Error) => {
      // There is no such function, or it has no policy.
      if (error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    });
  return asked !== undefined && letsInvoke(asked.Policy ?? '{}', invokingFor(targetGroupArn));
}

const invokingFor = (targetGroupArn: string) => ({
  sourceArn: targetGroupArn,
  sourceAccount: scopeOf(targetGroupArn).accountId,
});

/** AWS's names of errors of Invoke. */
const FAILURES: Record<string, FunctionFailure> = {
  RequestTooLargeException: 'tooLarge',
  ResourceNotFoundException: 'missing',
  TooManyRequestsException: 'throttled',
};

/** Returns a function that never rejects. */
export const functionInvoker =
  (lambda: LambdaClient, log: Log) =>
  async (target: InvokedFunction, event: Buffer): Promise<FunctionReply> => {
    const { functionArn, arn } = target;
    try {
      // AWS: the permission may have been taken away since the function was registered.
      if (!(await mayInvoke(lambda, functionArn, arn))) return { failed: 'denied' };
      const { FunctionError, Payload } = await lambda.call(
        'Invoke',
        { FunctionName: functionArn, InvocationType: 'RequestResponse', Payload: event },
        scopeOf(functionArn),
      );
      if (FunctionError !== undefined) return { failed: 'error' };
      return { payload: bufferOf(Payload) };
    } catch (error) {
      const failed = error instanceof Error ? FAILURES[error.name] : undefined;
      if (!failed) log.warn({ err: error, function: functionArn }, 'a function could not be invoked');
      return { failed: failed ?? 'internal' };
    }
  };

function scopeOf(arn: string): Scope {
  const { accountId = '', region = '' } = parseArn(arn) ?? {};
  return { accountId, region };
}

function bufferOf(payload: unknown): Buffer {
  if (payload instanceof Uint8Array) {
    return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  }
  return Buffer.from(typeof payload === 'string' ? payload : '');
}

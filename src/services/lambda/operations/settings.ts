// Settings outside of a function's configuration (reserved concurrency, asynchronous invocation, tags) and of the
// account.

import type { Scope } from '../../../aws/scope.ts';
import { MAX_UNZIPPED_BYTES } from '../code/refusals.ts';
import { changeFunction, findFunction, type Lambda } from '../context.ts';
import type { EventInvokeRecord } from '../domain/model.ts';
import { functionArn, LATEST } from '../domain/names.ts';
import { eventInvokeConfigNotFound, invalidParameter, tooMuchReserved } from '../faults.ts';
import { eventInvokePages, pageRequest } from '../paging.ts';
import type { Operation } from '../sdk.ts';
import { tagging } from '../tags.ts';
import { viewEventInvoke } from '../view.ts';

/** AWS: the default concurrency of an account. */
const ACCOUNT_CONCURRENCY = 1000;
/** AWS: the concurrency that must stay unreserved. */
const LEAST_UNRESERVED = 100;
const ACCOUNT_CODE_BYTES = 80_530_636_800;
const ZIPPED_BYTES = 52_428_800;

export const PutFunctionConcurrency: Operation<'PutFunctionConcurrency'> = async (lambda, input, context) => {
  const { reference, record } = findFunction(lambda, input.FunctionName, context);
  const reserved = input.ReservedConcurrentExecutions;
  const byOthers = (await usageOf(lambda, reference.scope)).reserved - (record.reservedConcurrency ?? 0);
  if (byOthers + reserved > ACCOUNT_CONCURRENCY - LEAST_UNRESERVED) {
    throw tooMuchReserved(LEAST_UNRESERVED);
  }
  changeFunction(lambda, reference, (record) => {
    record.reservedConcurrency = reserved;
  });
  return { ReservedConcurrentExecutions: reserved };
};

export const GetFunctionConcurrency: Operation<'GetFunctionConcurrency'> = (lambda, input, context) => {
  const { record } = findFunction(lambda, input.FunctionName, context);
  return { ReservedConcurrentExecutions: record.reservedConcurrency };
};

export const DeleteFunctionConcurrency: Operation<'DeleteFunctionConcurrency'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.FunctionName, context);
  changeFunction(lambda, reference, (record) => void delete record.reservedConcurrency);
  return {};
};

type EventInvokeInput = {
  MaximumRetryAttempts?: number | undefined;
  MaximumEventAgeInSeconds?: number | undefined;
  DestinationConfig?:
    | {
        OnSuccess?: { Destination?: string | undefined } | undefined;
        OnFailure?: { Destination?: string | undefined } | undefined;
      }
    | undefined;
};

function eventInvokeOf(input: EventInvokeInput, now: number): EventInvokeRecord {
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age, DestinationConfig: to } = input;
  if (to?.OnSuccess?.Destination || to?.OnFailure?.Destination) {
    throw invalidParameter('Millpond sends nothing to destinations of asynchronous invocations yet.');
  }
  return {
    ...(attempts !== undefined && { maximumRetryAttempts: attempts }),
    ...(age !== undefined && { maximumEventAgeSeconds: age }),
    ...(to && { destinations: {} }),
    modifiedAt: now,
  };
}

export const PutFunctionEventInvokeConfig: Operation<'PutFunctionEventInvokeConfig'> = (
  lambda,
  input,
  context,
) => {
  const { reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const qualifier = reference.qualifier ?? LATEST;
  const config = eventInvokeOf(input, lambda.clock.now());
  changeFunction(lambda, reference, (record) => {
    record.eventInvoke[qualifier] = config;
  });
  return viewEventInvoke(reference.scope, reference.name, qualifier, config);
};

export const UpdateFunctionEventInvokeConfig: Operation<'UpdateFunctionEventInvokeConfig'> = (
  lambda,
  input,
  context,
) => {
  const { reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const qualifier = reference.qualifier ?? LATEST;
  const change = eventInvokeOf(input, lambda.clock.now());
  const config = changeFunction(lambda, reference, (record) => {
    const before = record.eventInvoke[qualifier];
    if (!before) throw eventInvokeConfigNotFound(functionArn(reference.scope, reference.name, qualifier));
    return (record.eventInvoke[qualifier] = { ...before, ...change });
  });
  return viewEventInvoke(reference.scope, reference.name, qualifier, config);
};

export const GetFunctionEventInvokeConfig: Operation<'GetFunctionEventInvokeConfig'> = (
  lambda,
  input,
  context,
) => {
  const { record, reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const qualifier = reference.qualifier ?? LATEST;
  const config = record.eventInvoke[qualifier];
  if (!config) throw eventInvokeConfigNotFound(functionArn(reference.scope, record.name, qualifier));
  return viewEventInvoke(reference.scope, record.name, qualifier, config);
};

export const ListFunctionEventInvokeConfigs: Operation<'ListFunctionEventInvokeConfigs'> = (
  lambda,
  input,
  context,
) => {
  const { record, reference } = findFunction(lambda, input.FunctionName, context);
  const all = Object.entries(record.eventInvoke).sort(([a], [b]) => (a < b ? -1 : 1));
  const page = eventInvokePages.ofSorted(all, ([qualifier]) => qualifier, pageRequest(input));
  return {
    FunctionEventInvokeConfigs: page.items.map(([qualifier, config]) =>
      viewEventInvoke(reference.scope, record.name, qualifier, config),
    ),
    NextMarker: page.token,
  };
};

export const DeleteFunctionEventInvokeConfig: Operation<'DeleteFunctionEventInvokeConfig'> = (
  lambda,
  input,
  context,
) => {
  const { reference } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const qualifier = reference.qualifier ?? LATEST;
  changeFunction(lambda, reference, (record) => void delete record.eventInvoke[qualifier]);
  return {};
};

export const TagResource: Operation<'TagResource'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.Resource, context);
  changeFunction(lambda, reference, (record) => {
    record.tags = tagging.add(record.tags, input.Tags, context);
  });
  return {};
};

export const UntagResource: Operation<'UntagResource'> = (lambda, input, context) => {
  const { reference } = findFunction(lambda, input.Resource, context);
  changeFunction(lambda, reference, (record) => {
    record.tags = tagging.remove(record.tags, input.TagKeys, context);
  });
  return {};
};

export const ListTags: Operation<'ListTags'> = (lambda, input, context) => ({
  Tags: findFunction(lambda, input.Resource, context).record.tags,
});

async function usageOf(lambda: Lambda, scope: Scope) {
  let [reserved, codeBytes, functionCount] = [0, 0, 0];
  for await (const batch of lambda.records.functions.batches(scope)) {
    for (const { value } of batch) {
      reserved += value.reservedConcurrency ?? 0;
      codeBytes += value.latest.codeBytes;
      functionCount += 1;
    }
  }
  return { reserved, codeBytes, functionCount };
}

export const GetAccountSettings: Operation<'GetAccountSettings'> = async (lambda, _input, context) => {
  const { reserved, codeBytes, functionCount } = await usageOf(lambda, context);
  return {
    AccountLimit: {
      TotalCodeSize: ACCOUNT_CODE_BYTES,
      CodeSizeUnzipped: MAX_UNZIPPED_BYTES,
      CodeSizeZipped: ZIPPED_BYTES,
      ConcurrentExecutions: ACCOUNT_CONCURRENCY,
      UnreservedConcurrentExecutions: Math.max(0, ACCOUNT_CONCURRENCY - reserved),
    },
    AccountUsage: {
      TotalCodeSize: codeBytes,
      FunctionCount: functionCount,
    },
  };
};

// What tools ask of every function about features that Millpond does not have: none of them is there, and AWS's answer
// for a function without any is given. Setting one of them is refused by name.

import { functionArn } from '../domain/names.ts';
import { invalidParameter, noProvisionedConcurrency } from '../faults.ts';
import { findFunction, type Lambda, type Operation } from '../lambda.ts';

export function getFunctionCodeSigningConfig(lambda: Lambda): Operation<'GetFunctionCodeSigningConfig'> {
  return (input, context) => {
    findFunction(lambda, input.FunctionName, context);
    return { CodeSigningConfigArn: undefined, FunctionName: undefined };
  };
}

export function putFunctionCodeSigningConfig(lambda: Lambda): Operation<'PutFunctionCodeSigningConfig'> {
  return (input, context) => {
    findFunction(lambda, input.FunctionName, context);
    throw invalidParameter('Millpond checks no signatures of code.');
  };
}

export function deleteFunctionCodeSigningConfig(
  lambda: Lambda,
): Operation<'DeleteFunctionCodeSigningConfig'> {
  return (input, context) => {
    findFunction(lambda, input.FunctionName, context);
    return {};
  };
}

export function getProvisionedConcurrencyConfig(
  lambda: Lambda,
): Operation<'GetProvisionedConcurrencyConfig'> {
  return (input, context) => {
    findFunction(lambda, input.FunctionName, context, input.Qualifier);
    throw noProvisionedConcurrency();
  };
}

export function listProvisionedConcurrencyConfigs(
  lambda: Lambda,
): Operation<'ListProvisionedConcurrencyConfigs'> {
  return (input, context) => {
    findFunction(lambda, input.FunctionName, context);
    return { ProvisionedConcurrencyConfigs: [] };
  };
}

export const listEventSourceMappings: Operation<'ListEventSourceMappings'> = () => ({
  EventSourceMappings: [],
});

/** Runtimes are this machine's own programs, which change when it is updated. */
export function getRuntimeManagementConfig(lambda: Lambda): Operation<'GetRuntimeManagementConfig'> {
  return (input, context) => {
    const { reference, version } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
    const { scope, name } = reference;
    return { UpdateRuntimeOn: 'Auto', FunctionArn: functionArn(scope, name, version.version) };
  };
}

export function putRuntimeManagementConfig(lambda: Lambda): Operation<'PutRuntimeManagementConfig'> {
  return (input, context) => {
    const { reference, version } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
    const { scope, name } = reference;
    if (input.UpdateRuntimeOn !== 'Auto') {
      throw invalidParameter('Millpond keeps no versions of runtimes: UpdateRuntimeOn can only be Auto.');
    }
    return {
      UpdateRuntimeOn: 'Auto',
      FunctionArn: functionArn(scope, name, version.version),
      RuntimeVersionArn: undefined,
    };
  };
}

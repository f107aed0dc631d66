// Features that tools read of every function and that Millpond does not have. Reads get AWS's answer for a function
// without the feature; setting one is refused by name.

import { findFunction } from '../context.ts';
import { functionArn } from '../domain/names.ts';
import { invalidParameter, noProvisionedConcurrency } from '../faults.ts';
import type { Operation } from '../sdk.ts';

export const GetFunctionCodeSigningConfig: Operation<'GetFunctionCodeSigningConfig'> = (
  lambda,
  input,
  context,
) => {
  findFunction(lambda, input.FunctionName, context);
  return { CodeSigningConfigArn: undefined, FunctionName: undefined };
};

export const PutFunctionCodeSigningConfig: Operation<'PutFunctionCodeSigningConfig'> = (
  lambda,
  input,
  context,
) => {
  findFunction(lambda, input.FunctionName, context);
  throw invalidParameter('Millpond does not check code signatures.');
};

export const DeleteFunctionCodeSigningConfig: Operation<'DeleteFunctionCodeSigningConfig'> = (
  lambda,
  input,
  context,
) => {
  findFunction(lambda, input.FunctionName, context);
  return {};
};

export const GetProvisionedConcurrencyConfig: Operation<'GetProvisionedConcurrencyConfig'> = (
  lambda,
  input,
  context,
) => {
  findFunction(lambda, input.FunctionName, context, input.Qualifier);
  throw noProvisionedConcurrency();
};

export const ListProvisionedConcurrencyConfigs: Operation<'ListProvisionedConcurrencyConfigs'> = (
  lambda,
  input,
  context,
) => {
  findFunction(lambda, input.FunctionName, context);
  return { ProvisionedConcurrencyConfigs: [] };
};

export const ListEventSourceMappings: Operation<'ListEventSourceMappings'> = () => ({
  EventSourceMappings: [],
});

/** Runtimes are this machine's own programs, which change when the machine is updated. */
export const GetRuntimeManagementConfig: Operation<'GetRuntimeManagementConfig'> = (
  lambda,
  input,
  context,
) => {
  const { reference, version } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const { scope, name } = reference;
  return { UpdateRuntimeOn: 'Auto', FunctionArn: functionArn(scope, name, version.version) };
};

export const PutRuntimeManagementConfig: Operation<'PutRuntimeManagementConfig'> = (
  lambda,
  input,
  context,
) => {
  const { reference, version } = findFunction(lambda, input.FunctionName, context, input.Qualifier);
  const { scope, name } = reference;
  if (input.UpdateRuntimeOn !== 'Auto') {
    throw invalidParameter('Millpond does not keep versions of runtimes: UpdateRuntimeOn can only be Auto.');
  }
  return {
    UpdateRuntimeOn: 'Auto',
    FunctionArn: functionArn(scope, name, version.version),
    RuntimeVersionArn: undefined,
  };
};

// The operations of Lambda.

import type { Handlers } from '../../wire/service.ts';
import type { Invoker } from './invoker.ts';
import type { Lambda, Sdk } from './lambda.ts';
import {
  deleteFunctionCodeSigningConfig,
  getFunctionCodeSigningConfig,
  getProvisionedConcurrencyConfig,
  getRuntimeManagementConfig,
  listEventSourceMappings,
  listProvisionedConcurrencyConfigs,
  putFunctionCodeSigningConfig,
  putRuntimeManagementConfig,
} from './operations/absent-features.ts';
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './operations/aliases.ts';
import { createFunction } from './operations/create-function.ts';
import {
  createFunctionUrlConfig,
  deleteFunctionUrlConfig,
  getFunctionUrlConfig,
  listFunctionUrlConfigs,
  updateFunctionUrlConfig,
} from './operations/function-urls.ts';
import {
  deleteFunction,
  getFunction,
  getFunctionConfiguration,
  listFunctions,
} from './operations/functions.ts';
import { invoke, invokeAsync } from './operations/invoke.ts';
import {
  deleteLayerVersion,
  getLayerVersion,
  getLayerVersionByArn,
  listLayers,
  listLayerVersions,
  publishLayerVersion,
} from './operations/layers.ts';
import { addPermission, getPolicy, removePermission } from './operations/permissions.ts';
import {
  deleteFunctionConcurrency,
  deleteFunctionEventInvokeConfig,
  getAccountSettings,
  getFunctionConcurrency,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  listTags,
  putFunctionConcurrency,
  putFunctionEventInvokeConfig,
  tagResource,
  untagResource,
  updateFunctionEventInvokeConfig,
} from './operations/settings.ts';
import { updateFunctionCode, updateFunctionConfiguration } from './operations/update-function.ts';
import { listVersionsByFunction, publishVersion } from './operations/versions.ts';

export const operations = (lambda: Lambda, invoker: Invoker): Handlers<Sdk> => ({
  AddPermission: addPermission(lambda),
  CreateAlias: createAlias(lambda),
  CreateFunction: createFunction(lambda),
  CreateFunctionUrlConfig: createFunctionUrlConfig(lambda),
  DeleteAlias: deleteAlias(lambda),
  DeleteFunction: deleteFunction(lambda),
  DeleteFunctionCodeSigningConfig: deleteFunctionCodeSigningConfig(lambda),
  DeleteFunctionConcurrency: deleteFunctionConcurrency(lambda),
  DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig(lambda),
  DeleteFunctionUrlConfig: deleteFunctionUrlConfig(lambda),
  DeleteLayerVersion: deleteLayerVersion(lambda),
  GetAccountSettings: getAccountSettings(lambda),
  GetAlias: getAlias(lambda),
  GetFunction: getFunction(lambda),
  GetFunctionCodeSigningConfig: getFunctionCodeSigningConfig(lambda),
  GetFunctionConcurrency: getFunctionConcurrency(lambda),
  GetFunctionConfiguration: getFunctionConfiguration(lambda),
  GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig(lambda),
  GetFunctionUrlConfig: getFunctionUrlConfig(lambda),
  GetLayerVersion: getLayerVersion(lambda),
  GetLayerVersionByArn: getLayerVersionByArn(lambda),
  GetPolicy: getPolicy(lambda),
  GetProvisionedConcurrencyConfig: getProvisionedConcurrencyConfig(lambda),
  GetRuntimeManagementConfig: getRuntimeManagementConfig(lambda),
  Invoke: invoke(lambda, invoker),
  InvokeAsync: invokeAsync(lambda),
  ListAliases: listAliases(lambda),
  ListEventSourceMappings: listEventSourceMappings,
  ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs(lambda),
  ListFunctions: listFunctions(lambda),
  ListFunctionUrlConfigs: listFunctionUrlConfigs(lambda),
  ListLayers: listLayers(lambda),
  ListLayerVersions: listLayerVersions(lambda),
  ListProvisionedConcurrencyConfigs: listProvisionedConcurrencyConfigs(lambda),
  ListTags: listTags(lambda),
  ListVersionsByFunction: listVersionsByFunction(lambda),
  PublishLayerVersion: publishLayerVersion(lambda),
  PublishVersion: publishVersion(lambda),
  PutFunctionCodeSigningConfig: putFunctionCodeSigningConfig(lambda),
  PutFunctionConcurrency: putFunctionConcurrency(lambda),
  PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig(lambda),
  PutRuntimeManagementConfig: putRuntimeManagementConfig(lambda),
  RemovePermission: removePermission(lambda),
  TagResource: tagResource(lambda),
  UntagResource: untagResource(lambda),
  UpdateAlias: updateAlias(lambda),
  UpdateFunctionCode: updateFunctionCode(lambda),
  UpdateFunctionConfiguration: updateFunctionConfiguration(lambda),
  UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig(lambda),
  UpdateFunctionUrlConfig: updateFunctionUrlConfig(lambda),
});

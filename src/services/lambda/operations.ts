// The operations of Lambda that Millpond has. Others answer that they are not implemented.

import type { Operations } from '../../wire/service.ts';
import type { Lambda } from './context.ts';
import {
  DeleteFunctionCodeSigningConfig,
  GetFunctionCodeSigningConfig,
  GetProvisionedConcurrencyConfig,
  GetRuntimeManagementConfig,
  ListEventSourceMappings,
  ListProvisionedConcurrencyConfigs,
  PutFunctionCodeSigningConfig,
  PutRuntimeManagementConfig,
} from './operations/absent-features.ts';
import { CreateAlias, DeleteAlias, GetAlias, ListAliases, UpdateAlias } from './operations/aliases.ts';
import { CreateFunction } from './operations/create-function.ts';
import {
  CreateFunctionUrlConfig,
  DeleteFunctionUrlConfig,
  GetFunctionUrlConfig,
  ListFunctionUrlConfigs,
  UpdateFunctionUrlConfig,
} from './operations/function-urls.ts';
import {
  DeleteFunction,
  GetFunction,
  GetFunctionConfiguration,
  ListFunctions,
} from './operations/functions.ts';
import { Invoke, InvokeAsync } from './operations/invoke.ts';
import {
  AddLayerVersionPermission,
  GetLayerVersionPolicy,
  RemoveLayerVersionPermission,
} from './operations/layer-permissions.ts';
import {
  DeleteLayerVersion,
  GetLayerVersion,
  GetLayerVersionByArn,
  ListLayers,
  ListLayerVersions,
  PublishLayerVersion,
} from './operations/layers.ts';
import { AddPermission, GetPolicy, RemovePermission } from './operations/permissions.ts';
import {
  DeleteFunctionConcurrency,
  DeleteFunctionEventInvokeConfig,
  GetAccountSettings,
  GetFunctionConcurrency,
  GetFunctionEventInvokeConfig,
  ListFunctionEventInvokeConfigs,
  ListTags,
  PutFunctionConcurrency,
  PutFunctionEventInvokeConfig,
  TagResource,
  UntagResource,
  UpdateFunctionEventInvokeConfig,
} from './operations/settings.ts';
import { UpdateFunctionCode, UpdateFunctionConfiguration } from './operations/update-function.ts';
import { ListVersionsByFunction, PublishVersion } from './operations/versions.ts';
import type { Sdk } from './sdk.ts';

/** By the operation's AWS name. */
export const operations: Operations<Sdk, Lambda> = {
  AddLayerVersionPermission,
  AddPermission,
  CreateAlias,
  CreateFunction,
  CreateFunctionUrlConfig,
  DeleteAlias,
  DeleteFunction,
  DeleteFunctionCodeSigningConfig,
  DeleteFunctionConcurrency,
  DeleteFunctionEventInvokeConfig,
  DeleteFunctionUrlConfig,
  DeleteLayerVersion,
  GetAccountSettings,
  GetAlias,
  GetFunction,
  GetFunctionCodeSigningConfig,
  GetFunctionConcurrency,
  GetFunctionConfiguration,
  GetFunctionEventInvokeConfig,
  GetFunctionUrlConfig,
  GetLayerVersion,
  GetLayerVersionByArn,
  GetLayerVersionPolicy,
  GetPolicy,
  GetProvisionedConcurrencyConfig,
  GetRuntimeManagementConfig,
  Invoke,
  InvokeAsync,
  ListAliases,
  ListEventSourceMappings,
  ListFunctionEventInvokeConfigs,
  ListFunctionUrlConfigs,
  ListFunctions,
  ListLayerVersions,
  ListLayers,
  ListProvisionedConcurrencyConfigs,
  ListTags,
  ListVersionsByFunction,
  PublishLayerVersion,
  PublishVersion,
  PutFunctionCodeSigningConfig,
  PutFunctionConcurrency,
  PutFunctionEventInvokeConfig,
  PutRuntimeManagementConfig,
  RemoveLayerVersionPermission,
  RemovePermission,
  TagResource,
  UntagResource,
  UpdateAlias,
  UpdateFunctionCode,
  UpdateFunctionConfiguration,
  UpdateFunctionEventInvokeConfig,
  UpdateFunctionUrlConfig,
};

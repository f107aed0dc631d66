// Lambda's resource types for CloudFormation; each calls Lambda's own API.

import type { ResourceType } from '../../control/resource-type.ts';
import type { Client } from '../../wire/client.ts';
import { aliasType, versionType } from './resource-types/alias-and-version.ts';
import { functionType } from './resource-types/function.ts';
import { layerVersionType } from './resource-types/layer-version.ts';
import { eventInvokeConfigType, permissionType, urlType } from './resource-types/permission-and-url.ts';
import type { Sdk } from './sdk.ts';

/** All resource types of Lambda. */
export const lambdaResourceTypes = (lambda: Client<Sdk>): ResourceType[] => [
  functionType(lambda),
  layerVersionType(lambda),
  versionType(lambda),
  aliasType(lambda),
  permissionType(lambda),
  urlType(lambda),
  eventInvokeConfigType(lambda),
];

// Every operation of ECS that Millpond has. The wire layer answers that any other is not implemented: services, task sets,
// ExecuteCommand, container instances, daemons, Express services, gateways.

import type { Operations } from '../../wire/service.ts';
import type { Ecs } from './context.ts';
import {
  DescribeContainerInstances,
  DescribeServices,
  ListAttributes,
  ListContainerInstances,
  ListServices,
} from './operations/absent-features.ts';
import {
  DeleteAccountSetting,
  ListAccountSettings,
  PutAccountSetting,
  PutAccountSettingDefault,
} from './operations/account-settings.ts';
import {
  PutClusterCapacityProviders,
  UpdateCluster,
  UpdateClusterSettings,
} from './operations/cluster-settings.ts';
import {
  CreateCluster,
  DeleteCluster,
  DescribeCapacityProviders,
  DescribeClusters,
  ListClusters,
} from './operations/clusters.ts';
import { DescribeTasks, ListTasks, StopTask } from './operations/describe-tasks.ts';
import { RegisterTaskDefinition } from './operations/register-task-definition.ts';
import { RunTask } from './operations/run-task.ts';
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts';
import {
  DeleteTaskDefinitions,
  DeregisterTaskDefinition,
  DescribeTaskDefinition,
  ListTaskDefinitionFamilies,
  ListTaskDefinitions,
} from './operations/task-definitions.ts';
import type { Sdk } from './sdk.ts';

/** By AWS's name. */
export const operations: Operations<Sdk, Ecs> = {
  CreateCluster,
  DeleteAccountSetting,
  DeleteCluster,
  DeleteTaskDefinitions,
  DeregisterTaskDefinition,
  DescribeCapacityProviders,
  DescribeClusters,
  DescribeContainerInstances,
  DescribeServices,
  DescribeTaskDefinition,
  DescribeTasks,
  ListAccountSettings,
  ListAttributes,
  ListClusters,
  ListContainerInstances,
  ListServices,
  ListTagsForResource,
  ListTaskDefinitionFamilies,
  ListTaskDefinitions,
  ListTasks,
  PutAccountSetting,
  PutAccountSettingDefault,
  PutClusterCapacityProviders,
  RegisterTaskDefinition,
  RunTask,
  StopTask,
  TagResource,
  UntagResource,
  UpdateCluster,
  UpdateClusterSettings,
};

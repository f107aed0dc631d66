// The records of ECS. Times are milliseconds since the epoch.

import type {
  ContainerDefinition,
  RegisterTaskDefinitionRequest,
  TaskOverride,
  TaskStopCode,
} from '@aws-sdk/client-ecs';

/** A cluster. */
export interface Cluster {
  name: string;
  status: 'ACTIVE' | 'INACTIVE';
  /** When it was deleted. */
  deletedAt?: number;
  settings: { name: string; value: string }[];
  /** Recorded only. */
  configuration?: object;
  serviceConnectNamespace?: string;
  capacityProviders: string[];
  defaultStrategy: StrategyItem[];
  tags: Record<string, string>;
}

/** An item of a capacity provider strategy. */
export interface StrategyItem {
  capacityProvider: string;
  weight: number;
  base: number;
}

/** A revision of a task definition, as it was registered with the defaults of AWS. */
export interface Definition {
  family: string;
  revision: number;
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  registeredAt: number;
  deregisteredAt?: number;
  deleteRequestedAt?: number;
  /** The access key of the caller. */
  registeredBy: string;
  content: DefinitionContent;
  tags: Record<string, string>;
}

/** What a request says of a task definition. */
export type DefinitionContent = Omit<
  RegisterTaskDefinitionRequest,
  'family' | 'tags' | 'containerDefinitions'
> & {
  containerDefinitions: ContainerDefinition[];
};

/** How a task is. AWS: DEACTIVATING and ACTIVATING are for services. */
export type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED';

export type Health = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

/** A task. */
export interface Task {
  /** 32 hexadecimal digits. */
  id: string;
  cluster: string;
  definition: { family: string; revision: number };
  group: string;
  startedBy?: string;
  launchType: 'FARGATE';
  capacityProvider?: string;
  /** CPU units and MiB, as AWS shows them. */
  cpu: string;
  memory: string;
  ephemeralStorageGiB: number;
  overrides: TaskOverride;
  tags: Record<string, string>;
  network: TaskNetwork;
  containers: TaskContainer[];
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** Counts the changes. */
  version: number;
  createdAt: number;
  connectedAt?: number;
  pullStartedAt?: number;
  pullStoppedAt?: number;
  startedAt?: number;
  stoppingAt?: number;
  executionStoppedAt?: number;
  stoppedAt?: number;
  stopCode?: TaskStopCode;
  stoppedReason?: string;
}

/** The network interface of a task, which all its containers share. */
export interface TaskNetwork {
  subnetId: string;
  /** CIDR of the subnet. */
  cidr: string;
  zone: string;
  securityGroupIds: string[];
  hasPublicAddress: boolean;
  attachmentId: string;
  interfaceId: string;
  macAddress: string;
  /** Absent until it has one. */
  address?: string;
}

/** A container of a task. */
export interface TaskContainer {
  name: string;
  /** Random, in its ARN. */
  id: string;
  /** The secret part of the address of its metadata. */
  metadataId: string;
  /** With the overrides of the task. */
  definition: ContainerDefinition;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  health: Health;
  imageDigest?: string;
  /** The signal that asks it to end. */
  stopSignal?: string;
  startedAt?: number;
  /** When it was asked to end. */
  signalledAt?: number;
  endedAt?: number;
  exitCode?: number;
  reason?: string;
}

// RunTask. It writes the records; the controller runs the tasks.

import { createHash } from 'node:crypto';
import { randomHex } from '../../../kernel/ids.ts';
import type { RequestContext } from '../../../wire/service.ts';
import type { Ecs } from '../context.ts';
import { findDefinition } from '../definitions.ts';
import { refuseOfRunTask } from '../domain/absent-features.ts';
import { clusterName } from '../domain/identifiers.ts';
import type { Cluster, Definition, StrategyItem, Task } from '../domain/model.ts';
import { applyOverrides, type EffectiveTask } from '../domain/overrides.ts';
import { shareOf } from '../domain/strategy.ts';
import {
  clientTokenConflict,
  definitionInactive,
  definitionNotFound,
  invalidParameter,
  launchTypeAndStrategy,
  launchTypeUnsupported,
  noContainerInstances,
  tooManyTasks,
  unknownPlatform,
  unsupported,
} from '../faults.ts';
import { interfaceOf } from '../interfaces.ts';
import { type Placement, placementOf } from '../placement.ts';
import { ALIVE, activeCluster } from '../records.ts';
import type { Input, Operation } from '../sdk.ts';
import { addTags, TOKEN_TAG } from '../tagging.ts';
import { compatibilitiesOf, viewTask } from '../view.ts';
import { checkStrategy } from './clusters.ts';

const MOST_AT_ONCE = 10;
/** Tasks of an account and region that have not ended. */
const MOST_TASKS = 100;
/** AWS: how long a client token is remembered. */
const TOKEN_LIFE_MS = 24 * 60 * 60 * 1_000;
const PLATFORMS = ['LATEST', '1.4.0', '1.3.0'];

type RunTaskInput = Input<'RunTask'>;

/** Throws ClusterNotFoundException, ClientException, InvalidParameterException, ConflictException, PlatformUnknownException. */
export const RunTask: Operation<'RunTask'> = async (ecs, input, context) => {
  const cluster = activeCluster(ecs.records, context, clusterName(input.cluster));
  const { count = 1 } = input;
  if (count < 1 || count > MOST_AT_ONCE)
    throw invalidParameter(`Count should be between 1 and ${MOST_AT_ONCE}.`);
  const definition = findDefinition(ecs, context, input.taskDefinition);
  if (!definition || definition.status === 'DELETE_IN_PROGRESS') throw definitionNotFound();
  if (definition.status === 'INACTIVE') throw definitionInactive();
  const strategy = launchOf(cluster, input);
  refuseOfRunTask(input);
  if (!compatibilitiesOf(definition).includes('FARGATE')) throw launchTypeUnsupported('FARGATE');
  if (!PLATFORMS.includes(input.platformVersion || 'LATEST')) throw unknownPlatform();
  if ((input.group ?? '').length > 255) throw invalidParameter('group can have at most 255 characters.');
  if (!/^[\w/.-]{0,128}$/.test(input.startedBy ?? '')) {
    throw invalidParameter(
      'startedBy can have up to 128 letters, numbers, hyphens, forward slashes, periods and underscores.',
    );
  }
  if (!/^[!-~]{0,64}$/.test(input.clientToken ?? '')) {
    throw invalidParameter('clientToken can have up to 64 printable ASCII characters.');
  }
  const effective = applyOverrides(definition.content, input.overrides);
  const tags = tagsOf(input, context, cluster, definition);
  const placement = await placementOf(ecs, context, input.networkConfiguration);
  const tasks = ecs.store.transaction(() => {
    const earlier = earlierTasks(ecs, context, input);
    if (earlier) return earlier;
    const alive = ecs.records.tasks.countBy(context, 'alive', ALIVE);
    if (alive + count > MOST_TASKS) throw tooManyTasks(MOST_TASKS);
    const first = Number.parseInt(randomHex(4), 16);
    const made = Array.from({ length: count }, (_, index) =>
      newTask(ecs, input, context, {
        cluster,
        definition,
        effective,
        placement,
        tags,
        first,
        index,
        provider: strategy && shareOf(strategy, count, index),
      }),
    );
    for (const task of made) ecs.records.tasks.put(context, task);
    rememberToken(ecs, context, input, made);
    return made;
  });
  for (const { id } of tasks) ecs.taskChanged(context, id);
  return { tasks: tasks.map((task) => viewTask(context, task, ['TAGS'])), failures: [] };
};

/**
 * The strategy by which tasks get a capacity provider; `undefined` for the launch type FARGATE. AWS: without either, the
 * cluster's default strategy, else the launch type EC2.
 */
function launchOf(
  cluster: Cluster,
  { launchType, capacityProviderStrategy = [] }: RunTaskInput,
): StrategyItem[] | undefined {
  if (launchType !== undefined && capacityProviderStrategy.length > 0) throw launchTypeAndStrategy();
  if (launchType === 'FARGATE') return undefined;
  if (launchType === 'MANAGED_INSTANCES') throw unsupported('managed instances');
  if (launchType !== undefined) throw noContainerInstances();
  if (capacityProviderStrategy.length > 0)
    return checkStrategy(capacityProviderStrategy, cluster.capacityProviders);
  if (cluster.defaultStrategy.length > 0) return cluster.defaultStrategy;
  throw noContainerInstances();
}

function tagsOf(
  input: RunTaskInput,
  context: RequestContext,
  cluster: Cluster,
  definition: Definition,
): Record<string, string> {
  const { [TOKEN_TAG]: _token, ...ofDefinition } = definition.tags;
  const propagated = input.propagateTags === 'TASK_DEFINITION' ? ofDefinition : {};
  if (input.propagateTags === 'SERVICE')
    throw invalidParameter('Invalid value for propagateTags: SERVICE is for services.');
  const given = addTags(propagated, input.tags, context);
  return input.enableECSManagedTags ? { ...given, 'aws:ecs:clusterName': cluster.name } : given;
}

interface Parts {
  cluster: Cluster;
  definition: Definition;
  effective: EffectiveTask;
  placement: Placement;
  tags: Record<string, string>;
  /** The subnet of the first task, by number. */
  first: number;
  index: number;
  provider: string | undefined;
}

function newTask(ecs: Ecs, input: RunTaskInput, context: RequestContext, parts: Parts): Task {
  const { definition, effective, placement, provider } = parts;
  const { family, revision } = definition;
  const id = randomHex(32);
  const subnet = placement.subnets[(parts.first + parts.index) % placement.subnets.length]!;
  return {
    ...{ id, cluster: parts.cluster.name, definition: { family, revision } },
    group: input.group || `family:${family}`,
    ...(input.startedBy && { startedBy: input.startedBy }),
    launchType: 'FARGATE',
    ...(provider !== undefined && { capacityProvider: provider }),
    cpu: String(effective.cpu),
    memory: String(effective.memory),
    ephemeralStorageGiB: effective.ephemeralStorageGiB,
    overrides: input.overrides ?? {},
    tags: parts.tags,
    network: {
      ...{ subnetId: subnet.id, cidr: subnet.cidr, zone: subnet.zone },
      securityGroupIds: placement.securityGroupIds,
      hasPublicAddress: placement.hasPublicAddress,
      ...interfaceOf(context, id),
    },
    containers: effective.containers.map((container) => ({
      ...{ name: container.name!, id: uuid(), metadataId: randomHex(32), definition: container },
      ...{ lastStatus: 'PENDING', health: 'UNKNOWN' },
    })),
    ...{ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING', version: 1, createdAt: ecs.clock.now() },
  };
}

const uuid = (): string => randomHex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

const digestOf = ({ clientToken, ...input }: RunTaskInput): string =>
  createHash('sha256').update(JSON.stringify(input)).digest('hex');

/** The tasks of an earlier request with this client token. Throws ConflictException when it had other parameters. */
function earlierTasks(
  { records, clock }: Ecs,
  context: RequestContext,
  input: RunTaskInput,
): Task[] | undefined {
  if (!input.clientToken) return undefined;
  const earlier = records.clientTokens.get(context, input.clientToken);
  if (!earlier || earlier.at + TOKEN_LIFE_MS < clock.now()) return undefined;
  if (earlier.digest !== digestOf(input)) throw clientTokenConflict(earlier.taskIds);
  return earlier.taskIds.flatMap((id) => records.tasks.find(context, id) ?? []);
}

function rememberToken(
  { records, clock }: Ecs,
  context: RequestContext,
  input: RunTaskInput,
  tasks: readonly Task[],
): void {
  if (!input.clientToken) return;
  const taskIds = tasks.map(({ id }) => id);
  records.clientTokens.put(context, input.clientToken, { digest: digestOf(input), taskIds, at: clock.now() });
}

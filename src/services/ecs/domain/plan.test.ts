// What a task needs next, as a table of records and observations.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Task, TaskContainer } from './model.ts';
import type { Observation, SeenContainer } from './observation.ts';
import { plan } from './plan.ts';
import { advance, type Transition } from './transition.ts';

const NOW = 1_000_000;

const containerOf = (name: string, more: Partial<TaskContainer> = {}): TaskContainer => ({
  ...{ name, id: name, metadataId: name, lastStatus: 'PENDING', health: 'UNKNOWN' },
  definition: { name, image: 'i', essential: true },
  ...more,
});

const taskOf = (more: Partial<Task> = {}): Task => ({
  ...{ id: 't', cluster: 'default', definition: { family: 'f', revision: 1 }, group: 'family:f' },
  ...{ launchType: 'FARGATE', cpu: '256', memory: '512', ephemeralStorageGiB: 20, overrides: {}, tags: {} },
  network: {
    ...{
      subnetId: 's',
      cidr: '10.0.0.0/24',
      zone: 'us-east-1a',
      securityGroupIds: [],
      hasPublicAddress: false,
    },
    ...{ attachmentId: 'a', interfaceId: 'eni', macAddress: '0a', address: '10.0.0.4' },
  },
  containers: [containerOf('app')],
  ...{
    lastStatus: 'PENDING',
    desiredStatus: 'RUNNING',
    version: 1,
    createdAt: 0,
    pullStartedAt: 1,
    pullStoppedAt: 2,
  },
  ...more,
});

const RUNNING: Partial<TaskContainer> = { lastStatus: 'RUNNING', startedAt: NOW - 1_000 };

const seenOf = (
  containers: Record<string, Partial<SeenContainer>> = {},
  more: Partial<Observation> = {},
): Observation => ({
  ...{ network: 'done', address: '10.0.0.4', secrets: 'none', release: 'none' },
  ...more,
  containers: new Map(
    Object.entries(containers).map(([name, each]) => [
      name,
      {
        image: 'done',
        log: 'done',
        run: { is: 'absent' },
        isDrained: true,
        health: 'UNKNOWN',
        ...each,
      } as SeenContainer,
    ]),
  ),
});

const runs: SeenContainer['run'] = {
  is: 'running',
  startedAt: NOW - 1_000,
  imageDigest: 'd',
  stopSignal: 'SIGINT',
};
const ends = (exitCode: number, more: object = {}): SeenContainer['run'] => ({
  is: 'ended',
  ...{ startedAt: NOW - 1_000, imageDigest: 'd', end: { exitCode, isOutOfMemory: false, at: NOW, ...more } },
});

/** Actions as short texts. */
function actionsOf(task: Task, seen: Observation, now = NOW): string[] {
  return plan(task, seen, now).actions.map((action) => {
    if (action.do === 'record') return nameOf(action.transition);
    if (action.do === 'signal') return `${action.signal} ${action.container}`;
    return `begin ${action.work}${'container' in action ? ` ${action.container}` : ''}`;
  });
}

const nameOf = (transition: Transition): string => {
  const who = 'container' in transition ? ` ${transition.container}` : '';
  const why = transition.to === 'stopping' ? ` ${transition.code}` : '';
  return `${transition.to}${who}${why}`;
};

describe('a task that starts', () => {
  const cases: Record<string, [Partial<Task>, Observation, string[]]> = {
    'gets its network first': [
      { lastStatus: 'PROVISIONING' },
      seenOf({}, { network: 'none' }),
      ['begin network'],
    ],
    'waits for its network': [{ lastStatus: 'PROVISIONING' }, seenOf({}, { network: 'working' }), []],
    'has its network': [{ lastStatus: 'PROVISIONING' }, seenOf(), ['networkReady']],
    'stops when it gets no network': [
      { lastStatus: 'PROVISIONING' },
      seenOf({}, { network: { failed: 'full' } }),
      ['stopping TaskFailedToStart'],
    ],
    'gets another address after a restart': [{}, seenOf({}, { address: '10.0.0.9' }), ['networkReady']],
    'needs no network for what has ended': [
      { containers: [containerOf('app', RUNNING)] },
      seenOf({ app: { run: ends(0), isDrained: false } }, { network: 'none' }),
      [],
    ],
    'begins to pull': [{ pullStartedAt: undefined as never }, seenOf(), ['pulling']],
    pulls: [{ pullStoppedAt: undefined as never }, seenOf({ app: { image: 'none' } }), ['begin image app']],
    'waits for an image': [{}, seenOf({ app: { image: 'working' } }), []],
    'has its images': [{ pullStoppedAt: undefined as never }, seenOf({ app: {} }), ['pulled']],
    'stops when an image cannot be had': [
      {},
      seenOf({ app: { image: { failed: 'CannotPullContainerError: x' } } }),
      ['containerEnded app', 'stopping TaskFailedToStart'],
    ],
    'opens its log': [{}, seenOf({ app: { log: 'none' } }), ['begin log app']],
    'stops when its log cannot be opened': [
      {},
      seenOf({ app: { log: { failed: 'ResourceInitializationError: x' } } }),
      ['stopping TaskFailedToStart'],
    ],
    'starts its container': [{}, seenOf({ app: {} }), ['begin start app']],
    'waits for the start': [{}, seenOf({ app: { run: { is: 'starting' } } }), []],
    'stops when the container cannot be started': [
      {},
      seenOf({ app: { run: { is: 'failed', reason: 'CannotStartContainerError: x' } } }),
      ['containerEnded app', 'stopping TaskFailedToStart'],
    ],
    'records a container that runs': [{}, seenOf({ app: { run: runs } }), ['containerStarted app']],
    'runs once its containers do': [
      { containers: [containerOf('app', RUNNING)] },
      seenOf({ app: { run: runs } }),
      ['running'],
    ],
  };
  for (const [name, [task, seen, expected]] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(actionsOf(taskOf(task), seen), expected));
  }

  it('reads secrets only for what is not started yet', () => {
    const definition = { name: 'app', image: 'i', secrets: [{ name: 'A', valueFrom: 'b' }] };
    const task = taskOf({ containers: [containerOf('app', { definition })] });
    assert.deepEqual(actionsOf(task, seenOf({ app: {} })), ['begin secrets']);
    const failed = seenOf({ app: {} }, { secrets: { failed: 'ResourceInitializationError: x' } });
    assert.deepEqual(actionsOf(task, failed), ['stopping TaskFailedToStart']);
    const running = taskOf({ containers: [containerOf('app', { definition, ...RUNNING })] });
    assert.deepEqual(actionsOf(running, seenOf({ app: { run: runs } })), ['running']);
  });
});

describe('containers that depend on others', () => {
  const on = (condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY', first: Partial<TaskContainer>): Task =>
    taskOf({
      containers: [
        containerOf('first', {
          definition: {
            name: 'first',
            image: 'i',
            essential: false,
            healthCheck: { command: ['CMD', 'x'] },
            startTimeout: 60,
          },
          ...first,
        }),
        containerOf('app', {
          definition: { name: 'app', image: 'i', dependsOn: [{ containerName: 'first', condition }] },
        }),
      ],
    });
  const ended = { lastStatus: 'STOPPED', startedAt: 1 } as const;
  const cases: [string, Task, string[]][] = [
    ['START waits for the start', on('START', {}), ['begin start first']],
    ['START is fulfilled by the start', on('START', RUNNING), ['begin start app']],
    ['COMPLETE waits for the end', on('COMPLETE', RUNNING), []],
    ['COMPLETE is fulfilled by any end', on('COMPLETE', { ...ended, exitCode: 1 }), ['begin start app']],
    ['SUCCESS is fulfilled by 0', on('SUCCESS', { ...ended, exitCode: 0 }), ['begin start app']],
    [
      'SUCCESS fails by another code',
      on('SUCCESS', { ...ended, exitCode: 1 }),
      ['containerEnded app', 'stopping TaskFailedToStart'],
    ],
    ['HEALTHY waits', on('HEALTHY', RUNNING), []],
    ['HEALTHY is fulfilled', on('HEALTHY', { ...RUNNING, health: 'HEALTHY' }), ['begin start app']],
    [
      'HEALTHY fails by an end',
      on('HEALTHY', { ...ended, exitCode: 0 }),
      ['containerEnded app', 'stopping TaskFailedToStart'],
    ],
    [
      'the start timeout fails it',
      on('COMPLETE', { lastStatus: 'RUNNING', startedAt: NOW - 60_000 }),
      ['containerEnded app', 'stopping TaskFailedToStart'],
    ],
  ];
  for (const [name, task, expected] of cases) {
    it(name, () => {
      const [first] = task.containers;
      const run = first!.lastStatus === 'RUNNING' ? { ...runs, health: first!.health } : undefined;
      const seen = seenOf({ first: { ...(run && { run }), health: first!.health }, app: {} });
      assert.deepEqual(actionsOf(task, seen), expected);
    });
  }

  it('looks again when the start timeout ends', () => {
    const task = on('COMPLETE', { lastStatus: 'RUNNING', startedAt: NOW - 10_000 });
    assert.equal(plan(task, seenOf({ first: { run: runs }, app: {} }), NOW).lookAgainAt, NOW + 50_000);
  });
});

describe('a task that ends', () => {
  const two = (more: Partial<Task> = {}): Task =>
    taskOf({
      lastStatus: 'RUNNING',
      containers: [
        containerOf('app', RUNNING),
        containerOf('side', {
          ...RUNNING,
          definition: {
            name: 'side',
            image: 'i',
            essential: false,
            dependsOn: [{ containerName: 'app', condition: 'START' }],
          },
        }),
      ],
      ...more,
    });

  it('records the end of a container, with its reason', () => {
    const { actions } = plan(
      two(),
      seenOf({ app: { run: ends(137, { isOutOfMemory: true }) }, side: { run: runs } }),
      NOW,
    );
    assert.deepEqual(actions, [
      {
        do: 'record',
        transition: {
          ...{ to: 'containerEnded', container: 'app', at: NOW, exitCode: 137 },
          reason: 'OutOfMemoryError: Container killed due to memory usage',
        },
      },
    ]);
  });

  it('records a start at once, and an end once the output is delivered', () => {
    const task = taskOf();
    const late = seenOf({ app: { run: ends(1), isDrained: false } });
    assert.deepEqual(actionsOf(task, late), ['containerStarted app']);
    const started = taskOf({ containers: [containerOf('app', RUNNING)], lastStatus: 'RUNNING' });
    assert.deepEqual(actionsOf(started, late), []);
    assert.deepEqual(actionsOf(started, seenOf({ app: { run: ends(1) } })), ['containerEnded app']);
  });

  it('stops with its essential container, and not with another', () => {
    const stopped = { lastStatus: 'STOPPED', exitCode: 1 } as const;
    const [app, side] = two().containers as [TaskContainer, TaskContainer];
    const essential = two({ containers: [{ ...app, ...stopped }, side] });
    assert.deepEqual(actionsOf(essential, seenOf({ side: { run: runs } })), [
      'stopping EssentialContainerExited',
    ]);
    const other = two({ containers: [app, { ...side, ...stopped }] });
    assert.deepEqual(actionsOf(other, seenOf({ app: { run: runs } })), []);
  });

  it('ends what is lost', () => {
    assert.deepEqual(actionsOf(two(), seenOf({ app: {}, side: { run: runs } })), ['containerEnded app']);
  });

  it('signals dependants first, then kills', () => {
    let task = advance(two(), { to: 'stopping', code: 'UserInitiated', reason: 'r' }, NOW);
    const both = seenOf({ app: { run: runs }, side: { run: runs } });
    assert.deepEqual(actionsOf(task, both), ['containerSignalled side', 'SIGTERM side']);
    task = advance(task, { to: 'containerSignalled', container: 'side' }, NOW);
    assert.deepEqual(actionsOf(task, both), []);
    assert.equal(plan(task, both, NOW).lookAgainAt, NOW + 30_000);
    assert.deepEqual(actionsOf(task, both, NOW + 30_000), ['SIGKILL side']);
    task = advance(task, { to: 'containerEnded', container: 'side', exitCode: 137 }, NOW);
    const one = seenOf({ app: { run: runs }, side: { run: ends(137) } });
    assert.deepEqual(actionsOf(task, one), ['containerSignalled app', 'SIGTERM app']);
  });

  it('waits for the last output, then removes what is left', () => {
    let task = advance(two(), { to: 'stopping', code: 'UserInitiated', reason: 'r' }, NOW);
    for (const container of ['app', 'side'])
      task = advance(task, { to: 'containerEnded', container, exitCode: 0 }, NOW);
    const ended = (isDrained: boolean, more: Partial<Observation> = {}) =>
      seenOf({ app: { run: ends(0), isDrained }, side: { run: ends(0) } }, more);
    assert.deepEqual(actionsOf(task, ended(false)), []);
    assert.deepEqual(actionsOf(task, ended(true)), ['executionStopped']);
    task = advance(task, { to: 'executionStopped' }, NOW);
    assert.equal(task.lastStatus, 'DEPROVISIONING');
    assert.deepEqual(actionsOf(task, ended(true)), ['begin release']);
    assert.deepEqual(actionsOf(task, ended(true, { release: 'working' })), []);
    assert.deepEqual(actionsOf(task, ended(true, { release: 'done' })), ['stopped']);
    task = advance(task, { to: 'stopped' }, NOW);
    assert.deepEqual([task.lastStatus, task.stoppedAt, actionsOf(task, ended(true))], ['STOPPED', NOW, []]);
  });

  it('waits for a container that is being started', () => {
    const task = advance(taskOf(), { to: 'stopping', code: 'UserInitiated', reason: 'r' }, NOW);
    assert.deepEqual(actionsOf(task, seenOf({ app: { run: { is: 'starting' } } })), []);
    assert.deepEqual(actionsOf(task, seenOf({ app: { run: runs } })), ['containerStarted app']);
  });
});

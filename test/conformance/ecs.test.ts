// ECS as its clients see it, over containers that run nothing: the SDK for JavaScript, the AWS CLI, boto3.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOG_GROUP, startEcs } from '../support/ecs.ts';

describe('a task', () => {
  it('runs, prints, and stops with the exit code of its container', async (test) => {
    const { register, run, running, stopped, containers, logs, errors } = await startEcs(test);
    const begun = await run(await register());
    assert.equal(begun.lastStatus, 'PROVISIONING');
    assert.equal(begun.desiredStatus, 'RUNNING');
    const task = await running(begun);
    assert.match(task.taskArn!, /^arn:aws:ecs:us-east-1:000000000000:task\/default\/[0-9a-f]{32}$/);
    const [fake] = containers.all;
    assert.deepEqual(fake!.spec.command, ['/entry', 'run']);
    assert.equal(fake!.spec.environment.AWS_EXECUTION_ENV, 'AWS_ECS_FARGATE');
    fake!.print('hello', 'world');
    fake!.exit({ exitCode: 3 });
    const ended = await stopped(task);
    assert.deepEqual(
      [ended.stopCode, ended.stoppedReason, ended.containers![0]!.exitCode],
      ['EssentialContainerExited', 'Essential container in task exited', 3],
    );
    const logStreamName = `test/app/${ended.taskArn!.split('/').at(-1)}`;
    const { events } = await logs.getLogEvents({
      logGroupName: LOG_GROUP,
      logStreamName,
      startFromHead: true,
    });
    assert.deepEqual(
      events!.map(({ message }) => message),
      ['hello', 'world'],
    );
    assert.deepEqual(containers.all, []);
    assert.deepEqual(errors, []);
  });
});

// Subscriptions whose endpoint is a call of Millpond's own API: neither this Millpond nor another one executes the
// call, directly or through a redirect.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { SCOPE, startSubscriber, startTestSns, subscribeHttp, type TestSns } from './sns.fixture.ts';

const deletionOf = ({ url }: TestSns, TopicArn: string) =>
  `${url}/?${new URLSearchParams({ Action: 'DeleteTopic', TopicArn, Version: '2010-03-31' })}`;

async function victimOf({ client }: TestSns): Promise<{ arn: string; isThere(): Promise<boolean> }> {
  const { TopicArn } = await client.createTopic({ Name: 'victim' });
  return {
    arn: TopicArn!,
    isThere: () =>
      client.getTopicAttributes({ TopicArn: TopicArn! }).then(
        () => true,
        () => false,
      ),
  };
}

async function start(test: TestContext) {
  const sns = await startTestSns(test);
  const { TopicArn } = await sns.client.createTopic({ Name: 'topic' });
  return { sns, TopicArn: TopicArn!, victim: await victimOf(sns) };
}

it('a confirmation is not executed and not retried', async (test) => {
  const { sns, TopicArn, victim } = await start(test);
  const Endpoint = deletionOf(sns, victim.arn);
  await sns.client.subscribe({ TopicArn, Protocol: 'http', Endpoint });
  await sns.sns.idle();
  assert.ok(await victim.isThere());
  const letters = sns.sns.deadLetters(SCOPE);
  assert.deepEqual(
    letters.map(({ attempts, reason }) => [attempts, reason]),
    [[1, 'the endpoint answered 403']],
  );
});

it('another Millpond does not execute a confirmation either', async (test) => {
  const { sns, TopicArn } = await start(test);
  const other = await startTestSns(test);
  const victim = await victimOf(other);
  await sns.client.subscribe({ TopicArn, Protocol: 'http', Endpoint: deletionOf(other, victim.arn) });
  await sns.sns.idle();
  assert.ok(await victim.isThere());
});

for (const status of [301, 302, 303, 307, 308]) {
  it(`a redirect to the API is not followed: ${status}`, async (test) => {
    const { sns, TopicArn, victim } = await start(test);
    const subscriber = await startSubscriber(test);
    await subscribeHttp(sns, subscriber, TopicArn);
    subscriber.answer = (response) =>
      response.writeHead(status, { location: deletionOf(sns, victim.arn) }).end();
    await sns.client.publish({ TopicArn, Message: 'hello' });
    await sns.sns.idle();
    assert.equal(subscriber.got.length, 2);
    assert.ok(await victim.isThere());
  });
}

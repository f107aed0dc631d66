import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedAnswers } from './shared-answers.ts';

/** A source that answers when it is told to. */
function source() {
  const asked: { question: string; answered: PromiseWithResolvers<string> }[] = [];
  return {
    asked,
    ask: (question: string) => () => {
      const answered = Promise.withResolvers<string>();
      asked.push({ question, answered });
      return answered.promise;
    },
  };
}

test('a question is asked once at a time, and its answer is kept for its time', async () => {
  let now = 0;
  const answers = createSharedAnswers({ mostCharacters: 100, mostAtOnce: 2 }, () => now);
  const { asked, ask } = source();
  const both = [answers.answer('a', 10, ask('a')), answers.answer('a', 10, ask('a'))];
  assert.equal(asked.length, 1);
  asked[0]!.answered.resolve('one');
  assert.deepEqual(await Promise.all(both), ['one', 'one']);
  now = 9;
  assert.equal(await answers.answer('a', 10, ask('a')), 'one');
  now = 10;
  const again = answers.answer('a', 10, ask('a'));
  assert.equal(asked.length, 2);
  asked[1]!.answered.resolve('two');
  assert.equal(await again, 'two');
});

test('only so many questions are asked at once, and a failure gives up its place and is not kept', async () => {
  const answers = createSharedAnswers({ mostCharacters: 100, mostAtOnce: 1 }, () => 0);
  const { asked, ask } = source();
  const first = answers.answer('a', 10, ask('a'));
  const second = answers.answer('b', 10, ask('b'));
  assert.deepEqual(
    asked.map(({ question }) => question),
    ['a'],
  );
  asked[0]!.answered.reject(new Error('refused'));
  await assert.rejects(first, { message: 'refused' });
  assert.equal(asked.length, 2);
  asked[1]!.answered.resolve('b');
  assert.equal(await second, 'b');
  const again = answers.answer('a', 10, ask('a'));
  asked[2]!.answered.resolve('a');
  assert.equal(await again, 'a');
});

test('what is kept is bounded: the oldest answers go first, and a long one is not kept', async () => {
  const answers = createSharedAnswers({ mostCharacters: 10, mostAtOnce: 9 }, () => 0);
  let count = 0;
  const of = (question: string, text: string) =>
    answers.answer(question, 10, async () => {
      count++;
      return text;
    });
  await of('a', 'xxxx');
  await of('b', 'xxxx');
  await of('c', 'x'.repeat(20));
  await of('b', '');
  assert.equal(count, 3);
  await of('d', 'xxxx');
  await of('b', '');
  assert.equal(count, 4);
  await of('a', '');
  assert.equal(count, 5);
});

// Tags: those that CloudFormation adds, and those that a user cannot set.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fixture } from '../testing.fixture.ts';

const TemplateBody = JSON.stringify({ Resources: { A: { Type: 'Fake::Test::Thing' } } });

it('resources have the tags that name their stack, and the stack itself does not', async (test) => {
  const f = await fixture(test);
  const Tags = [{ Key: 'team', Value: 'x' }];
  const { StackId } = (await f.call('CreateStack', { StackName: 's', TemplateBody, Tags })) as Record<
    string,
    unknown
  >;
  assert.equal(await f.settled('s'), 'CREATE_COMPLETE');
  assert.deepEqual(
    [...f.world.tags.values()],
    [
      {
        team: 'x',
        'aws:cloudformation:stack-name': 's',
        'aws:cloudformation:stack-id': StackId,
        'aws:cloudformation:logical-id': 'A',
      },
    ],
  );
  const { Stacks } = (await f.call('DescribeStacks', { StackName: 's' })) as unknown as { Stacks: object[] };
  assert.deepEqual((Stacks[0] as { Tags: object }).Tags, Tags);
});

it("a user's tag cannot begin with aws:", async (test) => {
  const f = await fixture(test);
  for (const Key of ['aws:mine', 'AWS:mine']) {
    await assert.rejects(
      f.call('CreateStack', { StackName: 's', TemplateBody, Tags: [{ Key, Value: 'x' }] }),
      {
        name: 'ValidationError',
        message: 'aws: prefixed tag key names are not allowed for external use.',
      },
    );
  }
});

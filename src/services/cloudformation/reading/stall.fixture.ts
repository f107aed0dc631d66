// A program that sends hostile and large templates to CloudFormation. For each template it prints the longest turn of
// the main thread's event loop, in processor time, which a busy machine does not lengthen. It runs outside of the test
// runner, because the runner's own work in each turn would be measured as well.

import type { TestContext } from 'node:test';
import type { Neighbours } from '../context.ts';
import { type Fixture, fixture } from '../testing.fixture.ts';

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** The longest turn of the event loop during `work`, in milliseconds of processor time. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let before = cpuMs();
  let next: NodeJS.Immediate;
  const turn = () => {
    const now = cpuMs();
    longest = Math.max(longest, now - before);
    before = now;
    next = setImmediate(turn);
  };
  next = setImmediate(turn);
  await work();
  clearImmediate(next);
  return longest;
}

const many = <T>(count: number, item: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => item(i));
const resources = (count: number, properties: (index: number) => object) =>
  Object.fromEntries(
    many(count, (index) => [`R${index}`, { Type: 'Fake::Test::Thing', Properties: properties(index) }]),
  );
const REGION = { Ref: 'AWS::Region' };

const ALIASES = `a0: &a0 [${'x,'.repeat(9)}x]\n${many(9, (i) => `a${i + 1}: &a${i + 1} [${many(10, () => `*a${i}`).join(',')}]`).join('\n')}`;
const NESTED_YAML = `Resources: ${'['.repeat(50_000)}`;
const NESTED_JSON = '{"a":'.repeat(10_000);
const SPLIT = {
  'Fn::Length': { 'Fn::Split': ['a', { 'Fn::Join': ['', many(200, () => ({ Ref: 'Long' }))] }] },
};
/** Each level repeats the one inside it many times: a few kilobytes that evaluate to more than memory holds. */
const nest = (levels: number, times: number, pick: (inner: object) => object): object =>
  many(levels, (i) => i).reduce<object>(
    (inner) => ({ 'Fn::Sub': [`$\{v}`.repeat(times), { v: pick(inner) }] }),
    { 'Fn::Sub': 'x' },
  );
const BOMB = nest(12, 8, (inner) => inner);
const SUB_OF_SUB = nest(6, 500, (inner) => ({ 'Fn::Select': [0, { 'Fn::Split': ['x', inner] }] }));

const JSON_TEMPLATES: Record<string, () => object> = {
  'conditions in a row': () => ({
    Conditions: Object.fromEntries(
      many(900, (i) => [
        `C${i}`,
        i === 0 ? { 'Fn::Equals': ['a', 'a'] } : { 'Fn::Not': [{ Condition: `C${i - 1}` }] },
      ]),
    ),
    Resources: resources(1, () => ({})),
  }),
  'a text of texts': () => ({ Resources: resources(1, () => ({ Value: BOMB })) }),
  'a split of a long text': () => ({
    Parameters: { Long: { Type: 'String', Default: 'a'.repeat(4_000) } },
    Resources: resources(1, () => ({ Value: SPLIT })),
  }),
  'texts that are cut again': () => ({ Resources: resources(1, () => ({ Value: SUB_OF_SUB })) }),
  'parameters with patterns that never end': () => ({
    Parameters: Object.fromEntries(
      many(50, (i) => [`P${i}`, { Type: 'String', Default: `${'a'.repeat(40)}!`, AllowedPattern: '(a+)+' }]),
    ),
    Resources: resources(1, () => ({})),
  }),
  'a list with a pattern for each item': () => ({
    Parameters: {
      P: {
        Type: 'CommaDelimitedList',
        Default: `${'a'.repeat(30)}!,`.repeat(100),
        AllowedPattern: '(a|aa)+',
      },
    },
    Resources: resources(1, () => ({})),
  }),
  'mappings by the thousand': () => ({
    Mappings: Object.fromEntries(many(150, (i) => [`M${i}`, { a: { b: many(20, () => 'x') } }])),
    Resources: resources(100, (i) => ({ Value: { 'Fn::FindInMap': [`M${i}`, 'a', 'b'] } })),
  }),
  'rules by the thousand': () => ({
    Rules: Object.fromEntries(
      many(300, (i) => [`R${i}`, { Assertions: [{ Assert: { 'Fn::Equals': ['a', 'a'] } }] }]),
    ),
    Resources: resources(1, () => ({})),
  }),
  'a cycle of five hundred': () => ({
    Resources: Object.fromEntries(
      many(500, (i) => [`R${i}`, { Type: 'Fake::Test::Thing', DependsOn: [`R${(i + 1) % 500}`] }]),
    ),
  }),
  'loops by name': () => ({ Resources: { 'Fn::ForEach::X': ['I', many(5_000, () => 'a'), {}] } }),
};

const LARGE: Record<string, () => string> = {
  'a megabyte of JSON': () =>
    JSON.stringify({
      Resources: resources(500, () => ({
        Value: { 'Fn::Join': ['', many(40, () => REGION)] },
        Text: 'x'.repeat(900),
      })),
    }),
  'a megabyte of YAML': () =>
    `Resources:\n${many(480, (i) => `  R${i}:\n    Type: Fake::Test::Thing\n    Properties:\n      Values:\n${'        - !Ref AWS::Region\n'.repeat(60)}`).join('')}`,
  'all in one resource': () =>
    JSON.stringify({ Resources: resources(1, () => ({ Value: many(40_000, () => 'some text here') })) }),
  'too many values': () =>
    `{"Resources":{"A":{"Type":"Fake::Test::Thing","Properties":{"V":[${'1,'.repeat(500_000)}1]}}}}`,
  'one text of a megabyte': () =>
    JSON.stringify({ Resources: resources(1, () => ({ V: 'x'.repeat(1_000_000) })) }),
};

/** Validates, summarizes, reviews and deploys the template as a user would. Returns each call's outcome. */
async function attempt(f: Fixture, body: object): Promise<string[]> {
  const outcomes: string[] = [];
  const calls: [operation: string, input: object][] = [
    ['ValidateTemplate', {}],
    ['GetTemplateSummary', {}],
    ['CreateChangeSet', { StackName: 'reviewed', ChangeSetName: 'c', ChangeSetType: 'CREATE' }],
    ['CreateStack', { StackName: 'made' }],
  ];
  for (const [operation, input] of calls) {
    const outcome = await f.call(operation, { ...body, ...input }).then(
      () => 'done',
      (error: Error) => error.name,
    );
    outcomes.push(outcome);
  }
  await f.cloudformation.idle();
  return outcomes;
}

async function start(text = ''): Promise<Fixture> {
  const s3 = {
    call: async (operation: string) =>
      operation === 'HeadObject' ? { ContentLength: text.length } : { Body: text },
  } as unknown as Neighbours['s3'];
  return fixture(ENDS_WITH_THE_PROCESS, { s3 });
}

const ENDS_WITH_THE_PROCESS = { after: () => {} } as Pick<TestContext, 'after'>;
const PLAIN = JSON.stringify({ Resources: resources(5, () => ({ Value: REGION })) });

async function measure(name: string, body: object, text?: string): Promise<void> {
  const f = await start(text);
  let outcomes: string[] = [];
  const longestMs = await longestTurn(async () => {
    outcomes = await attempt(f, body);
  });
  process.stdout.write(`${JSON.stringify({ name, longestMs, outcomes })}\n`);
}

// Warm up: the first runs load and compile code.
for (let i = 0; i < 3; i++) await attempt(await start(), { TemplateBody: PLAIN });
await measure('plain', { TemplateBody: PLAIN });
await measure('aliases of aliases', { TemplateBody: ALIASES });
await measure('YAML nested fifty thousand deep', { TemplateBody: NESTED_YAML });
await measure('JSON nested ten thousand deep', { TemplateBody: NESTED_JSON });
for (const [name, make] of Object.entries(JSON_TEMPLATES)) {
  await measure(name, { TemplateBody: JSON.stringify(make()) });
}
for (const [name, make] of Object.entries(LARGE)) {
  // V8 copies a concatenated string at its first use; a string that came from a buffer is flat already.
  const text = Buffer.from(make()).toString();
  await measure(name, { TemplateURL: 'https://b.s3.amazonaws.com/k' }, text);
}
process.exit(0);

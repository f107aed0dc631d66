// Stacks, from the request to CREATE_COMPLETE: that of the first walkthrough, compared with its group alone in the same
// run, and one of two hundred resources that are only recorded.

import { CLOUDFORMATION, requestQuery, textIn } from '../src/cli/query-request.ts';
import type { Bench } from './context.ts';
import { asSoonAs } from './engines.ts';
import { type BenchMillpond, startBenchMillpond } from './millpond.ts';
import { type JudgedRow, p50, row } from './row.ts';
import { recordedResources, WALKTHROUGH } from './stack-templates.ts';

const MANY = 200;

/** Rows of the time until CREATE_COMPLETE. */
export async function measureStack(bench: Bench): Promise<JudgedRow[]> {
  const millpond = await startBenchMillpond(bench);
  const rounds = bench.rounds(7, 3);
  const [stacks, groups, many]: number[][] = [[], [], []];
  // The first one loads what later ones find loaded.
  for (let round = 0; round <= rounds; round++) {
    bench.say(`stack: round ${round} of ${rounds}`);
    const group = await groupAlone(millpond, `alone-${round}`);
    const stack = await stackMade(millpond, `walkthrough-${round}`, WALKTHROUGH);
    const recorded = await stackMade(millpond, `many-${round}`, recordedResources(MANY));
    if (round === 0) continue;
    groups!.push(group);
    stacks!.push(stack);
    many!.push(recorded);
  }
  return [
    row('stack: network, group of two, function, instance: to CREATE_COMPLETE, p50', p50(stacks!), 'ms', {
      floor: p50(groups!),
      target: { atMost: 3_000 },
    }),
    row(`stack: ${MANY} recorded resources: to CREATE_COMPLETE, p50`, p50(many!), 'ms', {
      target: { atMost: 2_000 },
    }),
  ];
}

/** Deletes it again, outside of the measured time. */
async function stackMade(millpond: BenchMillpond, StackName: string, TemplateBody: string): Promise<number> {
  const ask = (action: string, parameters: Record<string, string>) =>
    requestQuery(millpond.url, CLOUDFORMATION, action, parameters);
  const statusOf = async (name: string) =>
    textIn(await ask('DescribeStacks', { StackName: name }), 'StackStatus');
  const startedAt = performance.now();
  const created = await ask('CreateStack', {
    StackName,
    TemplateBody,
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
  });
  const status = await asSoonAs(async () => {
    const found = await statusOf(StackName);
    return found === 'CREATE_IN_PROGRESS' ? undefined : found;
  });
  const tookMs = performance.now() - startedAt;
  if (status !== 'CREATE_COMPLETE') throw new Error(`${StackName} is ${status}`);
  await ask('DeleteStack', { StackName });
  const stackId = textIn(created, 'StackId')!;
  await asSoonAs(async () => ((await statusOf(stackId)) === 'DELETE_COMPLETE' ? true : undefined));
  return tookMs;
}

async function groupAlone(millpond: BenchMillpond, id: string): Promise<number> {
  const startedAt = performance.now();
  await millpond.request('CreateReplicationGroup', {
    ReplicationGroupId: id,
    ReplicationGroupDescription: 'benchmark',
    Engine: 'redis',
    CacheNodeType: 'cache.t4g.micro',
    NumCacheClusters: '2',
    AutomaticFailoverEnabled: 'true',
    MultiAZEnabled: 'true',
  });
  await asSoonAs(async () => ((await millpond.group(id))?.status === 'available' ? true : undefined));
  const tookMs = performance.now() - startedAt;
  await millpond.delete(id);
  return tookMs;
}

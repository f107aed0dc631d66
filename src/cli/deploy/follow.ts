// Follows the events of a stack and its nested stacks until the stack is settled.

import { setTimeout as delay } from 'node:timers/promises';
import type { Stack, StackEvent, Stacks } from './stacks.ts';

/** An event of a resource. */
export interface Happening {
  /** The logical ids from the outermost stack: `Cache/Group`. For the stack itself, its name. */
  path: string;
  type: string;
  status: string;
  reason: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** The state of the stack and the new events. */
export interface Look {
  stack: Stack;
  happened: Happening[];
}

interface Watched {
  stackId: string;
  /** The prefix of its resources' paths: empty, or `Cache/`. */
  prefix: string;
  known: Set<string>;
  /** The logical ids of nested stacks that are being created and whose ids are not known yet. */
  unnamed: Set<string>;
}

const LOOK_EVERY_MS = 150;
const STACK = 'AWS::CloudFormation::Stack';

/** Whether no operation is in progress on the stack. */
export const isSettled = ({ status }: Stack): boolean => !status.endsWith('_IN_PROGRESS');

/** Polls until the stack is settled or `signal` aborts. Leaves out the events named in `before`. */
export async function* follow(
  stacks: Stacks,
  stackId: string,
  before: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<Look> {
  const watched = [watch(stackId, '', before)];
  let since: number | undefined;
  while (!signal.aborted) {
    // Reads the status first: once it is settled, all events exist.
    const stack = await stacks.describe(stackId);
    if (!stack) return;
    const happened: Happening[] = [];
    // The list grows while nested stacks are found.
    for (const each of watched) {
      const isKnown = ({ id, at }: StackEvent) => each.known.has(id) || at < (since ?? 0);
      for (const event of await stacks.eventsSince(each.stackId, isKnown)) {
        since ??= event.at;
        const happening = take(event, each);
        if (happening) happened.push(happening);
        addNested(watched, each, event);
      }
      if (each.unnamed.size > 0) await nameNested(stacks, watched, each);
    }
    yield { stack, happened: happened.sort((a, b) => a.at - b.at) };
    if (isSettled(stack)) return;
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

const watch = (stackId: string, prefix: string, known: ReadonlySet<string> = new Set()): Watched => ({
  ...{ stackId, prefix, known: new Set(known), unnamed: new Set() },
});

const isOfTheStackItself = (event: StackEvent): boolean =>
  event.type === STACK && event.physicalId === event.stackId;

function take(event: StackEvent, each: Watched): Happening | undefined {
  each.known.add(event.id);
  // The outer stack reports the events of a nested stack itself.
  if (each.prefix !== '' && isOfTheStackItself(event)) return undefined;
  const { type, status, reason, at, logicalId } = event;
  return { path: `${each.prefix}${logicalId}`, type, status, reason, at };
}

function addNested(watched: Watched[], each: Watched, event: StackEvent): void {
  const { type, physicalId, logicalId, status } = event;
  if (type !== STACK || isOfTheStackItself(event)) return;
  if (physicalId === '') {
    if (status === 'CREATE_IN_PROGRESS') each.unnamed.add(logicalId);
    return;
  }
  each.unnamed.delete(logicalId);
  if (watched.some(({ stackId }) => stackId === physicalId)) return;
  watched.push(watch(physicalId, `${each.prefix}${logicalId}/`));
}

/** Events contain a nested stack's id only once it is created; before that it is found by its name. */
async function nameNested(stacks: Stacks, watched: Watched[], each: Watched): Promise<void> {
  const inIt = (await stacks.nested()).filter(({ parentId }) => parentId === each.stackId);
  for (const logicalId of each.unnamed) {
    const nested = inIt.find(({ name }) => name.includes(`-${logicalId}-`));
    if (!nested) continue;
    each.unnamed.delete(logicalId);
    if (!watched.some(({ stackId }) => stackId === nested.id)) {
      watched.push(watch(nested.id, `${each.prefix}${logicalId}/`));
    }
  }
}

// One deployment: packs, finds out whether the stack is to be made or changed, asks for it, and follows it to its end.
// How that is shown is told by others.

import { OperationalError } from '../../kernel/errors.ts';
import { ApiError, type Caller } from '../query-request.ts';
import { uploaderTo } from './bucket.ts';
import { withExcerpts } from './excerpt.ts';
import { type Failure, failureIn } from './failure.ts';
import { follow, type Happening, isAtRest, type Look } from './follow.ts';
import { MAX_BODY_BYTES, type PackagedTemplate, packageTemplate, urlOf } from './package.ts';
import { type Stack, type Stacks, stacksAt } from './stacks.ts';

export interface DeploymentOrder {
  url: string;
  caller: Caller;
  stackName: string;
  /** The template's path. */
  file: string;
  parameters: ReadonlyMap<string, string>;
  progress: Progress;
  /** Aborted, it is left as it goes. */
  signal: AbortSignal;
}

export interface Progress {
  /** A line of its own. */
  note(text: string): void;
  look(look: Look): void;
  /** Nothing more comes of what was begun. */
  end(): void;
}

export type Outcome =
  | { kind: 'created' | 'updated' | 'unchanged'; stack: Stack }
  | { kind: 'failed'; stack: Stack; failure: Failure | undefined }
  | { kind: 'left'; stack: Stack | undefined };

/** Nothing is enforced here that somebody would have to agree to. */
const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'];
/** AWS: nothing is left in these, and nothing can be made of them. */
const SPENT = new Set(['ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS']);

/** Throws CommandFailed with what CloudFormation says when it refuses, InvalidOption, TimedOut. */
export async function deployStack(order: DeploymentOrder): Promise<Outcome> {
  try {
    return await deployed(order);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const sentence = `${order.stackName}: ${error.code}: ${error.message}`;
    throw new OperationalError('CommandFailed', sentence, error);
  }
}

async function deployed(order: DeploymentOrder): Promise<Outcome> {
  const { url, caller, stackName, signal, progress } = order;
  const stacks = stacksAt(url, caller);
  const upload = uploaderTo(url, caller);
  const template = await packageTemplate(order.file, upload, caller.region);
  const current = await readyForChange(stacks, order);
  if (signal.aborted) return { kind: 'left', stack: current };
  const request = requestFor(order, template, current);
  if (Buffer.byteLength(template.text) > MAX_BODY_BYTES) {
    request.TemplateURL = urlOf(await upload(Buffer.from(template.text), 'template'), caller.region);
  } else {
    request.TemplateBody = template.text;
  }
  const before = current
    ? new Set((await stacks.eventsSince(current.id, () => false)).map(({ id }) => id))
    : new Set<string>();
  try {
    if (!current) await stacks.create(request);
    else if (!(await stacks.update(request))) return { kind: 'unchanged', stack: current };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = withExcerpts(error.message, template);
    throw new OperationalError('CommandFailed', `${stackName} was refused: ${message}`, error);
  }
  progress.note(`${current ? 'Updating' : 'Creating'} ${stackName}…`);
  const { stack, happened } = await toItsEnd(stacks, stackName, before, signal, progress);
  if (!stack || !isAtRest(stack)) return { kind: 'left', stack };
  if (stack.status === 'CREATE_COMPLETE') return { kind: 'created', stack };
  if (stack.status === 'UPDATE_COMPLETE') return { kind: 'updated', stack };
  return { kind: 'failed', stack, failure: failureIn(happened, template) };
}

/** The stack as it is, at rest; `undefined` when there is none any more. */
async function readyForChange(
  stacks: Stacks,
  { stackName, progress, signal }: DeploymentOrder,
): Promise<Stack | undefined> {
  let current = await stacks.describe(stackName);
  if (current && !SPENT.has(current.status) && !isAtRest(current)) {
    progress.note(`${stackName} is still ${current.status}; waiting for that first…`);
    current = await atRest(stacks, current.id, signal);
  }
  if (!current || !SPENT.has(current.status) || signal.aborted) return current;
  progress.note(`${stackName} is ${current.status}, and holds nothing; making it anew…`);
  await stacks.delete(current.id);
  const gone = await atRest(stacks, current.id, signal);
  return gone?.status === 'DELETE_COMPLETE' ? undefined : gone;
}

async function atRest(stacks: Stacks, stackId: string, signal: AbortSignal): Promise<Stack | undefined> {
  let stack: Stack | undefined;
  for await (const look of follow(stacks, stackId, new Set(), signal)) stack = look.stack;
  return stack;
}

async function toItsEnd(
  stacks: Stacks,
  stackName: string,
  before: ReadonlySet<string>,
  signal: AbortSignal,
  progress: Progress,
): Promise<{ stack: Stack | undefined; happened: Happening[] }> {
  let stack = await stacks.describe(stackName);
  const happened: Happening[] = [];
  try {
    if (!stack) return { stack, happened };
    for await (const look of follow(stacks, stack.id, before, signal)) {
      ({ stack } = look);
      happened.push(...look.happened);
      progress.look(look);
    }
    return { stack, happened };
  } finally {
    progress.end();
  }
}

function requestFor(
  { stackName, parameters }: DeploymentOrder,
  template: PackagedTemplate,
  current: Stack | undefined,
): Record<string, string> {
  const request: Record<string, string> = { StackName: stackName };
  for (const [index, capability] of CAPABILITIES.entries()) {
    request[`Capabilities.member.${index + 1}`] = capability;
  }
  const kept = (current?.parameters ?? []).filter(
    (name) => !parameters.has(name) && template.parameters.includes(name),
  );
  let count = 0;
  const add = (name: string, key: string, value: string) => {
    count += 1;
    request[`Parameters.member.${count}.ParameterKey`] = name;
    request[`Parameters.member.${count}.${key}`] = value;
  };
  for (const [name, value] of parameters) add(name, 'ParameterValue', value);
  // As `aws cloudformation deploy` does: what was said once need not be said again.
  for (const name of kept) add(name, 'UsePreviousValue', 'true');
  return request;
}

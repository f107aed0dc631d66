// One deployment: packages the template, creates or updates the stack, and follows it to its end. Progress displays
// are elsewhere.

import { OperationalError } from '../../kernel/errors.ts';
import { ApiError, type Caller } from '../query-request.ts';
import { uploaderTo } from './bucket.ts';
import { withExcerpts } from './excerpt.ts';
import { type Failure, failureIn } from './failure.ts';
import { follow, type Happening, isSettled, type Look } from './follow.ts';
import { MAX_BODY_BYTES, type PackagedTemplate, packageTemplate, urlOf } from './package.ts';
import { type Stack, type Stacks, stacksAt } from './stacks.ts';

/** What to deploy. */
export interface DeploymentOrder {
  url: string;
  caller: Caller;
  stackName: string;
  /** The path of the template. */
  file: string;
  parameters: ReadonlyMap<string, string>;
  progress: Progress;
  /** When aborted, the deployment goes on without being watched. */
  signal: AbortSignal;
}

/** A display of the progress. */
export interface Progress {
  /** Shows a line of text. */
  note(text: string): void;
  look(look: Look): void;
  /** No further progress will come. */
  end(): void;
}

/** How a deployment ended; `left` when it was aborted. */
export type Outcome =
  | { kind: 'created' | 'updated' | 'unchanged'; stack: Stack }
  | { kind: 'failed'; stack: Stack; failure: Failure | undefined }
  | { kind: 'left'; stack: Stack | undefined };

/** All are acknowledged: Millpond enforces nothing that the user would have to agree to. */
const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'];
/** AWS: stacks in these states have no resources and cannot be updated. */
const SPENT = new Set(['ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS']);

/** Creates or updates the stack. Throws CommandFailed with CloudFormation's message, InvalidOption, TimedOut. */
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
  if (!stack || !isSettled(stack)) return { kind: 'left', stack };
  if (stack.status === 'CREATE_COMPLETE') return { kind: 'created', stack };
  if (stack.status === 'UPDATE_COMPLETE') return { kind: 'updated', stack };
  return { kind: 'failed', stack, failure: failureIn(happened, template) };
}

/** Waits until the stack is not in progress; deletes an empty one. `undefined` when it does not exist then. */
async function readyForChange(
  stacks: Stacks,
  { stackName, progress, signal }: DeploymentOrder,
): Promise<Stack | undefined> {
  let current = await stacks.describe(stackName);
  if (current && !SPENT.has(current.status) && !isSettled(current)) {
    progress.note(`${stackName} is still ${current.status}; waiting for that first…`);
    current = await untilSettled(stacks, current.id, signal);
  }
  if (!current || !SPENT.has(current.status) || signal.aborted) return current;
  progress.note(`${stackName} is ${current.status} and has no resources; creating it again…`);
  await stacks.delete(current.id);
  const gone = await untilSettled(stacks, current.id, signal);
  return gone?.status === 'DELETE_COMPLETE' ? undefined : gone;
}

async function untilSettled(
  stacks: Stacks,
  stackId: string,
  signal: AbortSignal,
): Promise<Stack | undefined> {
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
  // As with `aws cloudformation deploy`, parameters that are not given keep their values.
  for (const name of kept) add(name, 'UsePreviousValue', 'true');
  return request;
}

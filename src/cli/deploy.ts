// `millpond deploy TEMPLATE`: makes or changes a stack as the AWS CLI would, and shows what happens as it happens.

import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ConfigFlags, parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import { requestCloudFormation, textsIn } from './cloudformation-request.ts';
import { type CliContext, print, printError } from './context.ts';
import { ApiError } from './query-request.ts';
import { runningInstance } from './running.ts';

export interface DeployFlags {
  stackName?: string;
  /** `Name=value`, each. */
  parameter?: readonly string[];
  /** Waits for the end, telling of every resource. */
  watch?: boolean;
}

const LOOK_EVERY_MS = 250;
const CAPABILITIES = ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'];

export async function deploy(
  context: CliContext,
  flags: ConfigFlags & DeployFlags,
  file: string,
): Promise<void> {
  const { stackName = nameFrom(file), parameter = [], watch, ...configFlags } = flags;
  const { dataDir } = parseConfig(configFlags, context.env);
  const { url } = runningInstance(dataDir).listening;
  const seen = new Set(eventsIn(await eventsOf(url, stackName)).map(({ id }) => id));
  const request = requestFor(stackName, readTemplate(file), parameter);
  const verb = await createOrUpdate(url, stackName, request);
  if (verb === undefined) return print(`${stackName} is as the template says; nothing to do.`);
  if (!watch) return print(`${verb} ${stackName}; --watch shows how it goes.`);
  const status = await follow(url, stackName, seen);
  if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') return await showOutputs(url, stackName);
  printError(`${stackName} ended in ${status}.`);
  context.exitWith(1);
}

/** AWS: letters, digits and hyphens. */
const nameFrom = (file: string): string =>
  basename(file, extname(file))
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '') || 'stack';

function readTemplate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OperationalError('InvalidOption', `Cannot read ${file}: ${(error as Error).message}`, error);
  }
}

function requestFor(stackName: string, body: string, parameters: readonly string[]): Record<string, string> {
  const request: Record<string, string> = { StackName: stackName, TemplateBody: body };
  for (const [index, given] of parameters.entries()) {
    const equals = given.indexOf('=');
    if (equals <= 0) throw new OperationalError('InvalidOption', `--parameter ${given}: say Name=value.`);
    request[`Parameters.member.${index + 1}.ParameterKey`] = given.slice(0, equals);
    request[`Parameters.member.${index + 1}.ParameterValue`] = given.slice(equals + 1);
  }
  for (const [index, capability] of CAPABILITIES.entries()) {
    request[`Capabilities.member.${index + 1}`] = capability;
  }
  return request;
}

/** `undefined` when there is nothing to change. */
async function createOrUpdate(
  url: string,
  stackName: string,
  request: Record<string, string>,
): Promise<string | undefined> {
  try {
    await requestCloudFormation(url, 'CreateStack', request);
    return 'Creating';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code !== 'AlreadyExistsException') throw refused(stackName, error);
  }
  try {
    await requestCloudFormation(url, 'UpdateStack', request);
    return 'Updating';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (/No updates are to be performed/.test(error.message)) return undefined;
    throw refused(stackName, error);
  }
}

const refused = (stackName: string, error: ApiError) =>
  new OperationalError('CommandFailed', `${stackName} was refused: ${error.message}`, error);

/** Prints what has happened since, until the stack is at rest; its status. */
async function follow(url: string, stackName: string, seen: Set<string>): Promise<string> {
  for (;;) {
    const answer = await requestCloudFormation(url, 'DescribeStacks', { StackName: stackName });
    for (const event of eventsIn(await eventsOf(url, stackName)).reverse()) {
      if (seen.has(event.id)) continue;
      seen.add(event.id);
      const reason = event.reason === '' ? '' : `  ${event.reason}`;
      print(
        `${event.at.slice(11, 19)}  ${event.status.padEnd(28)} ${event.logicalId.padEnd(28)} ${event.type}${reason}`,
      );
    }
    const status = textsIn(answer, 'StackStatus')[0] ?? 'gone';
    if (!status.endsWith('_IN_PROGRESS')) return status;
    await delay(LOOK_EVERY_MS);
  }
}

/** A stack that is not there has none. */
async function eventsOf(url: string, stackName: string): Promise<string> {
  try {
    return await requestCloudFormation(url, 'DescribeStackEvents', { StackName: stackName });
  } catch (error) {
    if (error instanceof ApiError) return '';
    throw error;
  }
}

function eventsIn(answer: string) {
  const one = (xml: string, name: string) => textsIn(xml, name)[0] ?? '';
  return (answer.match(/<member>[\s\S]*?<\/member>/g) ?? []).map((xml) => ({
    id: one(xml, 'EventId'),
    at: one(xml, 'Timestamp'),
    status: one(xml, 'ResourceStatus'),
    logicalId: one(xml, 'LogicalResourceId'),
    type: one(xml, 'ResourceType'),
    reason: one(xml, 'ResourceStatusReason'),
  }));
}

async function showOutputs(url: string, stackName: string): Promise<void> {
  const answer = await requestCloudFormation(url, 'DescribeStacks', { StackName: stackName });
  const values = textsIn(answer, 'OutputValue');
  for (const [index, key] of textsIn(answer, 'OutputKey').entries())
    print(`  ${key} = ${values[index] ?? ''}`);
}

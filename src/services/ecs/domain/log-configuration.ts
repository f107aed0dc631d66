// The log driver awslogs: its options, and the stream of a container. Pure.

import type { LogConfiguration } from '@aws-sdk/client-ecs';
import { clientError, unsupported } from '../faults.ts';

/** Where the output of a container goes. */
export interface LogTarget {
  group: string;
  region: string;
  stream: string;
  createsGroup: boolean;
}

const KNOWN = new Set([
  'awslogs-create-group',
  'awslogs-group',
  'awslogs-region',
  'awslogs-stream-prefix',
  // Output never delays a container, whatever the mode: it waits in files.
  'mode',
  'max-buffer-size',
]);
/** They join lines by an expression of the user, which could hold the event loop. */
const JOINING = ['awslogs-datetime-format', 'awslogs-multiline-pattern'];

/** Throws ClientException. */
export function checkLogConfiguration(container: string, given: LogConfiguration, isFargate: boolean): void {
  const { logDriver, options = {}, secretOptions = [] } = given;
  if (logDriver !== 'awslogs') throw unsupported(`the log driver '${logDriver}'; awslogs is there`);
  if (secretOptions.length > 0) throw unsupported('secretOptions of a log driver');
  for (const name of Object.keys(options)) {
    if (JOINING.includes(name)) throw unsupported(`the log option ${name}`);
    if (!KNOWN.has(name)) {
      throw clientError(
        `Invalid log option '${name.slice(0, 100)}' for log driver 'awslogs' of container '${container}'.`,
      );
    }
  }
  const required = ['awslogs-group', 'awslogs-region', ...(isFargate ? ['awslogs-stream-prefix'] : [])];
  const missing = required.filter((name) => !options[name]);
  if (missing.length > 0) {
    throw clientError(`Log driver awslogs requires options: ${missing.join(', ')}`);
  }
  if (!['true', 'false', undefined].includes(options['awslogs-create-group'])) {
    throw clientError("The log option 'awslogs-create-group' must be 'true' or 'false'.");
  }
  if (!['blocking', 'non-blocking', undefined].includes(options.mode)) {
    throw clientError("The log option 'mode' must be 'blocking' or 'non-blocking'.");
  }
  const size = options['max-buffer-size'];
  if (size !== undefined && !/^\d+[kmg]?b?$/i.test(size)) {
    throw clientError("The log option 'max-buffer-size' must be a size, such as '25m'.");
  }
}

/** `undefined` where the output goes nowhere. AWS: the stream is `prefix/container/task`. */
export function logTarget(
  given: LogConfiguration | undefined,
  { container, taskId, runtimeId }: { container: string; taskId: string; runtimeId: string },
): LogTarget | undefined {
  if (given?.logDriver !== 'awslogs') return undefined;
  const { options = {} } = given;
  const prefix = options['awslogs-stream-prefix'];
  return {
    group: options['awslogs-group']!,
    region: options['awslogs-region']!,
    // AWS: without a prefix it is the container's id.
    stream: prefix ? `${prefix}/${container}/${taskId}` : runtimeId,
    createsGroup: options['awslogs-create-group'] === 'true',
  };
}

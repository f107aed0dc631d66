// The documents by which sessions are started, and what each runs. Pure.

import { invalidDocument, validation } from '../faults.ts';

/** What a session runs in its instance. */
export interface SessionProgram {
  /** The session type of its handshake. */
  type: 'Standard_Stream' | 'InteractiveCommands' | 'NonInteractiveCommands';
  command: [string, ...string[]];
}

/** AWS: the user that the agent makes; it may do everything by `sudo`. */
export const SESSION_USER = 'ssm-user';

/** AWS: the shell is sh, at the agent's working directory; the prompt is `sh-5.2$`. */
const SHELL = `cd /usr/bin
export HISTFILE=
if [ -x /bin/bash ]; then PS1='sh-\\v$ ' exec /bin/bash --noprofile --norc -i; fi
exec /bin/sh -i`;
const COMMAND = 'cd /usr/bin; exec /bin/sh -c "$1"';

const COMMANDS: Readonly<Record<string, SessionProgram['type']>> = {
  'AWS-StartInteractiveCommand': 'InteractiveCommands',
  'AWS-StartNonInteractiveCommand': 'NonInteractiveCommands',
};

/** Throws InvalidDocument for documents that Millpond does not have, and ValidationException for parameters. */
export function sessionProgram(
  document: string | undefined,
  parameters: Readonly<Record<string, readonly string[]>> | undefined,
): SessionProgram {
  const given = Object.keys(parameters ?? {});
  if (document === undefined || document === 'SSM-SessionManagerRunShell') {
    if (given.length > 0) throw validation(`The document takes no parameter ${given[0]}.`);
    return { type: 'Standard_Stream', command: ['/bin/sh', '-c', SHELL] };
  }
  const type = COMMANDS[document];
  if (!type) throw invalidDocument(document);
  const unknown = given.find((name) => name !== 'command');
  if (unknown !== undefined) throw validation(`The document takes no parameter ${unknown}.`);
  const command = parameters?.command;
  if (command?.length !== 1) throw validation('The document takes one command.');
  return { type, command: ['/bin/sh', '-c', COMMAND, 'sh', command[0] as string] };
}

// `millpond shell`: runs the user's own shell as `millpond exec` would, with a prompt that says so.

import { type ExecOptions, execCommand } from './exec.ts';

/** Resolves to the shell's exit code, or as `execCommand` does when it cannot be started. */
export function openShell(options: ExecOptions): Promise<number> {
  const environment = { ...(options.environment ?? process.env) };
  const shell = environment.SHELL || '/bin/sh';
  environment.MILLPOND_SHELL = '1';
  environment.PS1 = '(millpond) $ ';
  // bash sets PS1 in its start files; this runs afterwards, and adds the mark once.
  environment.PROMPT_COMMAND = `${environment.PROMPT_COMMAND ? `${environment.PROMPT_COMMAND};` : ''}PS1="(millpond) \${PS1#(millpond) }"`;
  return execCommand({ ...options, environment }, [shell, '-i']);
}

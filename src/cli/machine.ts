// Opens a machine for a command of the user: a place in Millpond's network, held while the command runs.

import { OperationalError } from '../kernel/errors.ts';
import type { MachineLease, MachineRequest } from '../status.ts';

/** A machine that is held until `close`, or until this process ends. */
export interface HeldMachine extends MachineLease {
  close(): void;
}

/** Asks the Millpond at `url`. Rejects with TimedOut when it does not answer, CommandFailed with its reason. */
export async function openMachine(url: string, wish: MachineRequest): Promise<HeldMachine> {
  const ending = new AbortController();
  const answer = await fetch(`${url}/_millpond/machines`, {
    method: 'POST',
    body: JSON.stringify(wish),
    signal: ending.signal,
  }).catch((error: unknown) => {
    throw new OperationalError('TimedOut', `The Millpond at ${url} does not answer.`, error);
  });
  if (!answer.ok) {
    const { error } = (await answer.json()) as { error: string };
    throw new OperationalError('CommandFailed', error);
  }
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let line = '';
  while (!line.endsWith('\n')) {
    const { done, value } = await reader.read();
    if (done) throw new OperationalError('CommandFailed', `The Millpond at ${url} ended its answer.`);
    line += value;
  }
  // If Millpond ends, the command goes on; its network stays.
  reader.read().catch(() => {});
  return { ...(JSON.parse(line) as MachineLease), close: () => ending.abort() };
}

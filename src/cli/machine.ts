// Opens a machine for a command of the user: a place in Millpond's network, held while the command runs.

import { OperationalError } from '../kernel/errors.ts';
import type { MachineLease, MachineRequest } from '../status.ts';

/** A machine that is held until `close`, or until this process ends. */
export interface HeldMachine extends MachineLease {
  close(): void;
}

const ASK_AGAIN_EVERY_MS = 500;

/** Asks the Millpond at `url`. Rejects with TimedOut when it does not answer, CommandFailed with its reason. */
export async function openMachine(url: string, wish: MachineRequest): Promise<HeldMachine> {
  const ending = new AbortController();
  const { lease, ended } = await ask(url, wish, ending.signal);
  void ended.then(() => holdAgain(url, { ...wish, address: lease.address, isThere: true }, ending.signal));
  return { ...lease, close: () => ending.abort() };
}

/** The command and its network outlive Millpond: the next one is told of them, so that its rules go on allowing them. */
async function holdAgain(url: string, wish: MachineRequest, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const held = await ask(url, wish, signal).catch(() => undefined);
    await held?.ended;
    if (!held) await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_EVERY_MS).unref());
  }
}

/** `ended` resolves when Millpond ends its answer, or `signal` ends it. */
async function ask(
  url: string,
  wish: MachineRequest,
  signal: AbortSignal,
): Promise<{ lease: MachineLease; ended: Promise<void> }> {
  const answer = await fetch(`${url}/_millpond/machines`, {
    method: 'POST',
    body: JSON.stringify(wish),
    signal,
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
  const ended = reader.read().then(
    () => undefined,
    () => undefined,
  );
  return { lease: JSON.parse(line) as MachineLease, ended };
}

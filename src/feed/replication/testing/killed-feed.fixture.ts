// A feed in a process of its own that is killed again and again, and everything that it printed.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ReplicationOptions } from '../replication-source.ts';
import type { FeedMessage, PrintedChange } from './feed-program.fixture.ts';

const PROGRAM = fileURLToPath(new URL('./feed-program.fixture.ts', import.meta.url));

export class KilledFeed {
  /** What each process printed, in order. */
  readonly lives: PrintedChange[][] = [];
  #process: ChildProcess | undefined;
  #printed: Promise<unknown> = Promise.resolve();

  async start(options: Omit<ReplicationOptions, 'log'>): Promise<void> {
    const changes: PrintedChange[] = [];
    this.lives.push(changes);
    const child = fork(PROGRAM, {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.#process = child;
    const lines = createInterface({ input: child.stdout! });
    lines.on('line', (line) => {
      // The last line of a killed process may be cut; then it was not acknowledged.
      if (line.endsWith(']')) changes.push(...(JSON.parse(line) as PrintedChange[]));
    });
    this.#printed = once(lines, 'close');
    await this.tell({ do: 'start', options });
  }

  /** Resolves when the process has done it; rejects with what it says. */
  async tell(message: FeedMessage): Promise<void> {
    const child = this.#process!;
    const answered = once(child, 'message');
    child.send(message);
    const [answer] = (await answered) as [{ failed?: string }];
    if (answer.failed !== undefined) throw new Error(answer.failed);
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await this.#printed;
  }

  get all(): PrintedChange[] {
    return this.lives.flat();
  }
}

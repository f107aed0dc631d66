// Ends a process of the network that may be no child of this Millpond.

const ENDS_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 1;

/** Resolves when the process is gone, or after five seconds. `isThere`: whether the pid is still that process's. */
export async function killProcess(pid: number, isThere: () => boolean): Promise<void> {
  const deadline = performance.now() + ENDS_WITHIN_MS;
  while (isThere() && performance.now() < deadline) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

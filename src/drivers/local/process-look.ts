// What is asked of the operating system's processes, whichever way it tells.

export interface ProcessLook {
  pid: number;
  groupId: number;
  /** When it was started, in the system's own unit: with the pid, names one process for as long as the machine is up. */
  startTick: string;
  /** `dead`: a zombie with no thread left, which holds no socket and no file any more. */
  state: 'alive' | 'stopped' | 'dead';
}

export interface ProcessTable {
  /** `undefined` when there is no such process. */
  look(pid: number): ProcessLook | undefined;
  /** All members of a process group, zombies included. */
  group(groupId: number): ProcessLook[];
  /** Processes whose working directory is this one or lies below it. */
  workingBelow(directory: string): { pid: number; directory: string; executable: string }[];
  /** The working directory of a living process. */
  workingDirectory(pid: number): string | undefined;
  /** A token that changes whenever the process's main thread has run. */
  progress(pid: number): string | undefined;
}

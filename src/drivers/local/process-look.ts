// The interface of the operating system's process table.

/** One process as it is now. */
export interface ProcessLook {
  pid: number;
  groupId: number;
  /** The start time in the system's own unit. Together with the pid it identifies a process until the next boot. */
  startTick: string;
  /** `dead`: a zombie without threads, which holds no socket or file any more. */
  state: 'alive' | 'stopped' | 'dead';
}

/** Reads the processes of this machine. */
export interface ProcessTable {
  /** `undefined` when there is no such process. */
  look(pid: number): ProcessLook | undefined;
  /** All members of a process group, zombies included. */
  group(groupId: number): ProcessLook[];
  /** Processes whose working directory is this one or is below it. */
  workingBelow(directory: string): { pid: number; directory: string; executable: string }[];
  /** The working directory of a living process. */
  workingDirectory(pid: number): string | undefined;
  /** A token that changes whenever the process's main thread has run. */
  progress(pid: number): string | undefined;
}

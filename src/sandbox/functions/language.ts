// What runs a function's code. Types alone.

export type Family = 'node' | 'python' | 'ruby' | 'program';

/** What this machine has for a runtime. */
export interface Language {
  family: Family;
  /** `bin` below it holds the interpreter; absent for a program that needs none. */
  directory?: string;
  /** What the interpreter needs to find at its own path; none by default. */
  visible?: readonly string[];
  interpreter?: string;
  /** `3.11`, `24`. */
  version: string;
}

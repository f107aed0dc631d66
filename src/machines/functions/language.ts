// The types of the programs that run a function's code.

/** The kind of a runtime; `program` is an executable in the package. */
export type Family = 'node' | 'python' | 'ruby' | 'program';

/** The interpreter that this machine uses for a runtime. */
export interface Language {
  family: Family;
  /** The directory whose `bin` has the interpreter; absent for `program`. */
  directory?: string;
  /** Directories that the interpreter needs at their own paths; none by default. */
  visible?: readonly string[];
  interpreter?: string;
  /** The interpreter's version: `3.11`, `24`. */
  version: string;
}

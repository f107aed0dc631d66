// The error of every parser in this folder.

export type FormatProblem =
  /** The bytes are none of the format: the two sides no longer agree where they are. */
  | 'malformed'
  /** A length is beyond the limits. */
  | 'too-large'
  /** The format's version, or a type in it, is newer than this parser. */
  | 'unknown'
  /** The bytes are not those that were written. */
  | 'checksum';

/** What an engine sent, or what a dump contains, cannot be read. The parser that threw it cannot be used any longer. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly problem: FormatProblem;

  constructor(problem: FormatProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

// A value of an output that is JSON already, as a service stores it. It is put into the response without being parsed.

/** The JSON text of a value, and how to read it where another format is wanted. */
export class WrittenJson {
  readonly text: string;
  readonly #read: () => unknown;

  constructor(text: string, read: () => unknown) {
    this.text = text;
    this.#read = read;
  }

  /** The value that the text stands for. */
  read(): unknown {
    return this.#read();
  }
}

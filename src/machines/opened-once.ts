// Something that is opened by the first call that needs it.

import { OperationalError } from '../kernel/errors.ts';

/** What one attempt opens for all. */
export interface OpenedOnce<T> {
  /** Opens it unless it is open. After a failure the next call tries again, since the cause may be gone then. */
  get(): Promise<T>;
  /** It is open, or being opened. */
  readonly hasBegun: boolean;
}

export function openedOnce<T>(open: () => Promise<T>): OpenedOnce<T> {
  let opening: Promise<T> | undefined;
  return {
    get() {
      opening ??= open().catch((error) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    get hasBegun() {
      return opening !== undefined;
    },
  };
}

/** What it says itself, or why it cannot be opened: a sentence. */
export async function whyNotOpened(
  engine: OpenedOnce<{ whyNot(): Promise<string | undefined> }>,
): Promise<string | undefined> {
  try {
    return await (await engine.get()).whyNot();
  } catch (error) {
    if (error instanceof OperationalError) return error.message;
    throw error;
  }
}

// What resource types make of requests that are refused. A step may be entered twice, so that some refusals are none;
// and of a resource that is half made somebody must know. Errors are named by the shapes of a service's model.

import { ResourceFailure } from './resource-failure.ts';

/** Faults bear their shape's name. */
export const isRefused = (error: unknown, names: RegExp): error is Error =>
  error instanceof Error && names.test(error.name);

/** What the work gives, or `undefined` where it is refused by one of these names. */
export async function unless<T>(names: RegExp, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isRefused(error, names)) return undefined;
    throw error;
  }
}

/** That something exists already is no failure of a step that is entered again. */
export const createOnce = <T>(
  { isRetry }: { isRetry: boolean },
  exists: RegExp,
  work: Promise<T>,
): Promise<T | undefined> => (isRetry ? unless(exists, work) : work);

/** Does what is left to do to a resource that is there; a failure says that it is. */
export async function finishing<T>(physicalId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ResourceFailure(error instanceof Error ? error.message : String(error), physicalId, error);
  }
}

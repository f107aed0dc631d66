// How resource types handle refused requests. A step may be repeated, so a refusal such as "already exists" can mean
// success; and a half-created resource must be reported so that it can be deleted.

import { ResourceFailure } from './resource-failure.ts';

/** Whether the error is one of these. A fault's name is that of its shape in the service's model. */
export const isRefused = (error: unknown, names: RegExp): error is Error =>
  error instanceof Error && names.test(error.name);

/** The result of the work, or `undefined` when it is refused with one of these names. Other errors pass. */
export async function unless<T>(names: RegExp, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isRefused(error, names)) return undefined;
    throw error;
  }
}

/** The result of a creation. When the step is repeated, `undefined` if `exists` names the refusal. */
export const createOnce = <T>(
  { isRetry }: { isRetry: boolean },
  exists: RegExp,
  work: Promise<T>,
): Promise<T | undefined> => (isRetry ? unless(exists, work) : work);

/**
 * The failure of a creation whose name is taken, for APIs that would replace the resource. `identifier` has the
 * properties that identify it. AWS: the text is that of types in CloudFormation's registry.
 */
export const alreadyExists = (type: string, identifier: Readonly<Record<string, string>>): Error => {
  const paths = Object.entries(identifier).map(([name, value]) => [`/properties/${name}`, value]);
  const shown = JSON.stringify(Object.fromEntries(paths));
  return new Error(`Resource of type '${type}' with identifier '${shown}' already exists.`);
};

/** Runs what remains to do on a resource that exists. An error becomes a ResourceFailure with its physical id. */
export async function finishing<T>(physicalId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ResourceFailure(error instanceof Error ? error.message : String(error), physicalId, error);
  }
}

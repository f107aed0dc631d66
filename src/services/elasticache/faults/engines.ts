// Faults of engine versions and node types.

import type { Fault } from '../../../wire/fault.ts';
import { invalidParameterCombination, invalidParameterValue } from './requests.ts';

/** Text: own. */
export const invalidNodeType = (name: string): Fault =>
  invalidParameterValue(`Invalid Cache Node Type: ${name.slice(0, 100)}.`);

/** Text: own. */
export const nodeTypeNotOffered = (from: string, to: string): Fault =>
  invalidParameterValue(
    `Cannot modify the cache node type from ${from} to ${to}. ` +
      'ListAllowedNodeTypeModifications lists the possible node types.',
  );

export const engineVersionNotFound = (engine: string, version: string): Fault =>
  invalidParameterCombination(`Cannot find version ${version} for ${engine}`);

/** Text: Terraform's provider quotes it for two versions of one engine. */
export const engineDowngrade = (fromEngine: string, from: string, toEngine: string, to: string): Fault =>
  invalidParameterCombination(
    `Cannot modify ${fromEngine} from ${from} to ${fromEngine === toEngine ? '' : `${toEngine} `}${to}`,
  );

/** For `7.0.7` where AWS lists only `7.0`. */
export const specificVersionNotAllowed = (requested: string, listed: string): Fault =>
  invalidParameterValue(
    `Specific version selection is not allowed for '${requested}', please use '${listed}'`,
  );

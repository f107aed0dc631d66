// Parses and renders the names of functions and layers: a function has a name, a full or partial ARN, and an optional
// qualifier.

import { renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { failedConstraint, invalidParameter, otherRegion } from '../faults.ts';

/** The qualifier of the unpublished version. */
export const LATEST = '$LATEST';
/** The longest name of a function. */
export const LONGEST_NAME = 64;

/** A parsed name of a function. */
export interface FunctionReference {
  scope: Scope;
  name: string;
  qualifier?: string;
}

const FORM =
  /^(?:arn:aws[a-z-]*:lambda:)?(?:([a-z]{2}(?:-[a-z]+)+-\d{1,2}):)?(?:(\d{12}):)?(?:function:)?([\w-]{1,64})(?::(\$LATEST|[\w-]{1,128}))?$/;

/**
 * Parses a name or ARN. Throws ValidationException for a name that is too long outside of an ARN,
 * ResourceNotFoundException for another region, InvalidParameterValueException for two different qualifiers.
 */
export function readFunctionName(text: string, scope: Scope, qualifier?: string): FunctionReference {
  const found = FORM.exec(text);
  if (!found)
    throw failedConstraint('functionName', text, `have length less than or equal to ${LONGEST_NAME}`);
  const [, region, accountId, name, own] = found;
  if (region && region !== scope.region) throw otherRegion(region, scope.region);
  if (own && qualifier && own !== qualifier) {
    throw invalidParameter(
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  const chosen = qualifier ?? own;
  return {
    scope: { region: scope.region, accountId: accountId ?? scope.accountId },
    name: name!,
    ...(chosen && { qualifier: chosen }),
  };
}

/** The ARN of a function, with the qualifier if there is one. */
export const functionArn = (scope: Scope, name: string, qualifier?: string): string =>
  renderArn('lambda', scope, `function:${name}${qualifier ? `:${qualifier}` : ''}`);

/** The ARN of a layer, or of one of its versions. */
export const layerArn = (scope: Scope, name: string, version?: number): string =>
  renderArn('lambda', scope, `layer:${name}${version === undefined ? '' : `:${version}`}`);

/** A parsed ARN of a layer version. */
export interface LayerReference {
  scope: Scope;
  name: string;
  version: number;
}

const LAYER_VERSION =
  /^arn:aws[a-z-]*:lambda:([a-z]{2}(?:-[a-z]+)+-\d{1,2}):(\d{12}):layer:([\w-]{1,140}):(\d{1,9})$/;

/** `undefined` when the text is not the ARN of a layer version. */
export function readLayerVersionArn(arn: string): LayerReference | undefined {
  const found = LAYER_VERSION.exec(arn);
  if (!found) return undefined;
  const [, region, accountId, name, version] = found;
  return { scope: { region: region!, accountId: accountId! }, name: name!, version: Number(version) };
}

/** The name of a layer, from its name or its ARN. */
export const layerNameOf = (text: string): string => text.split(':layer:').at(-1)!.split(':')[0]!;

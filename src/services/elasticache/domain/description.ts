// Validates descriptions of groups, parameter groups and subnet groups. Pure.
//
// AWS: the model gives no length. 255 is Millpond's limit, after what AWS documents for other descriptions.

import { blankParameter, descriptionTooLong } from '../faults/requests.ts';

const MAX_CHARACTERS = 255;

/** The description. Throws InvalidParameterValue when it is missing, blank or longer than 255 characters. */
export function descriptionOf(parameter: string, text: string | undefined): string {
  if (!text?.trim()) throw blankParameter(parameter);
  if (text.length > MAX_CHARACTERS) throw descriptionTooLong(parameter, MAX_CHARACTERS);
  return text;
}

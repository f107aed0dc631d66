// Descriptions of groups, parameter groups and subnet groups. Pure.
//
// AWS: the model gives no length; 255 is ours, after what AWS documents for descriptions elsewhere.

import { blankParameter, descriptionTooLong } from '../faults.ts';

const MOST_CHARACTERS = 255;

/** Throws InvalidParameterValue for one that is missing, blank or too long. */
export function descriptionOf(parameter: string, text: string | undefined): string {
  if (!text?.trim()) throw blankParameter(parameter);
  if (text.length > MOST_CHARACTERS) throw descriptionTooLong(parameter, MOST_CHARACTERS);
  return text;
}

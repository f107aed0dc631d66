// Pages of Lambda's lists: a marker, and at most 50 items.

import { type PageRequest, type Pages, pagesOf } from '../../aws/pages.ts';
import { LATEST } from './domain/names.ts';
import { invalidMarker } from './faults.ts';

const MOST = 50;

const pages = (list: string): Pages => pagesOf({ list: `lambda ${list}`, invalidToken: invalidMarker });

/** Tokens of one list are not valid for another. */
export const functionPages = pages('functions');
export const versionPages = pages('versions');
export const aliasPages = pages('aliases');
export const layerPages = pages('layers');
export const layerVersionPages = pages('layer versions');
export const eventInvokePages = pages('event invoke configs');
export const urlPages = pages('function urls');

/** The sort key of versions: $LATEST first, then by number. */
export const versionKey = (version: string): string => (version === LATEST ? '' : version.padStart(9, '0'));

/** AWS: a limit above 50 is accepted but has no effect. */
export const pageRequest = (input: {
  Marker?: string | undefined;
  MaxItems?: number | undefined;
}): PageRequest => ({ limit: Math.min(input.MaxItems ?? MOST, MOST), token: input.Marker });

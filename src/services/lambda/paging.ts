// Pages as Lambda's lists give them: a marker, and at most 50 items unless fewer are asked for.

import { type PageRequest, type Pages, pagesOf } from '../../aws/pages.ts';
import { LATEST } from './domain/names.ts';
import { invalidMarker } from './faults.ts';

const MOST = 50;

const pages = (list: string): Pages => pagesOf({ list: `lambda ${list}`, invalidToken: invalidMarker });

export const functionPages = pages('functions');
export const versionPages = pages('versions');
export const aliasPages = pages('aliases');
export const layerPages = pages('layers');
export const layerVersionPages = pages('layer versions');
export const eventInvokePages = pages('event invoke configs');
export const urlPages = pages('function urls');

/** Sorts versions: $LATEST, then by number. */
export const versionKey = (version: string): string => (version === LATEST ? '' : version.padStart(9, '0'));

/** AWS: more than 50 may be asked for, and are not given. */
export const pageRequest = (input: {
  Marker?: string | undefined;
  MaxItems?: number | undefined;
}): PageRequest => ({ limit: Math.min(input.MaxItems ?? MOST, MOST), token: input.Marker });

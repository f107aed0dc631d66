// The one HTML document of the console, and the headers that keep everything else out of it. Its scripts draw the page
// that its address names. It contains no data.

import { randomBytes } from 'node:crypto';

/** A response. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** The paths of the console's script and style. */
export interface AssetPaths {
  script: string;
  style: string;
}

/** Headers of every answer: nobody may embed, cache or guess about it. */
export const COMMON_HEADERS: Record<string, string> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * Objects of S3 have the same origin, so scripts and styles are allowed by a number that is used once, not by their
 * origin, and the DOM takes no HTML from scripts.
 */
const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** A wave on a pond. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%230b6e75'/%3E%3Cpath d='M5 14c4-4 7-4 11 0s7 4 11 0M5 21c4-4 7-4 11 0s7 4 11 0' fill='none' stroke='white' stroke-width='2.6' stroke-linecap='round'/%3E%3C/svg%3E";

/** `region` is the one that the page shows when its address names none. */
export function pageAnswer({ script, style }: AssetPaths, region: string): Answer {
  const nonce = randomBytes(16).toString('base64');
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="millpond-region" content="${region.replaceAll(/[^a-z0-9-]/g, '')}">
<title>Millpond</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" nonce="${nonce}" href="${style}">
<script defer nonce="${nonce}" src="${script}"></script>
</head>
<body>
<div id="page"></div>
<noscript>Dashboards are drawn by a script; this browser runs none.</noscript>
</body>
</html>
`;
  return {
    status: 200,
    headers: {
      ...COMMON_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyWith(nonce),
      vary: 'Accept',
    },
    body,
  };
}

/** A sentence instead of a page, or of its data. */
export const sentenceAnswer = (status: number, sentence: string): Answer => ({
  status,
  headers: {
    ...COMMON_HEADERS,
    'content-type': 'application/json',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  },
  body: JSON.stringify({ error: sentence }),
});

// application/x-www-form-urlencoded bodies as the tree that dotted names describe: `Tags.Tag.1.Key=a`.
// Knows no schema. Bounded in the number of parameters and in depth.

import { Fault } from './fault.ts';

export interface FormNode {
  /** Present when a value was given for this very name. */
  value?: string;
  children?: Map<string, FormNode>;
}

const MAX_PARAMETERS = 100_000;
const MAX_DEPTH = 40;

/** Later values replace earlier ones of the same name. Throws a Fault (MalformedQueryString, 404 as on AWS). */
export function parseForm(...texts: string[]): FormNode {
  const root: FormNode = {};
  let parameters = 0;
  for (const text of texts) {
    for (let start = 0; start < text.length; ) {
      const end = text.indexOf('&', start);
      const pair = text.slice(start, end < 0 ? undefined : end);
      start = end < 0 ? text.length : end + 1;
      if (pair === '') continue;
      if (++parameters > MAX_PARAMETERS) throw malformedForm('has too many parameters');
      const equals = pair.indexOf('=');
      const name = unescapeForm(equals < 0 ? pair : pair.slice(0, equals));
      place(root, name, equals < 0 ? '' : unescapeForm(pair.slice(equals + 1)));
    }
  }
  return root;
}

function place(root: FormNode, name: string, value: string): void {
  let node = root;
  let depth = 0;
  for (let start = 0; start <= name.length; ) {
    if (++depth > MAX_DEPTH) throw malformedForm('has a parameter that is nested too deeply');
    const dot = name.indexOf('.', start);
    const segment = name.slice(start, dot < 0 ? undefined : dot);
    start = dot < 0 ? name.length + 1 : dot + 1;
    node.children ??= new Map();
    let child = node.children.get(segment);
    if (!child) node.children.set(segment, (child = {}));
    node = child;
  }
  node.value = value;
}

function unescapeForm(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformedForm('contains a syntax error');
  }
}

// AWS: the common errors of its query APIs give this code with HTTP status 404.
export const malformedForm = (what: string): Fault =>
  new Fault('MalformedQueryString', `The query string ${what}`, { status: 404 });

// Parses a template's text, in JSON or YAML, into nodes. Hostile text causes a TemplateError and no other error.

import { TemplateError } from './issues.ts';
import { NO_JSON, parseJson } from './json.ts';
import type { ObjectNode } from './node.ts';
import { parseYaml } from './yaml.ts';

/** AWS's limit for a template in the request. */
export const MAX_BODY_BYTES = 51_200;
/** AWS's limit for a template in S3. */
export const MAX_OBJECT_BYTES = 1_048_576;

/** The root is always an object. `maxBytes` depends on where the template comes from. Throws a TemplateError. */
export function parseTemplate(text: string, maxBytes: number = MAX_OBJECT_BYTES): ObjectNode {
  if (Buffer.byteLength(text) > maxBytes) {
    throw new TemplateError({ message: `Template may not exceed ${maxBytes} bytes in size.` });
  }
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const root = /^\s*\{/.test(body) ? parseObjectText(body) : parseYaml(body);
  if (root.kind !== 'object') {
    throw new TemplateError({ message: 'Template format error: unsupported structure.', place: root.place });
  }
  return root;
}

/** Text that begins with a brace is JSON or a flow mapping of YAML. */
function parseObjectText(text: string) {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof TemplateError) || !error.message.includes(NO_JSON)) throw error;
    try {
      return parseYaml(text);
    } catch {
      throw error;
    }
  }
}

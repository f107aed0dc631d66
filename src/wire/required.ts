// Required members, the one constraint that the schemas know. All others are the operations' own.

import type { Shape } from './schema.ts';

const ENOUGH_TO_TELL = 10;

/** Paths of the required members that `value` lacks, the first few: `Tags.1.Key`, items counted from 1. */
export function missingPaths(shape: Shape, value: unknown): string[] {
  const paths: string[] = [];
  collect(shape, value, '', paths);
  return paths;
}

function collect(shape: Shape, value: unknown, prefix: string, paths: string[]): void {
  if (shape.kind === 'scalar' || paths.length >= ENOUGH_TO_TELL) return;
  if (shape.kind === 'structure') {
    for (const member of shape.members) {
      const content = (value as Record<string, unknown>)[member.name];
      if (content !== undefined && content !== null) {
        collect(member.shape, content, `${prefix}${member.name}.`, paths);
      } else if (member.required) paths.push(prefix + member.name);
    }
    return;
  }
  const inner = shape.kind === 'list' ? shape.item : shape.value;
  if (inner.kind === 'scalar') return;
  const entries = shape.kind === 'list' ? (value as unknown[]).entries() : Object.entries(value as object);
  for (const [key, item] of entries) {
    collect(inner, item, `${prefix}${typeof key === 'number' ? key + 1 : key}.`, paths);
  }
}

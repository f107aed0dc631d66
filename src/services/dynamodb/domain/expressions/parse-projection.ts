// Parses ProjectionExpression: paths with commas between them. Pure.

import type { ParsedProjection, PathSyntax } from './syntax.ts';
import { TokenReader } from './token-reader.ts';

/** Throws ExpressionProblem for its syntax and for reserved words. */
export function parseProjection(text: string): ParsedProjection {
  const reader = new TokenReader(text);
  const paths: PathSyntax[] = [];
  do paths.push(reader.path());
  while (reader.takeSymbol(','));
  reader.expectEnd();
  reader.throwFirst(['reservedWord']);
  return { paths };
}

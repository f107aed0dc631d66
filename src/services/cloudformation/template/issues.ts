// Errors in templates: AWS's text and the place. The operations turn them into a ValidationError.

import type { Place } from './node.ts';

/** One error in a template. */
export interface TemplateIssue {
  /** AWS's text where it is known, without the place. */
  message: string;
  place?: Place | undefined;
  /** `/Resources/Cache/Properties/Port`. */
  path?: string | undefined;
}

/** Thrown for a template that cannot be used, with all errors that were found. */
export class TemplateError extends Error {
  override readonly name: string = 'TemplateError';
  readonly issues: readonly TemplateIssue[];

  constructor(issues: TemplateIssue | readonly TemplateIssue[]) {
    const all = Array.isArray(issues) ? (issues as readonly TemplateIssue[]) : [issues as TemplateIssue];
    super(describeIssues(all));
    this.issues = all;
  }
}

/** Thrown when a transform fails. AWS: CreateChangeSet then creates a failed change set. */
export class TransformError extends TemplateError {}

const MOST_SHOWN = 20;

/** All errors as one message, one per line: `… (line 12, column 5)`. Shows at most 20. */
export function describeIssues(issues: readonly TemplateIssue[]): string {
  const shown = issues.slice(0, MOST_SHOWN).map(describeIssue);
  if (issues.length > shown.length) shown.push(`and ${issues.length - shown.length} more`);
  return shown.join('\n');
}

/** The message with its place. */
export function describeIssue(issue: TemplateIssue): string {
  return issue.place
    ? `${issue.message} (line ${issue.place.line}, column ${issue.place.column})`
    : issue.message;
}

/** AWS's prefix for malformed templates. */
export const formatError = (message: string, place?: Place, path?: string): TemplateIssue => ({
  message: `Template format error: ${message}`,
  place,
  path,
});

/** AWS's prefix for misused functions. */
export const validationError = (message: string, place?: Place, path?: string): TemplateIssue => ({
  message: `Template validation error: ${message}`,
  place,
  path,
});

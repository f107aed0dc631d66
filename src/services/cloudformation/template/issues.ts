// What is wrong with a template: AWS's sentence, and where it is. The operations make a ValidationError of it.

import type { Place } from './node.ts';

export interface TemplateIssue {
  /** As AWS words it, where that is known; without the place. */
  message: string;
  place?: Place | undefined;
  /** `/Resources/Cache/Properties/Port`. */
  path?: string | undefined;
}

/** Thrown where nothing can be made of the template, or with all that a check found. */
export class TemplateError extends Error {
  override readonly name: string = 'TemplateError';
  readonly issues: readonly TemplateIssue[];

  constructor(issues: TemplateIssue | readonly TemplateIssue[]) {
    const all = Array.isArray(issues) ? (issues as readonly TemplateIssue[]) : [issues as TemplateIssue];
    super(describeIssues(all));
    this.issues = all;
  }
}

/** Thrown where a transform cannot be done. AWS: a change set is made all the same, and has failed. */
export class TransformError extends TemplateError {}

const MOST_SHOWN = 20;

/** All of them as one message: `… (line 12, column 5)`, one a line. */
export function describeIssues(issues: readonly TemplateIssue[]): string {
  const shown = issues.slice(0, MOST_SHOWN).map(describeIssue);
  if (issues.length > shown.length) shown.push(`and ${issues.length - shown.length} more`);
  return shown.join('\n');
}

export function describeIssue(issue: TemplateIssue): string {
  return issue.place
    ? `${issue.message} (line ${issue.place.line}, column ${issue.place.column})`
    : issue.message;
}

export const formatError = (message: string, place?: Place, path?: string): TemplateIssue => ({
  message: `Template format error: ${message}`,
  place,
  path,
});

export const validationError = (message: string, place?: Place, path?: string): TemplateIssue => ({
  message: `Template validation error: ${message}`,
  place,
  path,
});

// What the thread that reads templates is asked, and what it answers.

import type { Value } from '../../../control/resource-type.ts';
import type { TemplateIssue } from '../template/issues.ts';
import type { MatchOutcome } from '../template/parameters.ts';
import type { Capability, TemplateSummary } from '../template/summary.ts';

/** Text to a template that has been checked, with its transforms done. */
export interface ReadRequest {
  kind: 'read';
  text: string;
  region: string;
  /** What is given of parameters: a transform is done before their types and lookups are known. */
  given: ReadonlyMap<string, { value?: string | undefined; usePreviousValue?: boolean | undefined }>;
  previous: ReadonlyMap<string, string>;
  /** Types that something can make; `any` where the rest is only recorded. */
  knownTypes: readonly string[];
  takesUnknownTypes: boolean;
  isReviewed: boolean;
}

export interface ReadAnswer {
  /** The tree, as node-stream.ts writes it. */
  tree: string[];
  capabilities: Capability[];
  /** The text with the transforms done; absent where there are none. */
  processed?: string | undefined;
}

/** Text that was read before, such as a stack's own. */
export interface ParseRequest {
  kind: 'parse';
  text: string;
}

/** What a template says of itself; `isChecked`: and whether AWS would refuse it by itself. */
export interface SummaryRequest {
  kind: 'summary';
  text: string;
  isChecked: boolean;
}

/** Of a summary, what the operations show. */
export type SummaryAnswer = Omit<TemplateSummary, 'metadata'> & {
  /** As JSON. */
  metadata?: string | undefined;
};

/** A template's own regular expressions, each on its text. */
export interface MatchRequest {
  kind: 'match';
  pairs: readonly (readonly [pattern: string, text: string])[];
}

export interface Answers {
  read: ReadAnswer;
  parse: Pick<ReadAnswer, 'tree'>;
  summary: SummaryAnswer;
  match: MatchOutcome[];
}

export type Request = ReadRequest | ParseRequest | SummaryRequest | MatchRequest;

/** To the thread: a request, or the text that an AWS::Include meant. */
export type ToThread =
  | Request
  | { kind: 'included'; text: string }
  | { kind: 'not included'; reason: string };

/** From the thread, until it has answered or failed. */
export type FromThread =
  | { kind: 'include'; location: string }
  | { kind: 'answer'; answer: Answers[keyof Answers] }
  | { kind: 'refused'; issues: readonly TemplateIssue[]; isTransform: boolean }
  /** A bug. */
  | { kind: 'failed'; message: string };

export type Values = ReadonlyMap<string, Value>;

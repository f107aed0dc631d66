// The messages between the reader (reader.ts) and the thread that reads templates (thread.ts).

import type { Value } from '../../../control/resource-type.ts';
import type { TemplateIssue } from '../template/issues.ts';
import type { MatchOutcome } from '../template/parameters.ts';
import type { Capability, TemplateSummary } from '../template/summary.ts';

/** Asks to parse a template, expand its transforms and validate it. */
export interface ReadRequest {
  kind: 'read';
  text: string;
  region: string;
  /** The parameters as given. Transforms are expanded before the parameters are resolved. */
  given: ReadonlyMap<string, { value?: string | undefined; usePreviousValue?: boolean | undefined }>;
  /** The texts of the deployed stack's parameters, by name. */
  previous: ReadonlyMap<string, string>;
  /** The resource types that can be created. */
  knownTypes: readonly string[];
  /** Whether other types are valid too, to be recorded only. */
  takesUnknownTypes: boolean;
  /** Whether the template is for a change set, which the user can review before it is executed. */
  isReviewed: boolean;
  /** The acknowledged capabilities; `undefined`: any. */
  acknowledged: readonly string[] | undefined;
}

/** A template that passed every check. */
export interface ReadAnswer {
  /** The processed tree, as node-stream.ts encodes it. */
  tree: string[];
  /** The processed template as JSON; absent when the template has no transforms. */
  processed?: string | undefined;
}

/** Asks to parse a text that was validated before, such as that of a deployed stack. */
export interface ParseRequest {
  kind: 'parse';
  text: string;
}

/** Asks for a template's summary. `isChecked`: with the checks of ValidateTemplate. */
export interface SummaryRequest {
  kind: 'summary';
  text: string;
  isChecked: boolean;
}

/** A template's summary in a form that can be sent between threads. */
export type SummaryAnswer = Omit<TemplateSummary, 'metadata'> & {
  /** As JSON. */
  metadata?: string | undefined;
};

/** Asks to match regular expressions of a template, each against its text. */
export interface MatchRequest {
  kind: 'match';
  pairs: readonly (readonly [pattern: string, text: string])[];
}

/** The answer to each kind of request. */
export interface Answers {
  read: ReadAnswer;
  parse: Pick<ReadAnswer, 'tree'>;
  summary: SummaryAnswer;
  match: MatchOutcome[];
}

/** Every kind of request. */
export type Request = ReadRequest | ParseRequest | SummaryRequest | MatchRequest;

/** Messages to the thread: a request, or the answer to its `include`. */
export type ToThread =
  | Request
  | { kind: 'included'; text: string }
  | { kind: 'not included'; reason: string };

/** Messages from the thread: any number of `include` messages, and then exactly one of the others. */
export type FromThread =
  | { kind: 'include'; location: string }
  | { kind: 'answer'; answer: Answers[keyof Answers] }
  | { kind: 'refused'; issues: readonly TemplateIssue[]; isTransform: boolean }
  | { kind: 'lacks capabilities'; missing: readonly Capability[] }
  /** A bug in Millpond. */
  | { kind: 'failed'; message: string };

/** Parameter values by name. */
export type Values = ReadonlyMap<string, Value>;

// The program of the worker thread that reads templates, one request at a time. It knows no stacks and does no I/O: it
// asks the main thread for the text of an AWS::Include.

import { parentPort } from 'node:worker_threads';
import { resourceSpecs } from '../resource-spec.ts';
import { matchesWholly } from '../template/bounded-pattern.ts';
import { expandTransforms } from '../template/expand.ts';
import { TemplateError, TransformError } from '../template/issues.ts';
import { plainOf } from '../template/node.ts';
import type { MatchOutcome } from '../template/parameters.ts';
import { parseTemplate } from '../template/parse.ts';
import { type Capability, capabilitiesOf, missingCapabilities, summarize } from '../template/summary.ts';
import { readTemplate, type Template, templateOf } from '../template/template.ts';
import { checkLimits, validateShape, validateTemplate } from '../template/validate.ts';
import type {
  Answers,
  FromThread,
  ReadRequest,
  Request,
  SummaryRequest,
  ToThread,
  Values,
} from './messages.ts';
import { encodeNode } from './node-stream.ts';

const port = parentPort!;
const send = (message: FromThread) => port.postMessage(message);
let included = Promise.withResolvers<string>();

port.on('message', (message: ToThread) => {
  if (message.kind === 'included') included.resolve(message.text);
  else if (message.kind === 'not included') included.reject(new Error(message.reason));
  else void answer(message);
});

/** Thrown for a template whose capabilities the request does not acknowledge. */
class LacksCapabilities extends Error {
  readonly missing: readonly Capability[];

  constructor(missing: readonly Capability[]) {
    super(missing.join(', '));
    this.missing = missing;
  }
}

async function answer(request: Request): Promise<void> {
  try {
    send({ kind: 'answer', answer: await answerTo(request) });
  } catch (error) {
    if (error instanceof TemplateError) {
      send({ kind: 'refused', issues: error.issues, isTransform: error instanceof TransformError });
    } else if (error instanceof LacksCapabilities) {
      send({ kind: 'lacks capabilities', missing: error.missing });
    } else send({ kind: 'failed', message: String((error as Error).stack ?? error) });
  }
}

function answerTo(request: Request): Answers[keyof Answers] | Promise<Answers[keyof Answers]> {
  switch (request.kind) {
    case 'read':
      return read(request);
    case 'parse': {
      const root = parseTemplate(request.text);
      templateOf(root);
      return { tree: encodeNode(root) };
    }
    case 'summary':
      return summary(request);
    case 'match':
      return match(request.pairs);
  }
}

async function read(request: ReadRequest): Promise<Answers['read']> {
  const { text, region, isReviewed, acknowledged } = request;
  const root = parseTemplate(text);
  const asGiven = readTemplate(root);
  if (asGiven.issues.length > 0) throw new TemplateError(asGiven.issues);
  // Before the transforms: a request that lacks a capability is refused, even if a transform would fail.
  const needed = acknowledged ? capabilitiesOf(asGiven.template, { isReviewed }).capabilities : [];
  const missing = missingCapabilities(needed, acknowledged ?? []);
  if (missing.length > 0) throw new LacksCapabilities(missing);
  const needsExpanding = asGiven.template.transforms.length > 0 || text.includes('Fn::Transform');
  const expanded = needsExpanding
    ? await expandTransforms(root, {
        region,
        parameters: parametersForExpansion(asGiven.template, request),
        include,
      })
    : root;
  const final = expanded === root ? asGiven : readTemplate(expanded);
  const known = new Set(request.knownTypes);
  const issues = [
    ...final.issues,
    ...validateTemplate(final.template, {
      specs: resourceSpecs(),
      isKnownType: (type) => known.has(type),
      allowUnknownTypes: request.takesUnknownTypes,
    }),
  ];
  if (issues.length > 0) throw new TemplateError(issues);
  return {
    tree: encodeNode(expanded),
    processed: expanded === root ? undefined : JSON.stringify(plainOf(expanded)),
  };
}

function include(location: string): Promise<string> {
  included = Promise.withResolvers<string>();
  send({ kind: 'include', location });
  return included.promise;
}

function parametersForExpansion(template: Template, { given, previous }: ReadRequest): Values {
  const values = new Map<string, string>();
  for (const [name, parameter] of template.parameters) {
    const own = given.get(name);
    const value = own?.usePreviousValue ? previous.get(name) : (own?.value ?? parameter.default);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

function summary({ text, isChecked }: SummaryRequest): Answers['summary'] {
  const template = templateOf(parseTemplate(text));
  const issues = isChecked ? validateShape(template, resourceSpecs()) : checkLimits(template);
  if (issues.length > 0) throw new TemplateError(issues);
  const { metadata, ...rest } = summarize(template);
  return { ...rest, metadata: metadata && JSON.stringify(plainOf(metadata)) };
}

/** The time limit for all patterns of one request. AWS does not document its own. */
const MATCHING_MS = 1_000;

function match(pairs: readonly (readonly [string, string])[]): MatchOutcome[] {
  const deadline = performance.now() + MATCHING_MS;
  return pairs.map(([pattern, text]) =>
    performance.now() < deadline ? matchesWholly(pattern, text) : 'too slow',
  );
}

// Reads where changes go: an object with one member that names the kind, or the short form `lambda:shop-orders`. Pure.

import { parseArn, renderArn } from '../../aws/arn.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Mapping, RowShape, Target } from './configuration.ts';
import { LanguageError, readPath } from './path.ts';
import { listText, type Place, type Problems, type Section } from './reading.ts';
import { resolveUrl, type Secrets } from './secrets.ts';

/** What the readers of a configuration depend on. */
export interface ReadingContext {
  problems: Problems;
  /** The account and region of names that are no ARNs. Without it topics are given by their ARNs. */
  scope?: Scope;
  secrets?: Secrets;
}

const KINDS = ['lambda', 'dynamodb', 'sql', 'sns', 'sqs'] as const;
type Kind = (typeof KINDS)[number];

const LAMBDA = /^[a-zA-Z0-9_.:$-]{1,170}$/;
const TABLE = /^(?:arn:[a-z-]+:dynamodb:[a-z0-9-]+:\d{12}:table\/)?[a-zA-Z0-9_.-]{3,255}$/;
const TOPIC = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[a-zA-Z0-9_-]{1,256}(?:\.fifo)?$/;
const TOPIC_NAME = /^[a-zA-Z0-9_-]{1,256}(?:\.fifo)?$/;
const QUEUE =
  /^(?:https?:\/\/[^\s]{1,400}\/|arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:)?[a-zA-Z0-9_-]{1,80}(?:\.fifo)?$/;
/** A name, with its schema or database where it has one. */
const SQL_TABLE = /^[^\s."`']{1,64}(?:\.[^\s."`']{1,64})?$/;
const SQL_URL = /^(?:postgres|postgresql|mysql|mariadb):\/\//;

/** Reads the member `target` of a mapping; `undefined` after a problem. */
export function readTarget(mapping: Section, context: ReadingContext): Target | undefined {
  const given = mapping.get('target');
  const { problems } = context;
  if (given === undefined) {
    mapping.require('target');
    return undefined;
  }
  if (typeof given === 'string') {
    let target: Target | undefined;
    problems.within(mapping.placeOf('target'), () => (target = targetOf(given, context.scope)));
    return target;
  }
  const section = mapping.section('target');
  if (!section) return undefined;
  const kinds = KINDS.filter((kind) => section.has(kind));
  section.done();
  if (kinds.length !== 1) {
    problems.add(section.place, `It must have one member, which is ${listText(KINDS)}.`);
    return undefined;
  }
  return readKind(section, kinds[0]!, context);
}

/** The target of the short form `KIND:NAME`, or of an ARN. Throws a LanguageError. */
export function targetOf(text: string, scope?: Scope): Target {
  if (text === 'null') return { kind: 'null' };
  const arn = parseArn(text);
  const kind = arn ? arn.service : text.slice(0, text.indexOf(':'));
  const name = arn ? text : text.slice(text.indexOf(':') + 1);
  switch (kind) {
    case 'lambda':
      return { kind, function: matching(name, LAMBDA, 'function'), reportsItemFailures: false };
    case 'dynamodb':
      return { kind, table: tableName(matching(name, TABLE, 'table')), row: { key: {} } };
    case 'sns':
      return { kind, topic: topicArn(name, scope) };
    case 'sqs':
      return { kind, queue: matching(name, QUEUE, 'queue') };
    default:
      throw new LanguageError(
        'a target is lambda:NAME, dynamodb:TABLE, sns:ARN or sqs:NAME, or the ARN of one of these, or null',
      );
  }
}

function matching(name: string, pattern: RegExp, what: string): string {
  if (pattern.test(name)) return name;
  throw new LanguageError(`'${name.slice(0, 200)}' is no name or ARN of a ${what}`);
}

const tableName = (table: string) => table.slice(table.indexOf('/') + 1);

function topicArn(name: string, scope?: Scope): string {
  if (TOPIC.test(name)) return name;
  if (scope && TOPIC_NAME.test(name)) return renderArn('sns', scope, name);
  throw new LanguageError(`'${name.slice(0, 200)}' is no ARN of a topic`);
}

function readKind(section: Section, kind: Kind, context: ReadingContext): Target | undefined {
  const { problems, scope } = context;
  const given = section.get(kind);
  let target: Target | undefined;
  if (typeof given === 'string' && kind !== 'sql') {
    problems.within(section.placeOf(kind), () => {
      target = targetOf(given.startsWith('arn:') ? given : `${kind}:${given}`, scope);
      if (target.kind !== kind) throw new LanguageError(`this is the ARN of another service than ${kind}`);
    });
    return target;
  }
  const inner = section.section(kind);
  if (!inner) return undefined;
  target = readers[kind](inner, context);
  inner.done();
  return target;
}

/** Reads a member that names the target, in one of its forms. */
function named(inner: Section, member: string, kind: Kind, context: ReadingContext): Target | undefined {
  inner.require(member);
  const name = inner.text(member);
  if (name === undefined) return undefined;
  let target: Target | undefined;
  context.problems.within(inner.placeOf(member), () => {
    target = targetOf(name.startsWith('arn:') ? name : `${kind}:${name}`, context.scope);
    if (target.kind !== kind) throw new LanguageError(`this is the ARN of another service than ${kind}`);
  });
  return target;
}

const readers: Readonly<Record<Kind, (inner: Section, context: ReadingContext) => Target | undefined>> = {
  lambda(inner, context) {
    const target = named(inner, 'function', 'lambda', context);
    const reportsItemFailures = inner.flag('reportItemFailures') ?? false;
    return target?.kind === 'lambda' ? { ...target, reportsItemFailures } : undefined;
  },
  dynamodb(inner, context) {
    const target = named(inner, 'table', 'dynamodb', context);
    const row = readRow(inner, context.problems);
    const sequenceAttribute = inner.text('sequenceAttribute', { most: 255 });
    if (target?.kind !== 'dynamodb') return undefined;
    return { ...target, row, ...(sequenceAttribute !== undefined && { sequenceAttribute }) };
  },
  sql(inner, { problems, secrets }) {
    for (const member of ['url', 'table']) inner.require(member);
    const given = inner.text('url');
    const says = 'It must be the name of a table, or of one in a schema, as in shop.carts.';
    const table = inner.text('table', { pattern: SQL_TABLE, says });
    const row = readRow(inner, problems);
    const sequenceColumn = inner.text('sequenceColumn', { most: 64 });
    let url: string | undefined;
    if (given !== undefined) {
      problems.within(inner.placeOf('url'), () => {
        url = resolveUrl(given, secrets);
        if (!SQL_URL.test(url) || !URL.canParse(url)) {
          throw new LanguageError('it must be a URL of postgres://, mysql:// or mariadb://');
        }
      });
    }
    if (url === undefined || table === undefined) return undefined;
    return { kind: 'sql', url, table, row, ...(sequenceColumn !== undefined && { sequenceColumn }) };
  },
  sns: (inner, context) => named(inner, 'topic', 'sns', context),
  sqs: (inner, context) => named(inner, 'queue', 'sqs', context),
};

const MOST_COLUMNS = 500;

function readRow(inner: Section, problems: Problems): RowShape {
  const key = inner.map('key', 16) ?? {};
  const columns = inner.map('columns', MOST_COLUMNS);
  for (const [member, paths] of Object.entries({ key, columns: columns ?? {} })) {
    for (const [name, path] of Object.entries(paths)) {
      const place: Place = [...inner.placeOf(member), name];
      problems.within(place, () => {
        const [first] = readPath(path);
        if (member === 'key' && !KEY_MEMBERS.has(String(first))) {
          throw new LanguageError(
            `a deleted key has no value, so the row's key is made of ${listText([...KEY_MEMBERS].map((one) => `$.${one}`))}`,
          );
        }
      });
    }
  }
  return { key, ...(columns && { columns }) };
}

const KEY_MEMBERS: ReadonlySet<string> = new Set(['key', 'database', 'cache']);

/** Where a mapping's dead letters go: an ARN, or `sqs` or `sns` with an ARN or a name. */
export function readDeadLetters(mapping: Section, context: ReadingContext): Mapping['deadLetters'] {
  const given = mapping.get('deadLetters');
  if (given === undefined) return undefined;
  let deadLetters: Mapping['deadLetters'];
  if (typeof given === 'string') {
    context.problems.within(
      mapping.placeOf('deadLetters'),
      () => (deadLetters = deadLettersOf(given, context.scope)),
    );
    return deadLetters;
  }
  const section = mapping.section('deadLetters');
  if (!section) return undefined;
  const kinds = (['sqs', 'sns'] as const).filter((kind) => section.has(kind));
  section.done();
  if (kinds.length !== 1) {
    context.problems.add(section.place, 'It must have one member, which is sqs or sns.');
    return undefined;
  }
  const [kind] = kinds;
  const name = section.text(kind!);
  if (name === undefined) return undefined;
  context.problems.within(section.placeOf(kind!), () => {
    deadLetters = deadLettersOf(name.startsWith('arn:') ? name : `${kind}:${name}`, context.scope);
  });
  return deadLetters;
}

function deadLettersOf(text: string, scope?: Scope): Mapping['deadLetters'] {
  const arn = parseArn(text);
  const kind = arn?.service ?? text.slice(0, text.indexOf(':'));
  if (kind !== 'sqs' && kind !== 'sns')
    throw new LanguageError('dead letters go to the ARN of a queue or a topic');
  const name = arn?.resource ?? text.slice(text.indexOf(':') + 1);
  if (name.endsWith('.fifo')) {
    // AWS: destinations of event source mappings are standard queues and topics.
    throw new LanguageError('dead letters go to a standard queue or topic, not to a FIFO one');
  }
  if (!TOPIC_NAME.test(name))
    throw new LanguageError(`'${name.slice(0, 200)}' is no name or ARN of a queue or a topic`);
  if (!arn && !scope) throw new LanguageError('dead letters go to the ARN of a queue or a topic');
  return { kind, arn: arn ? text : renderArn(kind, scope!, name) };
}

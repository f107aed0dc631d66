// The variables of containers whose values are elsewhere: secrets in Parameter Store, environment files in S3. They are read
// when the task starts, and no record has them.

import { parseArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import type { Callees } from '../context.ts';
import type { TaskContainer } from '../domain/model.ts';
import { EnvironmentFileError } from './reasons.ts';

/** Variables by the name of the container. */
export type FoundVariables = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** AWS: the most names of a GetParameters. */
const MOST_NAMES = 10;
const MOST_FILES = 10;
const MOST_FILE_BYTES = 1024 * 1024;

/** Rejects with an error that names what is missing. */
export async function readVariables(
  callees: Pick<Callees, 'ssm' | 's3'>,
  scope: Scope,
  containers: readonly TaskContainer[],
): Promise<FoundVariables> {
  const names = containers.flatMap(({ definition }) =>
    (definition.secrets ?? []).map(({ valueFrom }) => valueFrom!),
  );
  const values = await parametersOf(callees, scope, [...new Set(names)]);
  const found = new Map<string, Record<string, string>>();
  for (const { name, definition } of containers) {
    const fromFiles = await fileVariables(callees, scope, definition.environmentFiles ?? []);
    // AWS: variables of the definition take precedence over those of files.
    const own = new Set((definition.environment ?? []).map((one) => one.name));
    const variables = Object.fromEntries(fromFiles.filter(([variable]) => !own.has(variable)));
    for (const secret of definition.secrets ?? []) variables[secret.name!] = values.get(secret.valueFrom!)!;
    found.set(name, variables);
  }
  return found;
}

async function parametersOf(
  { ssm }: Pick<Callees, 'ssm'>,
  scope: Scope,
  given: readonly string[],
): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  const byRegion = Map.groupBy(given, (one) => parseArn(one)?.region ?? scope.region);
  for (const [region, all] of byRegion) {
    for (let first = 0; first < all.length; first += MOST_NAMES) {
      const wanted = all.slice(first, first + MOST_NAMES);
      const nameOf = new Map(wanted.map((one) => [parameterName(one), one]));
      const answer = await ssm.call(
        'GetParameters',
        { Names: [...nameOf.keys()], WithDecryption: true },
        { ...scope, region },
      );
      const missing = answer.InvalidParameters ?? [];
      if (missing.length > 0) throw new Error(`Invalid parameters: ${missing.join(', ')}`);
      for (const { Name, Value, Selector } of answer.Parameters ?? []) {
        const asked = nameOf.get(`${Name}${Selector ?? ''}`) ?? nameOf.get(Name ?? '');
        if (asked !== undefined) values.set(asked, Value ?? '');
      }
    }
  }
  return values;
}

/** `arn:aws:ssm:REGION:ACCOUNT:parameter/a/b` is the parameter `/a/b`, or `a` without a further slash. */
function parameterName(given: string): string {
  const path = parseArn(given)?.resource.replace(/^parameter/, '');
  if (path === undefined) return given;
  return path.indexOf('/', 1) < 0 ? path.slice(1) : path;
}

async function fileVariables(
  { s3 }: Pick<Callees, 's3'>,
  scope: Scope,
  files: readonly { value?: string | undefined }[],
): Promise<[string, string][]> {
  const variables: [string, string][] = [];
  for (const { value = '' } of files.slice(0, MOST_FILES)) {
    try {
      const [, Bucket, Key] = /^arn:[^:]+:s3:::([^/]+)\/(.+)$/.exec(value) ?? [];
      if (Bucket === undefined || Key === undefined)
        throw new Error(`${value} is not the ARN of an object of S3`);
      const { Body } = await s3.call(
        'GetObject',
        { Bucket, Key, Range: `bytes=0-${MOST_FILE_BYTES - 1}` },
        scope,
      );
      variables.push(...linesOf(Buffer.from((Body ?? '') as Uint8Array).toString('utf8')));
    } catch (error) {
      throw new EnvironmentFileError('An environment file cannot be read.', { cause: error });
    }
  }
  return variables;
}

/** AWS: `VARIABLE=VALUE` on each line, verbatim; lines that begin with # are comments. */
const linesOf = (text: string): [string, string][] =>
  text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    return line.startsWith('#') || at < 1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1)]];
  });

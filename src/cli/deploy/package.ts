// Packages a template: uploads the nested templates and code that it names by paths and replaces the paths, as `aws
// cloudformation package` does.

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { OperationalError, systemCode } from '../../kernel/errors.ts';
import { archiveOf } from './archive.ts';
import type { Upload, UploadedObject } from './bucket.ts';
import { excerpt } from './excerpt.ts';
import { type LocalPath, type Place, readTemplate, withReplacements } from './template-paths.ts';

/** A template that is ready for CloudFormation. */
export interface PackagedTemplate {
  /** The path as the user would write it. */
  file: string;
  /** The text of the file. */
  source: string;
  /** The text with its paths replaced, with the same line numbers. */
  text: string;
  parameters: readonly string[];
  /** The place of each resource. */
  resources: ReadonlyMap<string, Place>;
  /** By the logical id of the nested stack. */
  nested: ReadonlyMap<string, PackagedTemplate>;
}

/** AWS: the largest template in a request, in bytes; a larger one must be in S3. */
export const MAX_BODY_BYTES = 51_200;
const MAX_TEMPLATE_BYTES = 1_048_576;

/** Packages a template file. Throws InvalidOption with file, line and column for paths that cannot be read. */
export async function packageTemplate(
  file: string,
  upload: Upload,
  region: string,
): Promise<PackagedTemplate> {
  const packaged = new Map<string, Promise<PackagedTemplate>>();
  return await packageFile(file, []);

  async function packageFile(path: string, around: readonly string[]): Promise<PackagedTemplate> {
    const source = await readText(path);
    const { localPaths, ...facts } = readTemplate(source);
    const nested = new Map<string, PackagedTemplate>();
    const replacements = new Map<LocalPath, string | Record<string, string>>();
    for (const local of localPaths) {
      const target = resolve(dirname(path), local.path);
      try {
        if (local.form === 'template') {
          const inner = await packageOnce(target, [...around, resolve(path)]);
          nested.set(local.logicalId, inner);
          replacements.set(local, urlOf(await upload(Buffer.from(inner.text), 'template'), region));
        } else {
          replacements.set(local, locationOf(await upload(await archiveOf(target), 'zip'), local.form));
        }
      } catch (error) {
        throw at(error, path, source, local);
      }
    }
    return { file: path, source, text: withReplacements(source, replacements), nested, ...facts };
  }

  function packageOnce(path: string, around: readonly string[]): Promise<PackagedTemplate> {
    if (around.includes(path)) {
      throw new OperationalError('InvalidOption', `${path} is nested in itself.`);
    }
    const known = packaged.get(path) ?? packageFile(path, around);
    packaged.set(path, known);
    return known;
  }
}

async function readText(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const reason = (error as Error).message;
    const sentence =
      systemCode(error) === 'ENOENT' ? `There is no ${path}.` : `Cannot read ${path}: ${reason}.`;
    throw new OperationalError('InvalidOption', sentence, error);
  }
  if (Buffer.byteLength(text) <= MAX_TEMPLATE_BYTES) return text;
  throw new OperationalError('InvalidOption', `${path} is larger than ${MAX_TEMPLATE_BYTES} bytes.`);
}

/** The HTTPS URL of an object. */
export const urlOf = ({ bucket, key }: UploadedObject, region: string): string =>
  `https://s3.${region}.amazonaws.com/${bucket}/${key}`;

const locationOf = ({ bucket, key }: UploadedObject, form: 'uri' | 'object') =>
  form === 'uri' ? `s3://${bucket}/${key}` : { S3Bucket: bucket, S3Key: key };

/** The same error with the place of the path. */
function at(error: unknown, file: string, source: string, local: LocalPath): unknown {
  if (!(error instanceof OperationalError)) return error;
  const what = `${local.logicalId}.${local.property} is ${JSON.stringify(local.path)}.`;
  const shown = excerpt({ file, source, place: local.place });
  return new OperationalError(error.code, `${error.message}\n${what}\n${shown}`, error);
}

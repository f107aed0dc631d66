// A feed as commands ask for it: by a YAML file, or by a few words.

import type { Scope } from '../../../aws/scope.ts';
import type { FeedConfiguration } from '../../../feed/configuration/configuration.ts';
import { LanguageError } from '../../../feed/configuration/path.ts';
import { readShortForm } from '../../../feed/configuration/read-configuration.ts';
import { ConfigurationError } from '../../../feed/configuration/reading.ts';
import { readYamlFile } from '../../../feed/configuration/yaml-file.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import type { FeedRequest } from '../../../status.ts';

/** Throws InvalidOption with what is wrong. */
export function configurationOf(request: FeedRequest, scope: Scope): FeedConfiguration {
  return readOrRefuse(() => (request.file ? fromFile(request, scope) : fromWords(request, scope)));
}

/** What the reader returns. Throws InvalidOption for what it refuses. */
export function readOrRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof LanguageError)) throw error;
    throw invalid(error.message);
  }
}

const invalid = (message: string) => new OperationalError('InvalidOption', message);

function fromFile({ file, name, secrets, ...words }: FeedRequest, scope: Scope): FeedConfiguration {
  for (const word of ['cache', 'to', 'keys', 'value'] as const) {
    if (words[word] !== undefined) throw invalid(`A feed from a file says ${word} in the file.`);
  }
  const read = readYamlFile(file!.text, file!.name, {
    ...{ scope, ...(name !== undefined && { name }) },
    secrets: {
      env: (variable) => secrets?.env[variable],
      file: (path) => secrets?.files[path],
    },
  });
  if (name !== undefined && name.toLowerCase() !== read.name.toLowerCase()) {
    throw invalid(`The feed is ${name} here and ${read.name} in the file: give one name.`);
  }
  return read;
}

function fromWords(request: FeedRequest, scope: Scope): FeedConfiguration {
  const { name, cache, to, keys, value, isUpdate } = request;
  // An update replaces the feed as a whole.
  const all = isUpdate ? ' An update says the whole feed again.' : '';
  if (!name) throw invalid('A feed needs a name: millpond feed create NAME, or name in its file.');
  if (!cache) throw invalid(`A feed needs a cache: --cache ID.${all}`);
  if (!to) throw invalid(`A feed needs a target: --to lambda:FUNCTION.${all}`);
  if (value !== undefined && value !== 'after' && value !== 'none')
    throw invalid('--value is after or none.');
  const read = readShortForm(to, name, cache.toLowerCase(), scope);
  return {
    ...read,
    ...(value !== undefined && { value }),
    ...(keys?.length && { mappings: read.mappings.map((mapping) => ({ ...mapping, keys })) }),
  };
}

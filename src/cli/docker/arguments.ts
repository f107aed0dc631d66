// Maps the arguments of a `docker` command: names of ECR's registries become names at the API's own port, because the
// daemon resolves names itself, and does not know Millpond's. Pure.

import { parseAwsHost } from '../../aws/hosts.ts';

/** Docker's global options that take a value. */
const WITH_VALUE = new Set([
  ...['--config', '-c', '--context', '-H', '--host', '-l', '--log-level'],
  ...['--tlscacert', '--tlscert', '--tlskey'],
]);
/** They are given a registry, not an image. */
const OF_REGISTRIES = new Set(['login', 'logout']);
/** Their first name is the image; what follows it is the command in the container. */
const WITH_COMMAND = new Set(['run', 'create']);
/** They name no image. */
const WITHOUT_IMAGES = new Set(['exec', 'cp', 'logs']);
const OPTION = /^(--?[a-z-]+=)(.*)$/s;

/**
 * The arguments for the real `docker`. `registry` is Millpond's API, as `localhost:4566`. The repository of another
 * account or region stays one of its own: `localhost:4566/ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`.
 */
export function mapArguments(given: readonly string[], registry: string): string[] {
  const at = indexOfCommand(given);
  const words = given.slice(at);
  // `docker image push`, `docker container run`.
  const command = ['image', 'container', 'buildx', 'manifest'].includes(words[0] ?? '') ? words[1] : words[0];
  if (command === undefined || WITHOUT_IMAGES.has(command)) return [...given];
  if (OF_REGISTRIES.has(command)) {
    return [...given.slice(0, at), ...words.map((word) => (isRegistry(word) ? registry : word))];
  }
  if (WITH_COMMAND.has(command)) {
    const image = words.findIndex(isImage);
    return [...given.slice(0, at), ...words.map((word, index) => (index === image ? mapped(word) : word))];
  }
  return [...given.slice(0, at), ...words.map(mapped)];

  function mapped(word: string): string {
    const [, option = '', value = word] = OPTION.exec(word) ?? [];
    return isImage(value) ? `${option}${registry}/${value}` : word;
  }
}

function indexOfCommand(given: readonly string[]): number {
  let index = 0;
  while (given[index]?.startsWith('-')) index += WITH_VALUE.has(given[index]!) ? 2 : 1;
  return index;
}

/** `ACCOUNT.dkr.ecr.REGION.amazonaws.com`, with or without `https://` and a slash. */
const isRegistry = (word: string): boolean => isHost(word.replace(/^https?:\/\//, '').replace(/\/$/, ''));

/** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME…`. */
function isImage(word: string): boolean {
  const slash = word.indexOf('/');
  return slash > 0 && isHost(word.slice(0, slash));
}

const isHost = (text: string): boolean => parseAwsHost(text)?.accountId !== undefined;

// `millpond feed create|update|list|status|delete`: feeds, which carry changes of caches to functions, tables, topics and
// queues.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseConfig } from '../config.ts';
import { hostFailure, OperationalError } from '../kernel/errors.ts';
import type { FeedRequest, FeedView } from '../status.ts';
import { type CliContext, print } from './context.ts';
import type { DataDirFlags } from './flags.ts';
import { requestOwn } from './own-request.ts';
import { callerOf } from './query-request.ts';
import { fetchStatus, runningInstance } from './running.ts';

/** The flags of `feed create` and `feed update`. */
export interface FeedFlags extends DataDirFlags {
  cache?: string;
  to?: string;
  keys?: readonly string[];
  value?: string;
  file?: string;
  region?: string;
}

/** The flags of `feed list` and `feed status`. */
export interface FeedStatusFlags extends DataDirFlags {
  json?: boolean;
  watch?: boolean;
}

/** A feed answers when it runs, or when it is known why it does not. */
const RUNS_WITHIN_MS = 45_000;
const WATCH_MS = 500;

/** Resolves when the feed runs. Throws CommandFailed with why it does not. */
export async function makeFeed(
  context: CliContext,
  flags: FeedFlags,
  name: string | undefined,
  isUpdate: boolean,
): Promise<void> {
  const { dataDir, file, region, ...words } = flags;
  const { url, caller } = await reach(context, dataDir, region);
  const request: FeedRequest = {
    ...caller,
    ...{ name, ...words, isUpdate },
    ...(file !== undefined && fileWithSecrets(file, context.env)),
  };
  const made = (await requestOwn(url, 'POST', 'feeds', request, RUNS_WITHIN_MS)) as FeedView;
  print(`The feed ${made.name} runs: ${made.source} to ${made.targets.join(', ')}.`);
}

/** Throws CommandFailed when there is none of this name. */
export async function deleteFeed(
  context: CliContext,
  { dataDir, region }: DataDirFlags & { region?: string },
  name: string,
): Promise<void> {
  const { url, caller } = await reach(context, dataDir, region);
  const query = new URLSearchParams({ ...caller });
  await requestOwn(url, 'DELETE', `feeds/${encodeURIComponent(name)}?${query}`);
  print(`The feed ${name} is deleted.`);
}

/** One line for each feed. */
export async function listFeeds(context: CliContext, { dataDir, json }: FeedStatusFlags): Promise<void> {
  const feeds = await feedsAt(context, dataDir);
  if (json) return print(JSON.stringify(feeds, undefined, 2));
  if (feeds.length === 0) return print('There are no feeds.');
  for (const feed of feeds) print(feedLine(feed));
}

const changes = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`;

/** A feed in a line. */
export const feedLine = ({ name, source, targets, status, by }: FeedView): string =>
  `${name}   ${status.state}   ${source} to ${targets.join(', ')}   ${changes(status.lagChanges)} behind   (by ${by})`;

/** What feeds do; with `watch`, again and again until it is interrupted. Throws CommandFailed for an unknown name. */
export async function showFeeds(
  context: CliContext,
  { dataDir, json, watch }: FeedStatusFlags,
  name: string | undefined,
): Promise<void> {
  const redraws = watch && !json && process.stdout.isTTY && process.env.TERM !== 'dumb';
  let [drawn, before] = [0, new Map<string, number>()];
  let at = performance.now();
  for (;;) {
    const all = await feedsAt(context, dataDir);
    const feeds = name === undefined ? all : all.filter((feed) => feed.name === name.toLowerCase());
    if (name !== undefined && feeds.length === 0) {
      throw new OperationalError('CommandFailed', `There is no feed ${JSON.stringify(name)}.`);
    }
    const now = performance.now();
    const perSecond = (feed: FeedView) => {
      const last = before.get(feed.name);
      return last === undefined ? undefined : ((feed.status.delivered - last) / (now - at)) * 1000;
    };
    const text = json
      ? JSON.stringify(feeds, undefined, watch ? undefined : 2)
      : feeds.map((feed) => renderFeed(feed, perSecond(feed))).join('\n\n') || 'There are no feeds.';
    // Up to the first line of the last drawing, and clear from there.
    if (redraws && drawn > 0) process.stdout.write(`\x1b[${drawn}F\x1b[0J`);
    print(text);
    if (!watch) return;
    drawn = text.split('\n').length;
    before = new Map(feeds.map((feed) => [feed.name, feed.status.delivered]));
    at = now;
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  }
}

/** Lines of text. `perSecond`: deliveries, when known. */
export function renderFeed(
  { name, source, kind, targets, by, status }: FeedView,
  perSecond?: number,
): string {
  const { lagChanges, lagSeconds, read, delivered, retried, dead, mappings, details } = status;
  const rate = perSecond === undefined ? '' : `   ${Math.round(perSecond)}/s`;
  const pid = status.pid === undefined ? '' : `   pid ${status.pid}`;
  const lines = [
    `${name}   ${status.state}   ${source} (${kind}) to ${targets.join(', ')}   (by ${by})${pid}`,
    `  lag            ${changes(lagChanges)}, ${lagSeconds.toFixed(1)} s`,
    `  read           ${read}`,
    `  delivered      ${delivered}${rate}`,
    `  retried        ${retried}`,
    `  dead           ${dead}`,
  ];
  if (mappings.length > 1) {
    for (const each of mappings) {
      const { delivered, retried, dead } = each;
      lines.push(`  ${each.name.padEnd(14)} ${delivered} delivered, ${retried} retried, ${dead} dead`);
    }
  }
  for (const detail of details) lines.push(`  ${detail}`);
  return lines.join('\n');
}

async function feedsAt(context: CliContext, dataDir: string | undefined): Promise<FeedView[]> {
  const instance = runningInstance(parseConfig({ dataDir }, context.env).dataDir);
  const { feeds } = (await requestOwn(instance.listening.url, 'GET', 'feeds')) as { feeds: FeedView[] };
  return feeds;
}

async function reach(context: CliContext, dataDir: string | undefined, region: string | undefined) {
  const instance = runningInstance(parseConfig({ dataDir }, context.env).dataDir);
  const own = region ?? (await fetchStatus(instance)).region;
  return { url: instance.listening.url, caller: callerOf(context.env, region, own) };
}

/** What a file's `${env:NAME}`, `${file:PATH}` and `functionCfg: PATH` stand for. */
const REFERENCE = /\$\{(env|file):([^{}\n]{1,1000})\}/g;
const FUNCTION_FILE = /^\s*functionCfg:\s*["']?([^"'|\n]{1,1000}?)["']?\s*$/gm;

/** References are resolved here: neither this command's variables nor its directory are Millpond's. */
function fileWithSecrets(file: string, env: NodeJS.ProcessEnv): Pick<FeedRequest, 'file' | 'secrets'> {
  const text = textOf(file);
  const secrets: NonNullable<FeedRequest['secrets']> = { env: {}, files: {} };
  for (const [, kind, name] of text.matchAll(REFERENCE)) {
    if (kind === 'file') secrets.files[name!] = textOf(beside(file, name!));
    else if (env[name!] !== undefined) secrets.env[name!] = env[name!]!;
  }
  for (const [, name] of text.matchAll(FUNCTION_FILE)) secrets.files[name!] = textOf(beside(file, name!));
  return { file: { name: file, text }, secrets };
}

/** Paths in a file are relative to it. */
const beside = (file: string, path: string): string => (file === '-' ? path : resolve(dirname(file), path));

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const text = isMissing ? `There is no file ${file}.` : (error as Error).message;
    throw hostFailure(error, `${file} cannot be read`) ?? new OperationalError('InvalidOption', text, error);
  }
}

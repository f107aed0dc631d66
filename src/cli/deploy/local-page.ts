// Outputs of stacks whose value is an address of AWS's console: the page that Millpond has in its place. Pure.

import { accountOfAccessKey } from '../../aws/access-key.ts';
import { consolePlaceOf, pageOf } from '../../aws/console-address.ts';
import { DEFAULT_ACCOUNT_ID } from '../../aws/scope.ts';
import type { Caller } from '../query-request.ts';
import type { Stack } from './stacks.ts';

/** Finds the page of this Millpond for an address; `undefined` for addresses that it has no page for. */
export type LocalPages = (address: string) => string | undefined;

/** `url` is that of the API. The pages show the account of the caller, which owns the stacks. */
export function localPages(url: string, caller: Caller): LocalPages {
  const account = accountOfAccessKey(caller.accessKeyId);
  return (address) => {
    const place = consolePlaceOf(address);
    return place && `${url}${pageOf(place, account === DEFAULT_ACCOUNT_ID ? undefined : account)}`;
  };
}

/** A table of names and values, with the local page below each address of AWS's console; empty without outputs. */
export function renderOutputs({ outputs }: Pick<Stack, 'outputs'>, pageOfAddress: LocalPages): string {
  const width = Math.max(...outputs.map(({ name }) => name.length), 0);
  return outputs
    .flatMap(({ name, value }) => {
      const page = pageOfAddress(value);
      const lines = [`  ${name.padEnd(width)}  ${value}`];
      return page === undefined ? lines : [...lines, `  ${' '.repeat(width)}  here: ${page}`];
    })
    .join('\n');
}

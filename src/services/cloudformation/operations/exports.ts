// ListExports and ListImports.

import { validationError } from '../faults.ts';
import { PAGE, pagesOfList } from '../pages.ts';
import type { Operation } from '../sdk.ts';
import { exportsOf, importersOf } from '../stack/lookup.ts';

const exportPages = pagesOfList('exports');
const importPages = pagesOfList('imports');

export const ListExports: Operation<'ListExports'> = async (cf, input, context) => {
  const request = { limit: PAGE, token: input.NextToken };
  const page = await exportPages.ofIndex(cf.records.stacks, context, 'export', request);
  return {
    Exports: page.items.map(({ key, value: stack }) => ({
      ExportingStackId: stack.stackId,
      Name: key,
      Value: exportsOf(stack).find(({ name }) => name === key)!.value,
    })),
    NextToken: page.token,
  };
};

/** AWS: an export that no stack imports answers ValidationError. */
export const ListImports: Operation<'ListImports'> = (cf, input, context) => {
  const importers = importersOf(cf.records, context, input.ExportName).sort();
  if (importers.length === 0)
    throw validationError(`Export '${input.ExportName}' is not imported by any stack.`);
  const page = importPages.ofSorted(importers, (name) => name, { limit: PAGE, token: input.NextToken });
  return { Imports: page.items, NextToken: page.token };
};

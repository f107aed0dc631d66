// ListExports and ListImports.

import { validationError } from '../faults.ts';
import { PAGE, pagesOfList } from '../pages.ts';
import type { Operation } from '../sdk.ts';
import { type Export, exportsOf, importersOf } from '../stack/lookup.ts';

const exportPages = pagesOfList('exports');
const importPages = pagesOfList('imports');

/** Exports belong to stacks, of which there are at most some thousand: they are gathered in batches and sorted. */
export const ListExports: Operation<'ListExports'> = async (cf, input, context) => {
  const found: Export[] = [];
  for await (const batch of cf.records.stacks.batches(context)) {
    for (const { value } of batch) found.push(...exportsOf(value));
  }
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = exportPages.ofSorted(found, ({ name }) => name, { limit: PAGE, token: input.NextToken });
  return {
    Exports: page.items.map(({ name, value, stackId }) => ({
      ExportingStackId: stackId,
      Name: name,
      Value: value,
    })),
    NextToken: page.token,
  };
};

export const ListImports: Operation<'ListImports'> = (cf, input, context) => {
  const importers = importersOf(cf.records, context, input.ExportName).sort();
  if (importers.length === 0)
    throw validationError(`Export '${input.ExportName}' is not imported by any stack.`);
  const page = importPages.ofSorted(importers, (name) => name, { limit: PAGE, token: input.NextToken });
  return { Imports: page.items, NextToken: page.token };
};

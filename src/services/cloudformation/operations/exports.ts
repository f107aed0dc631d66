// ListExports and ListImports.

import { pageOf } from '../../../kernel/paging.ts';
import type { CloudFormation, Operation } from '../cloudformation.ts';
import { validationError } from '../faults.ts';
import { exportsOf, importersOf } from '../stack/lookup.ts';

const PAGE = 100;

export const listExports =
  (cf: CloudFormation): Operation<'ListExports'> =>
  (input, context) => {
    const names = [...exportsOf(cf.records, context)].sort(([a], [b]) => (a < b ? -1 : 1));
    const page = pageOf(names, ([name]) => name, PAGE, input.NextToken);
    return {
      Exports: page.items.map(([Name, { value, stackId }]) => ({
        ExportingStackId: stackId,
        Name,
        Value: value,
      })),
      NextToken: page.marker,
    };
  };

export const listImports =
  (cf: CloudFormation): Operation<'ListImports'> =>
  (input, context) => {
    const importers = importersOf(cf.records, context, input.ExportName);
    if (importers.length === 0)
      throw validationError(`Export '${input.ExportName}' is not imported by any stack.`);
    const page = pageOf(importers.sort(), (name) => name, PAGE, input.NextToken);
    return { Imports: page.items, NextToken: page.marker };
  };

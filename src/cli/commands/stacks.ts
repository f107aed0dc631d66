// The commands about stacks and their outputs.

import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.ts';
import type { DeployFlags } from '../deploy.ts';
import { DATA_DIR, type DataDirFlags, flag, REGION, value, word } from '../flags.ts';
import type { OpenFlags } from '../open.ts';

export const stackRoutes = {
  deploy: buildCommand({
    docs: {
      brief: 'Create or update a CloudFormation stack from a template',
      fullDescription:
        'Makes or changes a stack and waits for its end. Nested templates and code that the template names by paths are uploaded first; all capabilities are acknowledged; parameters that are not given keep their values. Exits with 1 when the stack fails, and says why.',
    },
    parameters: {
      flags: {
        stackName: value("The stack (default: the file's name, or its folder's)", 'NAME'),
        parameter: {
          ...value('A parameter of the template; may be repeated', 'NAME=VALUE'),
          variadic: true as const,
        },
        watch: flag('Show every resource, even if the output is not a terminal'),
        ...REGION,
        ...DATA_DIR,
      },
      positional: { kind: 'tuple', parameters: [word('The template: YAML or JSON', 'template')] },
    },
    loader: async () => {
      const { deploy } = await import('../deploy.ts');
      return function (this: CliContext, flags: DataDirFlags & DeployFlags, template: string) {
        return deploy(this, flags, template);
      };
    },
  }),
  open: buildCommand({
    docs: {
      brief: 'Open the dashboard, or another address, that is an output of a stack',
      fullDescription:
        "Prints where an output of a stack leads on this machine, and opens it in the browser where there is one. For a dashboard of AWS's console it is the page on which Millpond draws it. Without an output it is the list of dashboards.",
    },
    parameters: {
      flags: {
        stackName: value('The stack (default: the only one with this output)', 'NAME'),
        print: flag('Only print the address'),
        ...REGION,
        ...DATA_DIR,
      },
      positional: {
        kind: 'tuple',
        parameters: [{ ...word('The name of the output', 'output'), optional: true as const }],
      },
    },
    loader: async () => {
      const { open } = await import('../open.ts');
      return function (this: CliContext, flags: DataDirFlags & OpenFlags, output?: string) {
        return open(this, flags, output);
      };
    },
  }),
};

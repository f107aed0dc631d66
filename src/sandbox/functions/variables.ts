// How a function's variables reach it without being seen by others and without reaching what runs before it. A command
// line can be read by everybody; a linker's variables would take effect in the programs that build the sandbox, with
// their privileges. So each travels as the value of a numbered variable, and a shell that holds no privileges any more
// gives it its own name. Pure.

export interface HandedOver {
  /** What the first program is given. */
  environment: Record<string, string>;
  /** What stands before the command: the last shell. */
  shell: [string, ...string[]];
}

const CARRIER = 'MILLPOND_VARIABLE_';
const NAME = /^[A-Za-z_]\w*$/;
/** Shells keep these for themselves, or take only numbers for them. */
const OF_THE_SHELL =
  /^(BASH\w*|BASHPID|DIRSTACK|EPOCH\w+|E?UID|FUNCNAME|GROUPS|HISTCMD|LINENO|OPTIND|PPID|RANDOM|SECONDS|SHELLOPTS|SRANDOM)$/;

/**
 * `then` is shell text, constant: `exec "$@"` or the like. Names that no shell could set are left out; those that shells
 * keep for themselves go by `env`, whose arguments can be seen.
 */
export function handOver(variables: Readonly<Record<string, string>>, then: string): HandedOver {
  const environment: Record<string, string> = {};
  const direct: string[] = [];
  for (const [name, value] of Object.entries(variables)) {
    if (!NAME.test(name)) continue;
    if (OF_THE_SHELL.test(name)) direct.push(`${name}=${value}`);
    else environment[`${CARRIER}${Object.keys(environment).length}`] = `${name}=${value}`;
  }
  const carriers = Object.keys(environment);
  const naming =
    carriers.length > 0
      ? `export ${carriers.map((each) => `"$${each}"`).join(' ')} 2>/dev/null; unset OLDPWD ${carriers.join(' ')}; `
      : 'unset OLDPWD; ';
  const shell: [string, ...string[]] = ['/bin/sh', '-c', naming + then, 'millpond-function'];
  return { environment, shell: direct.length > 0 ? [...shell, '/usr/bin/env', ...direct] : shell };
}

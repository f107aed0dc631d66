// Passes variables to a function so that neither other users nor the programs that start the sandbox see them.
// Command lines are public, and a linker's variables would affect the privileged programs that build the sandbox. So
// each variable is passed as the value of a numbered variable, and a shell without privileges restores its name.
// Pure.

/** How to start a command with the variables. */
export interface HandedOver {
  /** The environment of the first program. */
  environment: Record<string, string>;
  /** The command prefix: the last shell. */
  shell: [string, ...string[]];
}

/** The file descriptor whose first line, where it waits, lets the command start. */
export const START = 3;
const CARRIER = 'MILLPOND_VARIABLE_';
const NAME = /^[A-Za-z_]\w*$/;
/** Shells reserve these names or accept only numbers for them. */
const OF_THE_SHELL =
  /^(BASH\w*|BASHPID|DIRSTACK|EPOCH\w+|E?UID|FUNCNAME|GROUPS|HISTCMD|LINENO|OPTIND|PPID|RANDOM|SECONDS|SHELLOPTS|SRANDOM)$/;

/**
 * `then` is constant shell text such as `exec "$@"`. With `waits`, it runs after a line on `START`, which is then closed. Names that shells cannot set are left out; names that shells
 * reserve are passed by `env`, whose arguments are visible.
 */
export function handOver(
  variables: Readonly<Record<string, string>>,
  then: string,
  waits: boolean,
): HandedOver {
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
  const waiting = waits ? `read -r _ <&${START} || exit; exec ${START}<&-; ` : '';
  const shell: [string, ...string[]] = ['/bin/sh', '-c', waiting + naming + then, 'millpond-function'];
  return { environment, shell: direct.length > 0 ? [...shell, '/usr/bin/env', ...direct] : shell };
}

// What a session runs, and with which variables: as Session Manager's agent does it on Amazon Linux. Pure.

/** AWS: where the agent's shells start. */
export const SESSION_DIRECTORY = '/usr/bin';

/** Of the AWS variables of whoever opens the session, those that are about how answers look. */
const TASTE = /^AWS_(PAGER|DEFAULT_OUTPUT|CLI_.*)$/;
/** What makes a shell look or behave as the user's own does. */
const OF_THE_USERS_SHELL = new Set([
  ...['PS1', 'PS2', 'PROMPT_COMMAND', 'PROMPT_DIRTRIM', 'ENV', 'BASH_ENV', 'BASHOPTS', 'SHELLOPTS'],
  ...['HISTFILE', 'OLDPWD', 'PWD', 'SHLVL'],
]);

export interface SessionSettings {
  hostName: string;
  region: string;
  /** Of the role's credentials: any will do, and the account is read from them. */
  accessKeyId: string;
  /** The shell's path. */
  shell: string;
}

/** The machine's tools, with the instance's name, region and credentials in place of the user's. */
export function sessionEnvironment(
  environment: NodeJS.ProcessEnv,
  { hostName, region, accessKeyId, shell }: SessionSettings,
): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name]) => !OF_THE_USERS_SHELL.has(name) && (!name.startsWith('AWS_') || TASTE.test(name)),
  );
  return {
    TERM: 'xterm-256color',
    ...Object.fromEntries(kept),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'millpond',
    HOSTNAME: hostName,
    SHELL: shell,
    // AWS: `sh-5.2$`, the shell being sh and the user ssm-user, who is not root.
    PS1: isBash(shell) ? 'sh-\\v$ ' : 'sh$ ',
    // Nothing of what is typed there belongs into the user's own history.
    HISTFILE: '',
  };
}

/** Interactive on a terminal; else the shell reads its input as a script. */
export function sessionCommand(
  shell: string,
  command: string | undefined,
  isOnTerminal: boolean,
): [string, ...string[]] {
  const bare: [string, ...string[]] = isBash(shell) ? [shell, '--noprofile', '--norc'] : [shell];
  if (command !== undefined) return [...bare, '-c', command];
  return isOnTerminal ? [...bare, '-i'] : bare;
}

const isBash = (shell: string): boolean => shell.endsWith('/bash');

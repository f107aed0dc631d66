// The command and the environment of a session, as Session Manager's agent sets them on Amazon Linux. Pure.

/** AWS: the working directory of the agent's shells. */
export const SESSION_DIRECTORY = '/usr/bin';

/** The user's AWS variables that only affect how answers are displayed. */
const DISPLAY_VARIABLES = /^AWS_(PAGER|DEFAULT_OUTPUT|CLI_.*)$/;
/** Variables that configure the user's own shell. */
const USER_SHELL_VARIABLES = new Set([
  ...['PS1', 'PS2', 'PROMPT_COMMAND', 'PROMPT_DIRTRIM', 'ENV', 'BASH_ENV', 'BASHOPTS', 'SHELLOPTS'],
  ...['HISTFILE', 'OLDPWD', 'PWD', 'SHLVL'],
]);

/** What a session is made of. */
export interface SessionSettings {
  hostName: string;
  region: string;
  /** The access key of the role; any will do, and it contains the account. */
  accessKeyId: string;
  /** The shell's path. */
  shell: string;
}

/** The environment of a session: the user's, with the instance's name, region and credentials. */
export function sessionEnvironment(
  environment: NodeJS.ProcessEnv,
  { hostName, region, accessKeyId, shell }: SessionSettings,
): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name]) => !USER_SHELL_VARIABLES.has(name) && (!name.startsWith('AWS_') || DISPLAY_VARIABLES.test(name)),
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
    // AWS: the prompt is `sh-5.2$`: the shell is sh, and the user ssm-user is not root.
    PS1: isBash(shell) ? 'sh-\\v$ ' : 'sh$ ',
    // Commands of the session must not enter the user's own history.
    HISTFILE: '',
  };
}

/** The command of a session: interactive on a terminal, else the shell reads its input as a script. */
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

// `millpond ssh-config`: prints a configuration of ssh for all instances that run.

import { type ConfigFlags, parseConfig } from '../../config.ts';
import { shellWord } from '../../kernel/command-name.ts';
import { type CliContext, print } from '../context.ts';
import { fetchStatus, runningInstance } from '../running.ts';
import { fetchSshConfig } from './fetch.ts';

/** Carries its input to the address and port that are its arguments. */
const CARRY =
  'const to=require("net").connect(+process.argv[2],process.argv[1]);process.stdin.pipe(to).pipe(process.stdout);to.on("error",()=>process.exit(1)).on("close",()=>process.exit())';

/** Throws NotRunning, TimedOut or CommandFailed. */
export async function sshConfig(context: CliContext, flags: Pick<ConfigFlags, 'dataDir'>): Promise<void> {
  const { dataDir } = parseConfig(flags, context.env);
  const running = runningInstance(dataDir);
  const { network } = await fetchStatus(running);
  print((await fetchSshConfig(running, network === 'subnets' ? carrier(dataDir) : undefined)).trimEnd());
}

/** Instances are reached from within the network, by a command of `exec`. */
function carrier(dataDir: string): string {
  const own = [process.execPath, ...process.execArgv, process.argv[1]!];
  const exec = [...own, 'exec', '--data-dir', dataDir, '--', process.execPath, '-e', CARRY];
  return `${exec.map(shellWord).join(' ').replaceAll('%', '%%')} %h %p`;
}

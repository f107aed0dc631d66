// Suggestions for the demo, as commands to copy. Pure.

import { commandOn, shellWord } from '../../kernel/command-name.ts';
import type { GroupStatus } from '../../status.ts';

/** What the commands contain. */
export interface DemoSurroundings {
  dataDir: string;
  /** The outputs of the demo stack by name; empty without a stack. */
  outputs: Readonly<Record<string, string>>;
  /** The path of the stack's template. */
  template: string | undefined;
}

/** Several lines of text. */
export function suggestions(group: GroupStatus, around: DemoSurroundings): string {
  const { dataDir, outputs, template } = around;
  const host = (endpoint: string | undefined) => endpoint?.replace(/:\d+$/, '') ?? '';
  const millpond = (words: string, rest: string) => commandOn(dataDir, words, rest);
  const inside = millpond('exec', '--');
  const { FunctionUrl, InstanceId } = outputs;
  const lines = [
    `${inside} redis-cli -h ${host(group.endpoints.primary)} set hoge foo`,
    `${inside} redis-cli -h ${host(group.endpoints.reader)} set aaa bbb   # READONLY, as on AWS`,
    `${inside} dig +noall +answer ${host(group.endpoints.primary)}`,
    FunctionUrl &&
      `curl ${FunctionUrl}   # a function that writes through the primary and reads through the reader`,
    InstanceId && `${millpond('ssm start-session', `--target ${InstanceId}`)}   # a shell on the instance`,
    `${inside} aws elasticache describe-events`,
    template &&
      `${millpond('deploy', `${shellWord(template)} --stack-name demo --parameter NumCacheClusters=3`)}   # one replica more`,
    `${millpond('drill', `${group.id} --node-group 0001`)}   # rehearse a failover`,
  ];
  return ['Try, in another terminal:', ...lines.filter(Boolean).map((line) => `  ${line}`)].join('\n');
}

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { it } from 'node:test';
import { handOver } from './variables.ts';

const VARIABLES = {
  PASSWORD: 'a "b" \'c\' $(d) `e` \\ f\n\ng\n',
  EMPTY: '',
  PATH: '/nowhere',
  IFS: 'x',
  LD_PRELOAD: '',
  http_proxy: 'http://127.0.0.1:1',
  UID: '5',
  OPTIND: 'none',
  LC_ALL: 'no_SUCH.locale',
};

for (const shell of ['/bin/sh', '/bin/bash', '/bin/dash']) {
  it(`variables reach the command unchanged, by ${shell}`, { skip: !existsSync(shell) }, () => {
    const handed = handOver({ ...VARIABLES, 'not a name': 'x' }, 'exec "$@"', false);
    const [, ...line] = handed.shell;
    for (const value of [VARIABLES.PASSWORD, VARIABLES.PATH])
      assert.ok(!line.some((each) => each.includes(value)));
    const print = ['-e', 'process.stdout.write(JSON.stringify(process.env))'];
    const { stdout } = spawnSync(shell, [...line, process.execPath, ...print], {
      env: handed.environment,
      // The name under which these programs know the standard shell.
      argv0: 'sh',
      encoding: 'utf8',
    });
    const { PWD: _, SHLVL: _1, _: _2, ...seen } = JSON.parse(stdout);
    assert.deepEqual(seen, VARIABLES);
  });
}

it('programs before the last shell see no variable by its name', () => {
  const { environment } = handOver(VARIABLES, 'exec "$@"', false);
  assert.ok(Object.keys(environment).every((name) => /^MILLPOND_VARIABLE_\d+$/.test(name)));
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { whyNoNamespace } from './why-no-namespace.ts';

const APPARMOR = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
const DEBIAN = '/proc/sys/kernel/unprivileged_userns_clone';
const USERS = '/proc/sys/user/max_user_namespaces';
const NETS = '/proc/sys/user/max_net_namespaces';
const STATUS = '/proc/self/status';
const UNFILTERED = 'Name:\tnode\nSeccomp:\t0\nSeccomp_filters:\t0\n';
const FILTERED = 'Name:\tnode\nSeccomp:\t2\nSeccomp_filters:\t1\n';
/** Root in a container: Docker's default capabilities, those with CAP_NET_ADMIN, and all. */
const DEFAULT = 'CapEff:\t00000000a80425fb\n';
const WITH_NET_ADMIN = 'CapEff:\t00000000a80435fb\n';
const ALL = 'CapEff:\t000001ffffffffff\n';
/** What an ordinary machine shows. */
const OPEN = { [DEBIAN]: '1\n', [USERS]: '63000\n', [NETS]: '63000\n', [STATUS]: UNFILTERED };

function sentence(hasUsers: boolean, files: Record<string, string>): string {
  const error = whyNoNamespace(
    'unshare: unshare failed: Operation not permitted\nmore',
    hasUsers,
    (file) => files[file],
  );
  assert.equal(error.code, 'NetworkUnavailable');
  assert.match(
    error.message,
    /^This machine allows no network of its own \(unshare: unshare failed: Operation not permitted\): .*, or use --network loopback\.$/,
  );
  return error.message;
}

describe('the reason for no namespace', () => {
  for (const [what, hasUsers, files, expected] of [
    [
      'Ubuntu’s AppArmor rule',
      true,
      { ...OPEN, [APPARMOR]: '1\n' },
      /AppArmor .*sysctl kernel\.apparmor_restrict_unprivileged_userns=0/,
    ],
    ['the rule switched off', true, { ...OPEN, [APPARMOR]: '0\n' }, /allow user namespaces to this user/],
    ['Debian’s switch', true, { ...OPEN, [DEBIAN]: '0\n' }, /sysctl kernel\.unprivileged_userns_clone=1/],
    ['no user namespaces', true, { ...OPEN, [USERS]: '0\n' }, /sysctl user\.max_user_namespaces=10000/],
    ['no network namespaces', true, { ...OPEN, [NETS]: '0\n' }, /sysctl user\.max_net_namespaces=10000/],
    [
      'no network namespaces for root',
      false,
      { ...OPEN, [NETS]: '0\n' },
      /sysctl user\.max_net_namespaces=10000/,
    ],
    [
      'Docker’s filter, for a user',
      true,
      { ...OPEN, [STATUS]: FILTERED },
      /seccomp filter.*seccomp=unconfined/,
    ],
    [
      'Docker’s filter, for root',
      false,
      { ...OPEN, [STATUS]: FILTERED + DEFAULT },
      /seccomp filter.*with `--cap-add SYS_ADMIN --cap-add NET_ADMIN`/,
    ],
    [
      'the filter and a capability, for root',
      false,
      { ...OPEN, [STATUS]: FILTERED + WITH_NET_ADMIN },
      /seccomp filter.*with `--cap-add SYS_ADMIN`/,
    ],
    [
      'only a filter, for root',
      false,
      { ...OPEN, [STATUS]: FILTERED + ALL },
      /with `--security-opt seccomp=unconfined`/,
    ],
    [
      'a setting before the filter',
      true,
      { ...OPEN, [USERS]: '0\n', [STATUS]: FILTERED },
      /max_user_namespaces/,
    ],
    [
      'root without capabilities',
      false,
      { ...OPEN, [STATUS]: UNFILTERED + DEFAULT },
      /lacks CAP_SYS_ADMIN and CAP_NET_ADMIN; start its container with `--cap-add SYS_ADMIN --cap-add NET_ADMIN`/,
    ],
    [
      'root without one of them',
      false,
      { ...OPEN, [STATUS]: UNFILTERED + WITH_NET_ADMIN },
      /lacks CAP_SYS_ADMIN; start its container with `--cap-add SYS_ADMIN`/,
    ],
    [
      'root with all of them',
      false,
      { ...OPEN, [STATUS]: UNFILTERED + ALL },
      /something forbids namespaces to root/,
    ],
    [
      'settings for users, as root',
      false,
      { ...OPEN, [APPARMOR]: '1\n', [USERS]: '0\n' },
      /lacks CAP_SYS_ADMIN/,
    ],
    ['no files at all', true, {}, /allow user namespaces to this user/],
  ] as const) {
    it(`is ${what}`, () => assert.match(sentence(hasUsers, files), expected));
  }
});

/**
 * Refuses the system call unshare to a command, as Docker's default filter does. Arguments: the number of the call, the
 * command.
 */
const FILTER = `
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
load, equal, ret = 0x20, 0x15, 0x06
code = [(load, 0, 0, 0), (equal, 0, 1, int(sys.argv[1])), (ret, 0, 0, 0x00050001), (ret, 0, 0, 0x7fff0000)]
program = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *each) for each in code))
header = ctypes.create_string_buffer(struct.pack('HxxxxxxP', len(code), ctypes.addressof(program)))
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(header), 0, 0) == 0, ctypes.get_errno()
os.execvp(sys.argv[2], sys.argv[2:])
`;
const UNSHARE_CALL: Partial<Record<NodeJS.Architecture, string>> = { x64: '272', arm64: '97' };

/** The reason as this code finds it, for a command line that runs a command under a restriction. */
function reasonUnder(restriction: readonly string[]): string {
  const world = fileURLToPath(new URL('./world.ts', import.meta.url));
  const program = `import(${JSON.stringify(world)}).then(async ({ whyNoWorld }) => console.log((await whyNoWorld())?.message))`;
  const command = [...restriction, process.execPath, '--disable-warning=ExperimentalWarning', '-e', program];
  const { stdout, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' });
  return stdout.trim() || stderr;
}

describe('a real refusal is explained', { skip: process.platform !== 'linux' && 'needs Linux' }, () => {
  it('by a seccomp filter', { skip: !UNSHARE_CALL[process.arch] && 'needs Linux on x64 or arm64' }, () => {
    const reason = reasonUnder(['python3', '-c', FILTER, UNSHARE_CALL[process.arch]!]);
    assert.match(reason, /\(unshare: unshare failed: Operation not permitted\): a seccomp filter/);
  });

  it('by capabilities', { skip: process.getuid?.() !== 0 && 'needs root' }, () => {
    const reason = reasonUnder(['setpriv', '--bounding-set=-sys_admin', '--']);
    assert.match(reason, /Operation not permitted\): this process lacks CAP_SYS_ADMIN;/);
  });

  it('by the number of user namespaces', { skip: whyNoUserNamespaces() }, () => {
    const limit =
      'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --inh-caps=-all --ambient-caps=-all "$@"';
    const reason = reasonUnder([
      ...['unshare', '--user', '--map-user=1000', '--keep-caps', '--', 'sh', '-c', limit, 'sh'],
    ]);
    assert.match(
      reason,
      /No space left on device\): their number is limited to 0.*max_user_namespaces=10000/,
    );
  });
});

function whyNoUserNamespaces(): string | false {
  const { status, stderr } = spawnSync('unshare', ['--user', '--map-root-user', 'true'], {
    encoding: 'utf8',
  });
  return status !== 0 && `needs user namespaces: ${stderr}`;
}

// A program that tests start as root or as an ordinary user: it runs functions that attack their surroundings, in the
// data directory given as its argument, and prints the results as JSON. A second argument, `subnets`, gives them
// network interfaces.

import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { openNetwork } from '../../network/open-network.ts';
import type { FunctionSpec } from './function.ts';
import type { Guard } from './isolation-types.ts';
import { createFunctions } from './pool.ts';

export interface Attacked {
  guards: readonly Guard[];
  /** By attack: the kernel's error, or what was found. */
  answer: Record<string, unknown>;
  /** The names of layers' files as the function sees them, and the victim's process before and after. */
  layers: string[];
  victim: [unknown, unknown];
  bystanderLives: boolean;
  /** Command lines of this machine that contained the victim's password. */
  told: string[];
}

export const PASSWORD = 'a "word" that\nnobody $hould `see` \\ ever';

const ATTACK = `
import ctypes, errno, fcntl, os, resource, socket, struct, subprocess

libc = ctypes.CDLL(None, use_errno=True)
MNT_DETACH, NEW_USER, NEW_NS = 2, 0x10000000, 0x20000

def said(error):
    return errno.errorcode.get(error, str(error))

def call(name, *arguments):
    ctypes.set_errno(0)
    return 'done' if getattr(libc, name)(*arguments) >= 0 else said(ctypes.get_errno())

def attempt(work):
    try:
        work()
        return 'done'
    except OSError as error:
        return said(error.errno)
    except ValueError as error:
        return str(error)

def bytes_of(path):
    try:
        with open(path, 'rb') as file:
            return file.read()
    except OSError:
        return b''

def read_of(pid):
    class Part(ctypes.Structure):
        _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
    kept = ctypes.create_string_buffer(8)
    mine, theirs = Part(ctypes.addressof(kept), 8), Part(0x400000, 8)
    return call('process_vm_readv', pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)

def in_child(work):
    ours, theirs = os.pipe()
    if os.fork() == 0:
        try:
            os.write(theirs, str(work()).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as file:
        text = file.read()
    os.wait()
    return text

def uncover(secret):
    """As root of a user namespace of its own, where that can be had."""
    if call('unshare', NEW_USER | NEW_NS) == 'done':
        for path in ('/tmp', '/var/task', '/var', '/etc', '/usr', '/proc', '/'):
            libc.umount2(path.encode(), MNT_DETACH)
        libc.chroot(b'/tmp')
        for _ in range(64):
            libc.chdir(b'..')
        libc.chroot(b'.')
    return bytes_of(secret) or 'nothing'

def change_address():
    """Gives the loopback interface another address."""
    request = struct.pack('16sH2s4s8x', b'lo', socket.AF_INET, bytes(2), socket.inet_aton('127.0.0.9'))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8916, request)

def handler(event, context):
    secret, pids = event['secret'], event['pids']
    status = dict(line.split(':', 1) for line in bytes_of('/proc/self/status').decode().splitlines())
    everyone = [name for name in os.listdir('/proc') if name.isdigit()]
    return {
        'umount': [call('umount2', path, flags) for path in (b'/tmp', b'/var/task', b'/proc', b'/') for flags in (0, MNT_DETACH)],
        'mount': [call('mount', b'none', b'/tmp', b'tmpfs', 0, None), call('mount', b'/', b'/tmp', None, 4096, None),
                  call('mount', None, b'/var/task', None, 32 | 4096, None), call('mount', None, b'/', None, 32, None)],
        'chroot': [call('chroot', b'/tmp'), call('syscall', 155, b'/tmp', b'/tmp')],
        'uncovered': in_child(lambda: uncover(secret)),
        'mknod': [attempt(lambda: os.mknod('/tmp/disk', 0o60600, os.makedev(254, 0))),
                  attempt(lambda: os.mknod('/tmp/memory', 0o20600, os.makedev(1, 1)))],
        'devices': sorted(os.listdir('/dev')),
        'ptrace': [call('ptrace', 16, pid, 0, 0) for pid in pids],
        'memory': [read_of(pid) for pid in pids],
        'kill': [attempt(lambda: os.kill(pid, 9)) for pid in pids],
        'secret': attempt(lambda: open(secret).close()),
        'seen': [name for name in everyone if event['mark'].encode() in bytes_of('/proc/%s/environ' % name)],
        'roots': [name for name in everyone + ['self'] if bytes_of('/proc/%s/root%s' % (name, secret))],
        'first': attempt(lambda: os.readlink('/proc/1/root')),
        'capabilities': [status[name].strip() for name in ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs')],
        'become': [attempt(lambda: os.setuid(0 if os.getuid() else 1)), attempt(lambda: os.setgroups([0]))],
        'setuid': subprocess.run(['su', '-s', '/bin/sh', '-c', 'id -u', 'root'], input='', capture_output=True, text=True).stdout,
        'suid mounts': [line.split()[4] for line in bytes_of('/proc/self/mountinfo').decode().splitlines()
                        if 'nosuid' not in line.split()[5] and not line.split()[4].startswith('/dev/')],
        'write': [attempt(lambda: open(path, 'w').close()) for path in ('/var/task/x', '/x', '/usr/x', '/etc/x', '/opt/x', '/var/runtime/x')],
        'kernel': [attempt(lambda: open(path, 'w').close()) for path in ('/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/proc/sys/kernel/hostname')],
        'raw socket': [attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
                       attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW))],
        'address': attempt(change_address),
        'limit': attempt(lambda: resource.setrlimit(resource.RLIMIT_NICE, (40, 40))),
        'tmp': [attempt(lambda: open('/tmp/mine', 'w').close()), sorted(os.listdir('/tmp'))],
        'others': sorted(name for name in os.listdir('/') if name in ('root', 'home', 'mnt', 'srv', 'run', 'boot')),
        'id': os.getuid(),
    }
`;
const VICTIM = `
const { readdirSync } = require('node:fs');
exports.handler = async () => ({ pid: process.pid, password: process.env.PASSWORD, layers: readdirSync('/opt') });
setInterval(() => {}, 1e6).unref();`;

const [directory = '', kind] = process.argv.slice(2);

/** Gives functions network interfaces, as the network of subnets does. */
async function openNetworkOf(functions: 'subnets') {
  const network = await openNetwork({
    ...{ dataDir: directory, kind: functions, log: silentLog },
    ...{
      processes: async () => [],
      nodeAddresses: () => new Set(),
      hostApi: () => ({ address: '', port: 0 }),
    },
  });
  const { runtime } = await network.inner!;
  return {
    functions: { runtime, inside: network.inside },
    openInterface: () => network.interfaces!.open({ securityGroupIds: [], isOperator: false }),
    stop: () => network.release('stopped'),
  };
}

const network = kind === 'subnets' ? await openNetworkOf(kind) : undefined;

async function attack(): Promise<Attacked> {
  let guards: readonly Guard[] = [];
  const functions = await createFunctions({
    ...{ clock: systemClock, log: silentLog, pythonPackages: [], hidden: [directory] },
    directory: join(directory, 'functions'),
    network: network?.functions,
    onGuards: (found) => (guards = found),
  });
  const bystander = spawn('sleep', ['600'], { stdio: 'ignore', env: { ...process.env, MARK: PASSWORD } });
  try {
    const secret = join(directory, 'secret');
    await writeFile(secret, PASSWORD);
    const layers = [
      await codeOf('layer one', { one: '', both: 'one' }),
      await codeOf('layer, two:', { two: '', both: 'two' }),
    ];
    const victim = await specOf('victim', 'nodejs24.x', { 'index.js': VICTIM }, layers);
    const before = await invoke(victim, {});
    const pids = [process.pid, bystander.pid!, await pidOf(PASSWORD)];
    const event = { secret, pids, mark: PASSWORD };
    const attacker = await specOf('attacker', 'python3.12', { 'index.py': ATTACK }, []);
    const answer = await invoke(attacker, event);
    const after = await invoke(victim, {});
    return {
      ...{ guards, answer, layers: before.layers, told: await linesWith(PASSWORD) },
      victim: [
        { pid: before.pid, password: before.password },
        { pid: after.pid, password: after.password },
      ],
      bystanderLives: bystander.exitCode === null && bystander.signalCode === null,
    };
  } finally {
    bystander.kill('SIGKILL');
    await functions.stop();
    await network?.stop();
  }

  async function invoke(spec: FunctionSpec, event: object) {
    const outcome = await functions.invoke(spec, {
      ...{ requestId: 'r', functionArn: 'a', event: Buffer.from(JSON.stringify(event)) },
    });
    return JSON.parse(outcome!.payload.toString());
  }
}

async function codeOf(name: string, files: Record<string, string>): Promise<string> {
  const code = join(directory, name);
  await mkdir(code, { mode: 0o700 });
  for (const [file, text] of Object.entries(files)) await writeFile(join(code, file), text);
  return code;
}

async function specOf(
  name: string,
  runtime: string,
  files: Record<string, string>,
  layerDirectories: string[],
): Promise<FunctionSpec> {
  return {
    ...{ key: name, runtime, handler: 'index.handler', codeDirectory: await codeOf(name, files) },
    ...{ layerDirectories, timeoutMs: 60_000, memoryBytes: 512 * 2 ** 20 },
    ...(network && { openInterface: network.openInterface }),
    variables: (): Record<string, string> => (layerDirectories.length > 0 ? { PASSWORD } : {}),
  };
}

/** Finds another process of this machine that has the text in its environment. */
async function pidOf(text: string): Promise<number> {
  for (const pid of await processes()) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(`PASSWORD=${text}`)) return Number(pid);
  }
  return process.ppid;
}

async function linesWith(text: string): Promise<string[]> {
  const lines = (await processes()).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(lines)).filter((line) => line.includes(text));
}

async function processes(): Promise<string[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
}

if (import.meta.main) process.stdout.write(JSON.stringify(await attack()));

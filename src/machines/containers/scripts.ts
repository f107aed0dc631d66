// The shell programs around a container. They use only what POSIX and util-linux have, and get everything that comes
// from outside as arguments, variables or files.

/** File descriptors of the shim. */
export const DESCRIPTORS = {
  /** Lines from Millpond: one lets the container start; its end without one lets it end. */
  go: 0,
  /** Lines to Millpond: `ns PID`, `up`, and why it failed. */
  progress: 3,
  /** The file that says who the container's first process is. */
  started: 4,
} as const;

/** Names of files in a container's own directory. */
export const FILES = {
  spec: 'spec.json',
  /** Pid and start tick of the shim. */
  shim: 'shim',
  /** A pipe without data. It is open as long as the shim runs. */
  alive: 'alive',
  /** Pid and start tick of the first process, once its program runs. */
  started: 'started',
  cgroups: 'cgroups',
  /** The exit code, and `oom` when memory was lacking. Written last, by a rename. */
  exit: 'exit',
  /** Written by Millpond before it ends the container for its memory. */
  outOfMemory: 'out-of-memory',
  output: 'output',
  taken: 'taken',
} as const;

/** The container's output is kept in files of this size until it is taken, and in no more than this. */
const CHUNK_BYTES = 1024 ** 2;
const MOST_CHUNKS = 64;

/** Deletes the oldest when there are too many, and writes one. `split` names it. */
const CHUNK_WRITER = `set -- ${FILES.output}/*; while [ $# -gt ${MOST_CHUNKS - 1} ]; do rm -f "$1"; shift; done; exec cat >"$FILE"`;

/**
 * Runs a container to its end, and outlives Millpond. The working directory is the container's own. Arguments: the
 * command that becomes the container.
 */
export const SHIM = `
umask 077
trap '' HUP INT TERM QUIT PIPE
read -r stat </proc/self/stat; own() { echo "$1 \${22}"; }; own $stat >${FILES.shim}.new && mv ${FILES.shim}.new ${FILES.shim} || exit 125
mkfifo ${FILES.alive} && mkdir ${FILES.output} && exec 8<>${FILES.alive} || exit 125
{ exec 8>&-; (trap - HUP INT TERM QUIT PIPE; exec "$@") 2>&1; echo $? >status; } |
  { exec 3>&- 4>&- 8>&-; split -b ${CHUNK_BYTES} -d -a 6 --filter='${CHUNK_WRITER}' - ${FILES.output}/ || cat >/dev/null; }
exec 3>&- 4>&-
code=; read -r code <status
oom=; [ -e ${FILES.outOfMemory} ] && oom=oom
[ -e ${FILES.cgroups} ] && while read -r group; do
  grep -qs '^oom_kill [1-9]' "$group/memory.events" "$group/memory.oom_control" && oom=oom
  rmdir "$group"
done <${FILES.cgroups}
echo "$code $oom" >${FILES.exit}.new && mv ${FILES.exit}.new ${FILES.exit}
`;

/**
 * Starts the first program in a new namespace of processes, and ends as it ended. In place of `unshare --fork`, which
 * does not do that in every version when a signal ends it. Shells tell of that on their own output, hence the
 * redirection. Arguments: a command.
 */
export const WAIT = 'exec 6>&2 2>/dev/null; (exec "$@" 2>&6 6>&-); exit $?';

/** The variable with the pid and the start tick of the first process, as this host counts them. */
const SELF = 'MILLPOND_SELF';

/**
 * The first program in the container's namespaces. Tells its pid and waits until its users are mapped. Arguments: the
 * directory of all files, then a command.
 */
export const ENTER = `
exec 5>&1 1>&${DESCRIPTORS.progress} 2>&${DESCRIPTORS.progress}
read -r stat </proc/self/stat
self() { echo "ns $1"; export ${SELF}="$1 \${22}"; }
self $stat
read -r go && cd -P "$1" || exit 125
shift
exec "$@"
`;

/**
 * Builds the container's root and becomes its program. Its directory of files has: `points`, files and directories to
 * make; tables of mounts: `layers` before the points, `table`, and `masks` when everything else is done; `nests`, where
 * it may have namespaces of users. Runs as root of the container, in the directory of all files,
 * whose parents it may not enter: all paths are relative. Arguments: the container's directory of files; the image, or
 * nothing where the root is a copy of it; the host name; the largest pid or nothing; `ro` or nothing; the loader of the
 * tools or nothing; the command.
 */
export const BUILD = `
own=$1 image=$2 name=$3 pids=$4 ro=$5 umount=\${6:+./$6 --library-path .}
shift 6
fail() { echo "$1"; exit 125; }
hostname "$name" || fail "no host name"
if [ "$image" ]; then
  options="lowerdir=$image/root,upperdir=$own/upper,workdir=$own/work,userxattr,nodev"
  mount -c -n -t overlay overlay -o "$options" "$own/root" || fail "no overlay"
else
  mount -c -n --bind "$own/root" "$own/root" || fail "no root"
fi
[ ! -e "$own/layers" ] || mount -c -n -a --fstab "$own/layers" || fail "no layers"
umask 022
[ ! -e "$own/points" ] || while IFS= read -r kind && IFS= read -r path; do
  at=$own/root/$path
  if [ "$kind" = d ]; then mkdir -p "$at" || fail "no /$path"; continue; fi
  mkdir -p "\${at%/*}" || fail "no /$path"
  [ -e "$at" ] || : >"$at" || fail "no /$path"
done <"$own/points"
mount -c -n -a --fstab "$own/table" || fail "no mounts"
[ -z "$ro" ] || mount -c -n -o remount,bind,ro,nodev "$own/root" || fail "no read-only root"
[ -z "$pids" ] || echo "$pids" >"$own/root/proc/sys/kernel/pid_max" || fail "no pid_max"
[ -e "$own/nests" ] || echo 0 >"$own/root/proc/sys/user/max_user_namespaces"
[ ! -e "$own/masks" ] || mount -c -n -a --fstab "$own/masks" || fail "no masks"
cd -P tools && mount -c -n --bind . . && cd -P ../tools || fail "no tools"
(cd -P "../$own/root" && exec pivot_root . .) || fail "no pivot_root"
$umount ./umount -n -l / || fail "no umount"
echo "$${SELF}" >&${DESCRIPTORS.started}
(trap '' PIPE; echo up) 2>/dev/null
exec "$@" </dev/null >&5 2>&5 5>&- ${DESCRIPTORS.progress}>&- ${DESCRIPTORS.started}>&-
`;

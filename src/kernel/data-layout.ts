// The files and directories that Millpond creates in a data directory, as data. A purge deletes these, and Millpond
// keeps other users from reading them. It leaves everything else in the directory alone.

/** A path that stands for the directory of any node: the names in it do not matter here. */
export const NODE_DIRECTORY = 'nodes/-/-/-';

/** One kind of path that Millpond creates. */
export interface Own {
  /** Matches the path relative to the data directory. */
  path: RegExp;
  /** `tree`: a directory with all its contents. `directory`: each entry in it is checked by itself. */
  kind: 'file' | 'socket' | 'directory' | 'tree';
  /**
   * Mounted into functions or containers, which may run as another user. Its modes are those that they need; the
   * parent directory keeps other users out.
   */
  isSeenByFunctions?: true;
}

const HASH = '[0-9a-f]{64}';
const UUID = '[0-9a-f]{8}-[0-9a-f-]{27}';
const MEMBER = 'nodes/[^/]+/[^/]+/[^/]+';

const own = (kind: Own['kind'], pattern: string): Own => ({ kind, path: new RegExp(`^(?:${pattern})$`) });

const OWN: readonly Own[] = [
  own('file', 'millpond\\.lock(-journal)?'),
  own('file', 'millpond\\.json(\\.\\d+)?'),
  own('file', 'millpond\\.log(\\.\\d+)?'),
  own('file', 'state\\.sqlite(\\.(backup|damaged|restored)-[\\w.-]+)?(-wal|-shm|-journal)?'),
  own('file', 'state\\.sqlite\\.reserve'),
  own('file', 'dynamodb\\.sqlite(-wal|-shm|-journal)?'),
  own('file', 'secret(\\.\\d+\\.[0-9a-f]{8})?'),
  own('file', 'address-block(\\.new)?'),
  own('file', 'stand-in\\.json(\\.new)?'),
  own('directory', 'network'),
  own('file', 'network/(kind|world|host|outside)\\.json(\\.new)?|network/outside\\.log'),
  own('directory', 'tls'),
  own('file', 'tls/(ca|server)(-key)?\\.pem(\\.new)?'),
  // Of earlier versions.
  { ...own('file', 'tls/bundle\\.pem(\\.new)?'), isSeenByFunctions: true },
  own('directory', 's3|s3/incoming|s3/blobs|s3/blobs/[0-9a-f]{2}'),
  own('file', 's3/(incoming|blobs/[0-9a-f]{2})/[0-9a-f]{32}'),
  own('directory', 'ecr|ecr/uploads|ecr/blobs|ecr/blobs/sha(256|512)|ecr/blobs/sha(256|512)/[0-9a-f]{2}'),
  own('file', `ecr/uploads/${UUID}`),
  own('file', 'ecr/blobs/sha(256|512)/[0-9a-f]{2}/([0-9a-f]{64}|[0-9a-f]{128})(\\.[0-9a-f]{8})?'),
  own('directory', 'lambda|lambda/code'),
  own('tree', `lambda/code/${HASH}(\\.${UUID})?`),
  own('file', `lambda/code/${HASH}(\\.${UUID})?/(package\\.zip|unzipped-bytes)`),
  { ...own('tree', `lambda/code/${HASH}(\\.${UUID})?/content`), isSeenByFunctions: true },
  own('directory', 'logs|logs/[0-9a-f]{16}'),
  own('file', 'logs/[0-9a-f]{16}/\\d+\\.(lines|columns(\\.new)?)'),
  own('directory', 'functions'),
  { ...own('file', 'functions/nsswitch\\.conf'), isSeenByFunctions: true },
  {
    ...own('tree', 'functions/(environments|files|probe|root|scaffold|python(-host)?[\\d.]+(\\.partial)?)'),
    isSeenByFunctions: true,
  },
  own('directory', 'containers'),
  { ...own('directory', 'containers/files'), isSeenByFunctions: true },
  own('file', 'containers/ids\\.json(\\.new)?'),
  own('tree', 'containers/runs'),
  // With files of the containers' users.
  { ...own('tree', 'containers/files/(images|roots|volumes|tools(\\.new)?)'), isSeenByFunctions: true },
  // Positions, spools and shadows of feeds.
  own('directory', 'feeds'),
  own('tree', 'feeds/[^/]+'),
  own('directory', 'ssh'),
  own('file', 'ssh/(config|known_hosts)(\\.new)?'),
  own('directory', 'instances'),
  own('file', 'instances/ids\\.json(\\.new)?'),
  own('tree', 'instances/(runs|keys)'),
  // With files of the instances' users.
  { ...own('tree', 'instances/files'), isSeenByFunctions: true },
  own('directory', `nodes|nodes/[^/]+|nodes/[^/]+/[^/]+|${MEMBER}`),
  own('file', `${MEMBER}/(engine\\.conf|process\\.json|nodes\\.conf)(\\.new)?`),
  own('socket', `${MEMBER}/engine\\.sock`),
  own('file', `${MEMBER}/nodes\\.conf\\.damaged`),
  own('file', `${MEMBER}/engine\\.log(\\.1)?`),
  own('file', `${MEMBER}/dump\\.rdb(\\.(replaced|damaged)-[\\w-]+)?`),
  // Temporary files of the engine.
  own('file', `${MEMBER}/(temp-[^/]+\\.(rdb|aof)|nodes\\.conf\\.tmp-[\\d-]+)`),
  own('directory', `${MEMBER}/appendonlydir`),
  own('file', `${MEMBER}/appendonlydir/appendonly\\.aof\\.[^/]+`),
];

/**
 * The kind of what Millpond creates at this path (relative to the data directory, with `/`); `undefined` when it
 * creates nothing there.
 */
export function ownAt(path: string): Own | undefined {
  // More specific patterns come later in the list.
  return OWN.findLast((each) => each.path.test(path));
}

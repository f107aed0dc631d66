// What Millpond makes in a data directory, as data: what a purge deletes, and what is kept from other users. Anything
// else there is somebody else's and is left alone.

/** The directory of any node, as such a path: what its own name is does not matter. */
export const NODE_DIRECTORY = 'nodes/-/-/-';

export interface Own {
  /** Of the path from the data directory on. */
  path: RegExp;
  /** `tree`: a directory with all that is in it, whatever that is. `directory`: what is in it is looked at one by one. */
  kind: 'file' | 'socket' | 'directory' | 'tree';
  /**
   * Seen inside of functions, which may run as another user: modes in it are what functions need, and what keeps other
   * users out is the directory above.
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
  own('file', 'secret(\\.\\d+\\.[0-9a-f]{8})?'),
  own('file', 'address-block(\\.new)?'),
  own('file', 'stand-in\\.json(\\.new)?'),
  own('directory', 'tls'),
  own('file', 'tls/(ca|server)(-key)?\\.pem(\\.new)?'),
  { ...own('file', 'tls/bundle\\.pem(\\.new)?'), isSeenByFunctions: true },
  own('directory', 's3|s3/incoming|s3/blobs|s3/blobs/[0-9a-f]{2}'),
  own('file', 's3/(incoming|blobs/[0-9a-f]{2})/[0-9a-f]{32}'),
  own('directory', 'lambda|lambda/code'),
  own('tree', `lambda/code/${HASH}(\\.${UUID})?`),
  own('file', `lambda/code/${HASH}(\\.${UUID})?/(package\\.zip|unzipped-bytes)`),
  { ...own('tree', `lambda/code/${HASH}(\\.${UUID})?/content`), isSeenByFunctions: true },
  own('directory', 'functions'),
  { ...own('file', 'functions/nsswitch\\.conf'), isSeenByFunctions: true },
  {
    ...own('tree', 'functions/(environments|probe|root|scaffold|python(-host)?[\\d.]+(\\.partial)?)'),
    isSeenByFunctions: true,
  },
  own('directory', `nodes|nodes/[^/]+|nodes/[^/]+/[^/]+|${MEMBER}`),
  own('file', `${MEMBER}/(engine\\.conf|process\\.json|nodes\\.conf)(\\.new)?`),
  own('socket', `${MEMBER}/engine\\.sock`),
  own('file', `${MEMBER}/nodes\\.conf\\.damaged`),
  own('file', `${MEMBER}/engine\\.log(\\.1)?`),
  own('file', `${MEMBER}/dump\\.rdb(\\.(replaced|damaged)-[\\w-]+)?`),
  // The engine's own: what it writes aside.
  own('file', `${MEMBER}/(temp-[^/]+\\.(rdb|aof)|nodes\\.conf\\.tmp-[\\d-]+)`),
  own('directory', `${MEMBER}/appendonlydir`),
  own('file', `${MEMBER}/appendonlydir/appendonly\\.aof\\.[^/]+`),
];

/** What Millpond made at this path (from the data directory on, with `/`); `undefined` for what it did not. */
export function ownAt(path: string): Own | undefined {
  // The narrower ones stand behind.
  return OWN.findLast((each) => each.path.test(path));
}

// Clients that ask until something is so, and sleep for 15 or 30 seconds in between: known by what they say of
// themselves. An operation may hold its answer back for them, so that the first one is the last.

/** The SDKs' mark for a waiter among the features that a request names: `m/B`, `m/Z,B,g`. */
const MARKED = /(^| )m\/([A-Za-z0-9+-]+,)*B(,|\s|$)/;

/** AWS CLIs of before those marks: `command/elasticache.wait.replication-group-available`, `md/command#…`. */
const COMMAND = /\bcommand[/#][a-z0-9-]+\.(wait\.|deploy\b)/;

export const isWaiter = (userAgent: string | undefined): boolean =>
  userAgent !== undefined && (MARKED.test(userAgent) || COMMAND.test(userAgent));

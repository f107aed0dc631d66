// Recognises waiters by their User-Agent: clients that poll an operation until a condition holds, and sleep for 15 or
// 30 seconds in between. An operation may delay its response to a waiter until the condition holds.

/** The SDKs' code for a waiter in the list of used features: `m/B`, `m/Z,B,g`. */
const MARKED = /(^| )m\/([A-Za-z0-9+-]+,)*B(,|\s|$)/;

/** Older versions of the AWS CLI: `command/elasticache.wait.replication-group-available`, `md/command#…`. */
const COMMAND = /\bcommand[/#][a-z0-9-]+\.(wait\.|deploy\b)/;

/** Whether a client with this User-Agent is a waiter of an SDK or of the AWS CLI. */
export const isWaiter = (userAgent: string | undefined): boolean =>
  userAgent !== undefined && (MARKED.test(userAgent) || COMMAND.test(userAgent));

// The set-up's messages: one line each, on standard error, to keep standard output for the command.

export const say = (sentence) => console.error(`set-up: ${sentence}`);

/** Something essential cannot be installed; the message says what to do. */
export class SetUpError extends Error {}

// How the set-up speaks: one line a message, on standard error, so that a command's output stays its own.

export const say = (sentence) => console.error(`set-up: ${sentence}`);

/** Something essential cannot be had; the message says what to do. */
export class SetUpError extends Error {}

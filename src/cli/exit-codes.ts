// Exit codes of commands that run a command of the user, as `docker run` and shells have them.

/** We failed, not the command. */
export const NOT_STARTED = 125;
/** The file cannot be executed. */
export const NOT_EXECUTABLE = 126;
/** There is no such file. */
export const NOT_FOUND = 127;

/** Exit codes of the command line: the same for every verb, documented in README and `--help`. */
export const EXIT = {
  ok: 0,
  /** The answer is no: not reached in time, nothing by that name, a trouble with a file. */
  no: 1,
  /** What was typed, or a file that was named, cannot be used. */
  usage: 2,
  /** No engine is running with that state. */
  notRunning: 3,
  /** The server cannot be reached, or does not let this user or device in. */
  server: 4,
  /** Stopped for safety: somebody has to look. Nothing was changed. */
  needsYou: 5,
} as const;

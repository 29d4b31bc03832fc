/** What the program ends with. Scripts rely on these numbers. */
export const exitCodes = {
  /** Done. A reader that closed the pipe early counts as done. */
  done: 0,
  /** Input or output failed; with `--exit-status`, nothing matched; `doctor` found something broken. */
  failed: 1,
  /** The command line is wrong, or a question could not be asked. */
  usage: 2,
  /** `--strict` met a malformed line; `verify` or `repair` found damage; `scan` found a secret; `index --check` a damaged index. */
  damaged: 3,
  /** SIGHUP: 128 + 1. */
  hungUp: 129,
  /** SIGINT: 128 + 2. */
  interrupted: 130,
  /** SIGTERM: 128 + 15. */
  terminated: 143,
} as const;

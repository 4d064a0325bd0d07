/** What the exit code of a command means. */
export const ExitCode = {
  done: 0,
  /** `--check` found a file out of date, `--frozen-lock` is broken, or a diagnostic reached `--fail-on`. */
  found: 1,
  usage: 2,
  document: 3,
  /** A budget is exceeded. */
  budget: 4,
  /** `diff --fail-on-breaking` found a breaking change. */
  breaking: 5,
  /** `call` reached the API, or `chat` the model, and it failed. */
  callFailed: 6,
  bug: 70,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

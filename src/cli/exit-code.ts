/** What the exit code of a command means. */
export const ExitCode = {
  done: 0,
  /** `--check` found a file out of date, or a diagnostic reached `--fail-on`. */
  found: 1,
  usage: 2,
  document: 3,
  bug: 70,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

// What the outside world gives a use case: the folder, the environment, the clock, a place for progress, a way to stop.

/** Everything a use case may know of its surroundings; passed in, never reached for. */
export interface Context {
  /** Absolute path of the folder relative paths are resolved against. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** A line for people about work under way (stderr); never part of the result. */
  readonly progress: (line: string) => void;
  /** Aborted when the process was asked to stop. */
  readonly signal: AbortSignal;
}

// Time and chance as the registry needs them; handed in, so that tests own both.

export interface Pace {
  readonly now: () => Date;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** A new identifier that nobody else has. */
  readonly newId: () => string;
}

/** Milliseconds to wait before try `attempt` (1, 2, …): anywhere up to a bound that doubles to 2 s, so that rivals part. */
export function jitter(pace: Pace, attempt: number): number {
  return pace.random() * Math.min(2000, 40 * 2 ** Math.min(attempt, 10));
}

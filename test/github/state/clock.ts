// The time as GitHub tells it: the host's, or one that a test has set and that goes on from there.

export interface Clock {
  readonly now: () => Date;
  /** ISO 8601 in UTC, to the second. */
  readonly timestamp: () => string;
  /** null: back to the host's time. */
  readonly set: (time: Date | null) => void;
}

export function createClock(hostNow: () => Date): Clock {
  let offsetMs = 0;
  const now = (): Date => new Date(hostNow().getTime() + offsetMs);
  return {
    now,
    timestamp: () =>
      now()
        .toISOString()
        .replace(/\.\d{3}Z$/, "Z"),
    set: (time) => {
      offsetMs = time === null ? 0 : time.getTime() - hostNow().getTime();
    },
  };
}

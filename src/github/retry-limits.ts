// The bounds of a request to GitHub with all its repetitions, and how the environment changes them.
import { InputError } from "../errors.ts";

/** Bounds of one request with all its repetitions. */
export interface RetryLimits {
  readonly attempts: number;
  /** Waits and tries together; a wait that would end later is not begun. */
  readonly totalSeconds: number;
  /** First wait after a network error or 5xx; doubles, with jitter. */
  readonly firstWaitSeconds: number;
}

export const defaultRetryLimits: RetryLimits = { attempts: 5, totalSeconds: 300, firstWaitSeconds: 0.5 };

/** The variable that sets `totalSeconds`: shorter for who is waiting, longer for a job that may sleep until the limit resets. */
export const retrySecondsVariable = "MODELGATE_RETRY_SECONDS";

/**
 * What the environment says about the bounds; nothing when it says nothing. 0 = ask once.
 * @throws {InputError} when the variable is no number of seconds from 0 to 7200.
 */
export function readRetryLimits(environment: Readonly<Record<string, string | undefined>>): Partial<RetryLimits> {
  const text = environment[retrySecondsVariable]?.trim();
  if (!text) return {};
  const totalSeconds = Number(text);
  if (totalSeconds >= 0 && totalSeconds <= 7200) return { totalSeconds };
  throw new InputError({
    message: "the number does not fit",
    key: retrySecondsVariable,
    expected: "seconds from 0 to 7200",
    received: text,
  });
}

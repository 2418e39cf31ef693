// GitHub's limits on writing, kept before they are hit: 80 requests that create content per minute, 500 per hour, per installation.

/** Tokens come back evenly; a bucket that was idle is full. */
interface Bucket {
  readonly size: number;
  readonly perSecond: number;
  tokens: number;
  at: number;
}

function createBucket(size: number, seconds: number, now: number): Bucket {
  return { size, perSecond: size / seconds, tokens: size, at: now };
}

/** Takes one token, also when that leaves less than none; the seconds until it would have been there. */
function take(bucket: Bucket, now: number): number {
  const elapsedSeconds = Math.max(0, (now - bucket.at) / 1000);
  bucket.tokens = Math.min(bucket.size, bucket.tokens + elapsedSeconds * bucket.perSecond) - 1;
  bucket.at = now;
  return bucket.tokens >= 0 ? 0 : -bucket.tokens / bucket.perSecond;
}

/** One installation's allowance of writes. */
export class WriteAllowance {
  readonly #buckets: readonly Bucket[];

  /** A little below GitHub's limits, for nobody can read how much of them is left. */
  constructor(now: Date) {
    this.#buckets = [createBucket(70, 60, now.getTime()), createBucket(450, 3600, now.getTime())];
  }

  /** Counts one write; how many seconds it has to wait. */
  takeWrite(now: Date): number {
    return Math.max(...this.#buckets.map((bucket) => take(bucket, now.getTime())));
  }
}

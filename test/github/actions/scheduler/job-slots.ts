// How many jobs run at once; the rest wait in line.

export interface JobSlots {
  /** Waits for a free slot, runs the work in it, and frees it whatever happens. */
  readonly use: <T>(work: () => Promise<T>) => Promise<T>;
}

/** `count` slots, given in the order in which they were asked for. */
export function createJobSlots(count: number): JobSlots {
  const waiting: (() => void)[] = [];
  let free = count;

  async function take(): Promise<void> {
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  function release(): void {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
  return {
    use: async (work) => {
      await take();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}

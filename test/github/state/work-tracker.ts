// Knows what is under way in the background, so that tests and the demo can wait until nothing is.

export interface WorkTracker {
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  /** Resolves when nothing tracked is under way, nor was started by what was. */
  readonly idle: () => Promise<void>;
}

export function createWorkTracker(): WorkTracker {
  const open = new Set<Promise<unknown>>();
  return {
    track: (work) => {
      const settled = work.then(
        () => {},
        () => {},
      );
      open.add(settled);
      void settled.then(() => open.delete(settled));
      return work;
    },
    idle: async () => {
      do {
        await Promise.all(open);
        await new Promise((resolve) => setImmediate(resolve));
      } while (open.size > 0);
    },
  };
}

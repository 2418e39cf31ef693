// `concurrency`: of a group, one runs and one waits; a newer one takes the place of the one that waits.

interface Member {
  readonly cancel: () => void;
  readonly start: () => void;
}

interface Group {
  running: Member | undefined;
  waiting: Member | undefined;
}

export interface ConcurrencyGroups {
  /** Waits for its turn in the group; `cancel` is called when a newer one pushes this one out. Gives the way to leave. */
  readonly enter: (group: string, cancelInProgress: boolean, cancel: () => void) => Promise<() => void>;
}

/** Groups by name; names are the caller's to make unique (repository and group). */
export function createConcurrencyGroups(): ConcurrencyGroups {
  const groups = new Map<string, Group>();
  return {
    enter: (name, cancelInProgress, cancel) =>
      new Promise((resolve) => {
        const group = groups.get(name) ?? { running: undefined, waiting: undefined };
        groups.set(name, group);
        const member: Member = { cancel, start: () => resolve(() => leave(name, group, member)) };
        if (group.running === undefined) {
          group.running = member;
          member.start();
          return;
        }
        const replaced = group.waiting;
        group.waiting = member;
        replaced?.cancel();
        replaced?.start();
        if (cancelInProgress) group.running.cancel();
      }),
  };

  function leave(name: string, group: Group, member: Member): void {
    if (group.running !== member) return;
    group.running = group.waiting;
    group.waiting = undefined;
    if (group.running === undefined) groups.delete(name);
    else group.running.start();
  }
}

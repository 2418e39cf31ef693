// What goes wrong at calls of the in-memory ports, and when: lost before or after it took effect, half done, or the process dies there.
import { LostAnswerError } from "../../src/registry/lost-answer.ts";

export type Fault = "lost-before" | "lost-after" | "half" | "crash-before" | "crash-after";

/** The process stopped: nothing catches this, the publish has to be run again. */
export class Crash extends Error {}

export class Faults {
  /** Asked at every call; `number` counts calls from 0. */
  decide: (call: string, number: number) => Fault | null = () => null;
  /** Awaited before every call, so that a test owns who comes first. */
  pause: () => Promise<void> = async () => {};
  readonly calls: string[] = [];

  async call<T>(name: string, effect: () => T, half?: () => unknown): Promise<T> {
    const number = this.calls.length;
    this.calls.push(name);
    const fault = this.decide(name, number);
    await this.pause();
    if (fault === "crash-before") throw new Crash(`${name}, before`);
    if (fault === "lost-before") throw new LostAnswerError(`${name}, before`);
    if (fault === "half") {
      half?.();
      throw new LostAnswerError(`${name}, half`);
    }
    const result = effect();
    if (fault === "crash-after") throw new Crash(`${name}, after`);
    if (fault === "lost-after") throw new LostAnswerError(`${name}, after`);
    return result;
  }
}

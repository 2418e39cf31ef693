// Every terminal command, in the order of `modelgate --help`.
import type { Command } from "./command.ts";
import { compare } from "./compare.ts";
import { lock } from "./lock.ts";
import { train } from "./train.ts";

export const commands: readonly Command[] = [compare, lock, train];

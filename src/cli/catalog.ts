// Every terminal command, in the order of `modelgate --help`.
import type { Command } from "./command.ts";

export const commands: readonly Command[] = [];

// The shape of a terminal command: one file per command in this folder, one line in catalog.ts.
import type { Outcome } from "../commands/outcome.ts";
import type { Context } from "../host/context.ts";

export interface CommandArgument {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly variadic?: boolean;
}

/** `flags` as commander reads them: "--candidate <path>", "--gate <rule...>" (repeatable), "--exact". */
export interface CommandOption {
  readonly flags: string;
  readonly summary: string;
  readonly required?: boolean;
  readonly default?: string;
}

/** What was typed; option names in camelCase, repeatable options as arrays, flags without a value as `true`. */
export interface CommandInput {
  readonly arguments: readonly (string | readonly string[] | undefined)[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** `--config FILE`, resolved against the folder; undefined = search upwards. */
  readonly configFile: string | undefined;
  /** `--repo OWNER/NAME`. */
  readonly repository: string | undefined;
}

export interface Command {
  /** Words as typed: "compare", "registry show". */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  /** Full command lines for `--help`. */
  readonly examples: readonly string[];
  /** Imports its use case inside, so that `--help` loads no engine. */
  readonly run: (input: CommandInput, context: Context) => Promise<Outcome>;
}

/** Gives a command its types; returns it as it is. */
export function defineCommand(command: Command): Command {
  return command;
}

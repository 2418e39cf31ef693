// Turns the catalog into commander's program, runs one command, and maps what happens to output and exit status.
import { CommanderError, InvalidArgumentError, Option, Command as Program } from "commander";
import { InputError, ModelgateError, RefusedError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { findNearestName } from "../nearest-name.ts";
import { commands } from "./catalog.ts";
import type { Command, CommandInput, CommandOption } from "./command.ts";
import { renderFailure } from "./failure.ts";

export interface Terminal {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/**
 * Runs one command line (without node and script). Resolves to the exit status and never throws:
 * with `--json` stdout gets exactly one JSON document, also when it failed.
 */
export async function runProgram(
  argv: readonly string[],
  context: Context,
  terminal: Terminal,
  version: string,
): Promise<number> {
  const json = argv.includes("--json");
  let status = 0;
  const program = createProgram(terminal, version, async (command, input) => {
    const outcome = await command.run(input, context);
    status = outcome.exitCode;
    terminal.stdout(json ? `${JSON.stringify(outcome.document)}\n` : `${outcome.text}\n`);
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = renderFailure(explainStop(error, context.signal), context);
    if (json) terminal.stdout(`${JSON.stringify(failure.document)}\n`);
    if (!json || failure.exitCode === 70) terminal.stderr(`${failure.text}\n`);
    return failure.exitCode;
  }
}

/** Whatever breaks off because the process was asked to stop is no bug. */
function explainStop(error: unknown, signal: AbortSignal): unknown {
  if (!signal.aborted || error instanceof ModelgateError) return error;
  return new RefusedError({ message: "stopped before it was done", hint: "run the same command again" });
}

type Execute = (command: Command, input: CommandInput) => Promise<void>;

function createProgram(terminal: Terminal, version: string, execute: Execute): Program {
  const program = new Program("modelgate")
    .description("CI/CD for machine learning on GitHub: train, gate, publish and watch models.")
    .version(version, "-V, --version")
    // Options of a command are its own: `publish --version` is no question for the version of the program.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: terminal.stdout, writeErr: () => {} })
    .showHelpAfterError(false);
  addGlobalOptions(program);
  program
    .allowExcessArguments()
    .allowUnknownOption()
    .action(() => showGroup(program));
  for (const command of commands) addCommand(program, command, execute);
  return program;
}

function addGlobalOptions(program: Program): void {
  program
    .addOption(new Option("--json", "print exactly one JSON document on stdout"))
    .addOption(
      createOption({
        flags: "--config <file>",
        summary: "the config (default: .github/modelgate.yml, searched upwards)",
      }),
    )
    .addOption(
      createOption({
        flags: "--repo <owner/name>",
        summary: "the GitHub repository (default: the clone's, or GITHUB_REPOSITORY)",
      }),
    );
}

function addCommand(program: Program, command: Command, execute: Execute): void {
  const words = command.name.split(" ");
  const name = words.pop() ?? command.name;
  const parent = words.reduce((at, word) => findOrAddGroup(at, word), program);
  const leaf = parent.command(name).description(command.summary).allowExcessArguments(false).exitOverride();
  for (const argument of command.arguments ?? []) {
    const inner = argument.variadic ? `${argument.name}...` : argument.name;
    leaf.argument(argument.required ? `<${inner}>` : `[${inner}]`, argument.summary);
  }
  for (const option of command.options ?? []) {
    leaf.addOption(createOption(option));
  }
  addGlobalOptions(leaf);
  leaf.addHelpText("after", `\nExamples:\n${command.examples.map((line) => `  $ ${line}`).join("\n")}`);
  leaf.action(async (...values: unknown[]) => {
    const given = values.slice(0, (command.arguments ?? []).length) as CommandInput["arguments"];
    const options = leaf.optsWithGlobals() as CommandInput["options"];
    await execute(command, {
      arguments: given,
      options,
      configFile: typeof options["config"] === "string" ? options["config"] : undefined,
      repository: typeof options["repo"] === "string" ? options["repo"] : undefined,
    });
  });
}

function createOption(option: CommandOption): Option {
  const built = new Option(option.flags, option.summary).makeOptionMandatory(option.required ?? false);
  if (option.default !== undefined) built.default(option.default);
  return built.required ? built.argParser(refuseOptionAsValue(built)) : built;
}

/** `--out --json` is a forgotten value, not a folder called `--json`. Values of a repeatable option come as a list. */
function refuseOptionAsValue(option: Option) {
  return (value: string, before: unknown): unknown => {
    if (value.startsWith("--")) throw new InvalidArgumentError("A value is missing: this is the next option.");
    if (!option.variadic) return value;
    return Array.isArray(before) && before !== option.defaultValue ? [...before, value] : [value];
  };
}

/** What a group of commands says when none of them was named: its help, or which one was meant. */
function showGroup(group: Program): void {
  const [given] = group.args;
  if (given === undefined && group.opts()["json"] !== true) group.help();
  const known = group.commands.map((command) => command.name());
  const nearest = given === undefined ? undefined : findNearestName(given, known);
  if (given?.startsWith("-"))
    throw new InputError({ message: `unknown option '${given}'`, hint: "see `modelgate --help`" });
  const path = group.parent ? `modelgate ${group.name()}` : "modelgate";
  throw new InputError({
    message: given === undefined ? `${path} needs a command` : `there is no command \`${path} ${given}\``,
    expected: `one of ${known.join(", ")}`,
    received: given ?? "nothing",
    hint: nearest === undefined ? `\`${path} --help\` says what each does` : `did you mean \`${path} ${nearest}\`?`,
  });
}

function findOrAddGroup(parent: Program, word: string): Program {
  const known = parent.commands.find((candidate) => candidate.name() === word);
  if (known) return known;
  const group = parent.command(word).exitOverride();
  group.description(`${word} commands`);
  addGlobalOptions(group);
  group
    .allowExcessArguments()
    .allowUnknownOption()
    .action(() => showGroup(group));
  return group;
}

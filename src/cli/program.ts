// Turns the catalog into commander's program, runs one command, and maps what happens to output and exit status.
import { CommanderError, Option, Command as Program } from "commander";
import type { Context } from "../host/context.ts";
import { commands } from "./catalog.ts";
import type { Command, CommandInput } from "./command.ts";
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
    const failure = renderFailure(error, context.environment);
    if (json) terminal.stdout(`${JSON.stringify(failure.document)}\n`);
    if (!json || failure.exitCode === 70) terminal.stderr(`${failure.text}\n`);
    return failure.exitCode;
  }
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
  program.action(() => program.help());
  for (const command of commands) addCommand(program, command, execute);
  return program;
}

function addGlobalOptions(program: Program): void {
  program
    .addOption(new Option("--json", "print exactly one JSON document on stdout"))
    .addOption(new Option("--config <file>", "the config (default: .github/modelgate.yml, searched upwards)"))
    .addOption(new Option("--repo <owner/name>", "the GitHub repository (default: the clone's, or GITHUB_REPOSITORY)"));
}

function addCommand(program: Program, command: Command, execute: Execute): void {
  const words = command.name.split(" ");
  const name = words.pop() ?? command.name;
  const parent = words.reduce((at, word) => findOrAddGroup(at, word), program);
  const leaf = parent.command(name).description(command.summary).exitOverride();
  for (const argument of command.arguments ?? []) {
    const inner = argument.variadic ? `${argument.name}...` : argument.name;
    leaf.argument(argument.required ? `<${inner}>` : `[${inner}]`, argument.summary);
  }
  for (const option of command.options ?? []) {
    const built = new Option(option.flags, option.summary).makeOptionMandatory(option.required ?? false);
    leaf.addOption(option.default === undefined ? built : built.default(option.default));
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

function findOrAddGroup(parent: Program, word: string): Program {
  const known = parent.commands.find((candidate) => candidate.name() === word);
  if (known) return known;
  const group = parent.command(word).exitOverride();
  group.description(`${word} commands`);
  group.action(() => group.help());
  return group;
}

// Rules about the programs of the user: how they are run, and what they may see.
import type { ModelRule, Report } from "./rule.ts";

export const trainingIsSaidOnce: ModelRule = (model, report) => {
  const train = model.train;
  if (!train) return;
  if (train.command === undefined && train.trainer === undefined) {
    report({ path: ["train"], message: "says no program", expected: "`command` or `trainer`" });
  }
  if (train.command !== undefined && train.trainer !== undefined && train.trainer !== "command") {
    report({
      path: ["train", "trainer"],
      at: "key",
      message: "says a second time how to train",
      expected: "either `command` or `trainer`",
      hint: "remove one of the two",
    });
  }
  if (train.command === undefined && train.trainer === "command") {
    report({
      path: ["train", "trainer"],
      message: "needs the program to run",
      hint: "add `command: [program, argument]`",
    });
  }
};

/** A list never meets a shell; a text always does, and says so. */
export const shellIsAskedFor: ModelRule = (model, report) => {
  check(model.train?.command, model.train?.shell, ["train"], "command", report);
  check(model.train?.setup, model.train?.shell, ["train"], "setup", report);
  check(model.predict?.command, model.predict?.shell, ["predict"], "command", report);
  check(model.predict?.setup, model.predict?.shell, ["predict"], "setup", report);
  check(model.data?.prepare, model.data?.shell, ["data"], "prepare", report);
};

function check(
  command: string | readonly string[] | undefined,
  shell: boolean | undefined,
  parent: readonly string[],
  key: string,
  report: Report,
): void {
  if (typeof command !== "string" || shell === true) return;
  report({
    path: [...parent, key],
    message: "is a text, and texts are only run when a shell is asked for",
    expected: "a list such as [python, train.py]",
    received: command,
    hint: `write it as a list, or add \`shell: true\` beside it`,
  });
}

/** Tokens of the job never reach a program of the repository. */
export const secretsOfTheJobStay: ModelRule = (model, report) => {
  for (const part of ["train", "predict"] as const) {
    (model[part]?.env ?? []).forEach((name, index) => {
      if (!isWithheld(name)) return;
      report({
        path: [part, "env", index],
        message: "is never handed to a program",
        expected: "any variable but GITHUB_TOKEN, GH_TOKEN, ACTIONS_*, INPUT_*, MODELGATE_*",
        received: name,
        hint: "use a token of its own under another name, with no more rights than the program needs",
      });
    });
  }
};

function isWithheld(name: string): boolean {
  return /^(GITHUB_TOKEN|GH_TOKEN|(ACTIONS|INPUT|MODELGATE)_.*)$/i.test(name);
}

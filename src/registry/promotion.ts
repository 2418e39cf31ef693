// Who may put which version into which stage: the rules, decided from the index and what is known of the person.
import { InputError, type Problem } from "../errors.ts";
import type { ModelIndex, VersionSummary } from "./model-index.ts";

export type Permission = "none" | "read" | "triage" | "write" | "maintain" | "admin";

/** A stage as the config has it, in the config's order. */
export interface StageRule {
  readonly name: string;
  readonly promotesFrom: string | null;
  readonly who: {
    readonly permission: Exclude<Permission, "none">;
    readonly users: readonly string[];
    readonly teams: readonly string[];
  };
  /** People who approved, beside the one who asks. */
  readonly approvals: number;
  /** Only a version that was judged and passed; missing = one that nothing judged may. */
  readonly requiresGates?: boolean;
  /** `OWNER/NAME` of repositories that are told when the stage moves. */
  readonly notify?: readonly string[];
}

/** What the rules ask of a version. */
export type Candidacy = Pick<VersionSummary, "version" | "state" | "verdict" | "approvals">;

/** Who asks, as GitHub knows them. `permission` null = not looked up, because no rule needed it. */
export interface Actor {
  readonly login: string;
  readonly permission: Permission | null;
  /** Of the stage's teams, those the actor is in. */
  readonly teams: readonly string[];
}

const order: readonly Permission[] = ["none", "read", "triage", "write", "maintain", "admin"];

/** Whoever can write the ledger has write access; anything stricter has to be looked up. */
export function needsLookup(rule: StageRule): boolean {
  return (
    rule.who.users.length > 0 ||
    rule.who.teams.length > 0 ||
    order.indexOf(rule.who.permission) > order.indexOf("write")
  );
}

/** The rule of a stage, or InputError naming those there are. */
export function findStage(rules: readonly StageRule[], stage: string): StageRule {
  const rule = rules.find((other) => other.name === stage);
  if (rule) return rule;
  throw new InputError({
    message: `there is no stage ${stage}`,
    expected: rules.map((other) => other.name).join(", "),
    received: stage,
    hint: "stages are set under `stages:` of the model in .github/modelgate.yml",
  });
}

/** What is wrong with the actor for this stage; empty when they may set it. Named users and teams may, whatever their permission. */
export function checkActor(rule: StageRule, actor: Actor): readonly Problem[] {
  return needsLookup(rule) ? checkKnownActor(rule, actor) : [];
}

/** As `checkActor`, for whoever asks through somebody else's token: nothing is taken for granted, `actor.permission` has been looked up. */
export function checkKnownActor(rule: StageRule, actor: Actor): readonly Problem[] {
  const { users, teams, permission } = rule.who;
  const named = users.some((user) => user.toLowerCase() === actor.login.toLowerCase());
  if (named || teams.some((team) => actor.teams.includes(team))) return [];
  const onlyNamed = users.length + teams.length > 0 && permission === "write";
  if (!onlyNamed && order.indexOf(actor.permission ?? "none") >= order.indexOf(permission)) return [];
  const allowed = [
    onlyNamed ? null : `permission ${permission} or more`,
    ...users,
    ...teams.map((team) => `team ${team}`),
  ];
  return [
    {
      message: `${actor.login} may not set the stage ${rule.name}`,
      expected: allowed.filter((item) => item !== null).join(", "),
      received: `permission ${actor.permission ?? "none"}`,
      hint: "ask somebody who may; the rule is `who` of the stage in .github/modelgate.yml",
    },
  ];
}

/**
 * Everything that speaks against putting `version` into the stage; empty when it may go there. A verdict `fail` never
 * goes into a stage; `inconclusive` never into the last one. A version without a verdict (nothing judged it) may, unless the
 * stage requires gates.
 */
export function checkPromotion(
  index: ModelIndex,
  version: Candidacy,
  rules: readonly StageRule[],
  rule: StageRule,
  actor: Actor,
): readonly Problem[] {
  const name = `${index.model}@${version.version}`;
  if (version.state !== "available")
    return [
      {
        message: `${name} is ${version.state}, not available`,
        hint:
          version.state === "reserved"
            ? "finish its publish first: run the same publish again"
            : "choose another version",
      },
    ];
  return [
    ...checkActor(rule, actor),
    ...checkOrigin(index, version, rule, name),
    ...checkVerdict(version, rules, rule, name),
    ...checkApprovals(version, rule, actor, name),
  ];
}

function checkOrigin(index: ModelIndex, version: Candidacy, rule: StageRule, name: string): readonly Problem[] {
  if (rule.promotesFrom === null) return [];
  const was = (index.holders[rule.promotesFrom] ?? []).some(
    (holder) => holder.version === version.version && !holder.rolledBack,
  );
  if (was) return [];
  return [
    {
      message: `${name} was never in ${rule.promotesFrom}, from which ${rule.name} takes its versions`,
      expected: `${name} in ${rule.promotesFrom}`,
      received: `${rule.promotesFrom} holds ${index.stages[rule.promotesFrom] ?? "nothing"}`,
      hint: `modelgate promote ${index.model} ${version.version} ${rule.promotesFrom}`,
    },
  ];
}

function checkVerdict(
  version: Candidacy,
  rules: readonly StageRule[],
  rule: StageRule,
  name: string,
): readonly Problem[] {
  const isLast = rules.at(-1)?.name === rule.name;
  if (version.verdict === "fail" || (version.verdict === "inconclusive" && isLast))
    return [
      {
        message: `${name} has the verdict ${version.verdict}`,
        expected: isLast ? "pass: nothing inconclusive goes into the last stage" : "pass or inconclusive",
        received: version.verdict,
        hint: "publish a version that passes its gates, or accept the open gate with a reason before it is published",
      },
    ];
  if (rule.requiresGates && version.verdict !== "pass")
    return [
      {
        message: `${name} ${version.verdict === null ? "was never judged" : `has the verdict ${version.verdict}`}, and ${rule.name} asks for gates that were passed`,
        expected: "pass",
        received: version.verdict ?? "no verdict",
        hint: "publish with `--evidence`: what `modelgate validate` wrote about these bytes",
      },
    ];
  return [];
}

function checkApprovals(version: Candidacy, rule: StageRule, actor: Actor, name: string): readonly Problem[] {
  const approvers = new Set(
    version.approvals
      .filter((approval) => approval.stage === rule.name)
      .map((approval) => approval.actor.toLowerCase()),
  );
  approvers.delete(actor.login.toLowerCase());
  if (approvers.size >= rule.approvals) return [];
  return [
    {
      message: `${name} has ${approvers.size} of ${rule.approvals} approvals for ${rule.name}`,
      expected: `${rule.approvals} people beside ${actor.login}`,
      received: approvers.size === 0 ? "nobody" : [...approvers].join(", "),
      hint: `each of them: modelgate promote ${name.replace("@", " ")} ${rule.name} --approve`,
    },
  ];
}

/** For a version that nobody published. */
export function describeNoVersion(model: string, version: string): InputError {
  return new InputError({
    key: `${model}@${version}`,
    message: "there is no such version",
    hint: `\`modelgate registry show ${model}\` lists the versions`,
  });
}

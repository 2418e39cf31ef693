// The rulesets that keep a registry from being rewritten, as GitHub's API takes them.
import { ledgerBranch } from "./names.ts";

/** Body of `POST /repos/{owner}/{repo}/rulesets`. */
export interface Ruleset {
  readonly name: string;
  readonly target: "branch" | "tag";
  readonly enforcement: "active";
  readonly bypass_actors: readonly {
    readonly actor_id: number;
    readonly actor_type: "Integration";
    readonly bypass_mode: "always";
  }[];
  readonly conditions: {
    readonly ref_name: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  };
  readonly rules: readonly { readonly type: string }[];
}

/**
 * For the ledger: no deletion, no rewriting, no merges, for anybody. For tags of versions: never moved or deleted. With the
 * App's id also: nobody else may write the ledger; that is a ruleset of its own, for who may pass one may pass all its rules.
 */
export function createRulesets(appId: number | null): readonly Ruleset[] {
  const ledger = [`refs/heads/${ledgerBranch}`];
  const rulesets = [
    createRuleset("Modelgate: the ledger is only added to", "branch", ledger, [
      "deletion",
      "non_fast_forward",
      "required_linear_history",
    ]),
    createRuleset("Modelgate: tags of versions stay", "tag", ["refs/tags/*@*"], ["deletion", "update"]),
  ];
  if (appId === null) return rulesets;
  const only = createRuleset("Modelgate: only the App writes the ledger", "branch", ledger, ["creation", "update"]);
  const bypass = { actor_id: appId, actor_type: "Integration", bypass_mode: "always" } as const;
  return [...rulesets, { ...only, bypass_actors: [bypass] }];
}

function createRuleset(
  name: string,
  target: Ruleset["target"],
  include: readonly string[],
  types: readonly string[],
): Ruleset {
  const conditions = { ref_name: { include, exclude: [] } };
  const rules = types.map((type) => ({ type }));
  return { name, target, enforcement: "active", bypass_actors: [], conditions, rules };
}

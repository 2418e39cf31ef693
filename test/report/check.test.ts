// The check: its conclusion is the decision's, its summary stays below GitHub's limit, problems stand at their lines.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import { InputError } from "../../src/errors.ts";
import { renderCheck, summaryLimitBytes } from "../../src/report/check.ts";
import { countBytes } from "../../src/report/escape.ts";
import { betterRain, context, evidence, notAffected, undecidedRain, worseRain } from "./example-evidence.ts";

describe("the check", () => {
  it.each([
    ["a better model", evidence([betterRain]), {}, "success", "rain gets better"],
    ["no model", evidence([notAffected("rain")]), {}, "success", "This change concerns no model"],
    ["a worse model", evidence([worseRain]), {}, "failure", "rain would get worse"],
    ["an undecided one", evidence([undecidedRain]), {}, "action_required", "Cannot tell yet whether rain gets worse"],
    [
      "an undecided one that may pass",
      evidence([undecidedRain]),
      { settings: "inconclusive: warn" },
      "neutral",
      "rain is not shown to be safe",
    ],
    [
      "evidence of another commit",
      evidence([betterRain], { headSha: "0".repeat(40) }),
      {},
      "failure",
      "No verdict for this commit",
    ],
  ] as const)("%s", (_, of, circumstances, conclusion, title) => {
    const check = renderCheck(of, context(of, {}, circumstances));
    expect(check).toMatchObject({ conclusion, title });
    expect(check.summary).not.toContain("<!-- modelgate -->");
  });

  it("stays below the limit of a summary", () => {
    const of = evidence(Array.from({ length: 60 }, (_, index) => ({ ...worseRain, model: `m${index}` })));
    expect(countBytes(renderCheck(of, context(of)).summary)).toBeLessThanOrEqual(summaryLimitBytes);
  });
});

it("puts each problem of a config at its line", () => {
  const error = (() => {
    try {
      parseConfig("models:\n  rain:\n    lable: y\n    task: binry\n", ".github/modelgate.yml");
    } catch (caught) {
      return caught;
    }
    return undefined;
  })();
  if (!(error instanceof InputError)) throw new Error("the config is wrong");
  const decision = {
    state: "failure" as const,
    obstacles: [{ model: null, gate: null, state: "failure" as const, reason: "line 3: did you mean `label`?" }],
  };
  const check = renderCheck(null, context(null, { decision, problems: error.problems }));
  expect(check.conclusion).toBe("failure");
  expect(check.annotations.map(({ path, startLine, title }) => ({ path, startLine, title }))).toEqual([
    { path: ".github/modelgate.yml", startLine: 3, title: "models.rain.lable" },
    { path: ".github/modelgate.yml", startLine: 4, title: "models.rain.task" },
  ]);
  expect(check.annotations[0]?.message).toContain("did you mean `label`?");
  expect(check.summary).toContain("did you mean `label`?");
});

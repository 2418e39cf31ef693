// The doctor's checks that need no network: lock, data, programs; workflows have a file of their own.
import { existsSync } from "node:fs";
import { join } from "node:path";
import picomatch from "picomatch";
import type { Lock } from "../config/lock.ts";
import { lockFileName, renderLock } from "../config/parse-lock.ts";
import type { Config, ModelSettings } from "../config/settings.ts";
import { findNearestName } from "../nearest-name.ts";
import type { DoctorCheck } from "./doctor-check.ts";

/** Models whose data is not pinned, and pins of models that are gone. */
export function checkLock(config: Config, lock: Lock): readonly DoctorCheck[] {
  const stale = [...lock.models.keys()].filter((name) => !config.models.has(name));
  const unpinned = [...config.models.values()].filter(
    ({ name, data }) => data?.train && lock.models.get(name)?.train == null,
  );
  const unjudged = [...config.models.values()].filter(
    ({ name, data, gates }) => gates.length > 0 && data && lock.models.get(name)?.evaluation == null,
  );
  const rest = new Map([...lock.models].filter(([name]) => config.models.has(name)));
  const checks: DoctorCheck[] = [
    ...stale.map((name): DoctorCheck => {
      const nearest = findNearestName(name, config.models.keys());
      return {
        id: "lock",
        outcome: "problem",
        message: `${lockFileName} pins data of ${name}, which the config does not name`,
        hint: nearest ? `did you mean ${nearest}?` : "remove the entry",
        repair: {
          path: lockFileName,
          text: renderLock({ ...lock, models: rest }),
          what: "remove pins of models that are gone",
        },
      };
    }),
    ...[...new Set([...unpinned, ...unjudged])].map(({ name }): DoctorCheck => {
      return {
        id: "lock",
        outcome: "problem",
        message: `the data of ${name} is not pinned, so a pull request could move it unseen`,
        hint: `modelgate lock ${name}`,
      };
    }),
  ];
  return checks.length > 0 ? checks : [{ id: "lock", outcome: "ok", message: "every data set is pinned" }];
}

/** Local sources and programs that are not there. */
export function checkSources(config: Config, root: string): readonly DoctorCheck[] {
  const checks = [...config.models.values()].flatMap((model) => checkModel(model, root));
  return checks.length > 0
    ? checks
    : [{ id: "sources", outcome: "ok", message: "data and programs are where the config says" }];
}

function checkModel(model: ModelSettings, root: string): DoctorCheck[] {
  const evaluation = model.data?.evaluation;
  const sources = [
    model.data?.train?.source,
    evaluation?.by === "source" ? evaluation.source : undefined,
    model.data?.holdout?.source,
  ].filter((source) => source !== undefined);
  const gone = sources.filter((source) => isPlainPath(source) && !existsSync(join(root, source)));
  const scripts = (model.train?.command?.shell === false ? model.train.command.words : []).filter((word) =>
    /\.(py|mjs|cjs|js|R|sh)$/.test(word),
  );
  const lost = scripts.filter((script) => isPlainPath(script) && !existsSync(join(root, script)));
  return [
    ...[...new Set(gone)].map((source): DoctorCheck => {
      const outcome = model.data?.prepare ? "advice" : "problem";
      const hint = model.data?.prepare ? "`prepare` may bring it" : "add the file, or correct `data`";
      return { id: "sources", outcome, message: `${model.name}: ${source} is not there`, hint };
    }),
    ...lost.map((script): DoctorCheck => {
      return { id: "sources", outcome: "problem", message: `${model.name}: the program ${script} is not there` };
    }),
  ];
}

function isPlainPath(source: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:\/\//.test(source) && !source.startsWith("/") && !picomatch.scan(source).isGlob;
}

/** What the config says that people regret later. */
export function checkAdvice(config: Config): readonly DoctorCheck[] {
  return [...config.models.values()].flatMap((model): DoctorCheck[] => [
    ...(model.gates.length === 0 && model.data
      ? [
          {
            id: "gates",
            outcome: "advice" as const,
            message: `${model.name} has data but no gate: nothing can fail`,
            hint: `modelgate gates plan ${model.name}`,
          },
        ]
      : []),
    ...(model.inconclusive === "warn" && model.gates.length > 0
      ? [
          {
            id: "gates",
            outcome: "advice" as const,
            message: `${model.name} lets inconclusive changes through with a warning`,
            hint: "`inconclusive: block`, once the gates have shown what your rows can tell",
          },
        ]
      : []),
    ...(model.predict
      ? [
          {
            id: "evidence",
            outcome: "advice" as const,
            message: `${model.name} predicts with a program of the repository: its evidence is self-reported`,
          },
        ]
      : []),
  ]);
}

// The model card: what a version is, how good, on which data, made how. It is the text of a release and `card.md` beside the model.
// A section without facts is left out, and what nobody stated is said to be unstated: an empty form looks complete.
import type { ModelSettings } from "../config/settings.ts";
import type { ModelEvidence } from "../evidence/evidence.ts";
import { RunRecord } from "../evidence/run-record.ts";
import { renderBehaviours } from "./behaviours.ts";
import { type Block, renderBlocks, tableBlock, textBlock } from "./blocks.ts";
import type { CardSection, madeSections } from "./card-sections.ts";
import { renderBenchmark, renderMetrics } from "./details.ts";
import { escapeMarkdown, renderName } from "./escape.ts";
import { renderImportances } from "./explanation.ts";
import { nameMetric, renderRelation } from "./gate-table.ts";
import { renderCount, renderNumber } from "./numbers.ts";
import { renderPictures } from "./pictures.ts";
import { renderWindow } from "./window.ts";

export interface CardFacts {
  readonly name: string;
  /** Null while it is not known, as before a publish. */
  readonly version: string | null;
  readonly settings: ModelSettings | null;
  readonly evidence: ModelEvidence | null;
  /** Default: the evidence's. */
  readonly runRecord: RunRecord | null;
  /** The files that are published, where neither evidence nor training run names them. */
  readonly files?: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  /** What people wrote; the repository's own text, shown as it is. */
  readonly written?: readonly CardSection[];
}

const limitBytes = 60_000;

/** Markdown of at most 60,000 bytes; the same facts always give the same text. */
export function renderModelCard(facts: CardFacts): string {
  const runRecord = facts.runRecord ?? readRunRecord(facts.evidence);
  const title = facts.version === null ? facts.name : `${facts.name} ${facts.version}`;
  const blocks = [
    textBlock(`# ${escapeMarkdown(title, 200)}`),
    ...(facts.written ?? []).flatMap((one) => section(one.title, [textBlock(one.text)])),
    ...section("What it does", renderPurpose(facts.settings, runRecord)),
    ...section("How good it is", renderQuality(facts.evidence)),
    ...section(
      "Pictures",
      renderPictures(facts.evidence?.curves && { ...facts.evidence.curves, baseline: null }, "this version"),
    ),
    ...section("Gates it went through", renderGates(facts.evidence)),
    ...section("How it behaves", facts.evidence ? renderBehaviours(facts.evidence, "this version") : []),
    ...section("What it looks at", renderSight(facts.evidence)),
    ...section("How fast and large it is", facts.evidence ? renderBenchmark(facts.evidence, "this version") : []),
    ...section("Data", renderData(facts.evidence, runRecord)),
    ...section("Training", renderTraining(runRecord)),
    ...section("Files", renderFiles(facts, runRecord)),
    ...section("How to verify it", [textBlock(renderVerification(facts))]),
    ...section("Not stated", renderUnstated(facts, runRecord)),
  ];
  return `${renderBlocks(blocks, limitBytes)}\n`;
}

/** Names of the sections that the card of these facts has, as `required` calls them. */
export function listCardSections(facts: CardFacts): readonly string[] {
  const runRecord = facts.runRecord ?? readRunRecord(facts.evidence);
  const { evidence } = facts;
  const metrics = [...(evidence?.evaluation?.metrics ?? []), ...(evidence?.comparison?.metrics ?? [])];
  const made: readonly (readonly [(typeof madeSections)[number], boolean])[] = [
    ["data", renderData(evidence, runRecord).length > 0],
    ["metrics", renderQuality(evidence).length > 0],
    ["slices", metrics.some(({ slice }) => slice !== null)],
    ["lineage", runRecord !== null],
    ["verify", true],
  ];
  return [...made.flatMap(([id, there]) => (there ? [id] : [])), ...(facts.written ?? []).map(({ id }) => id)];
}

function renderVerification({ name, version }: CardFacts): string {
  const at = `${name}@${version ?? "VERSION"}`;
  return [
    `\`modelgate registry download ${at} --out DIR\` checks every file against the ledger. By hand: \`manifest.json\` beside the`,
    "files has the sha256 of each (`sha256sum FILE`), and the commit of the ledger that reserved this version;",
    "`modelgate registry verify` proves the ledger, its index and all releases.",
  ].join(" ");
}

function section(title: string, blocks: readonly Block[]): Block[] {
  return blocks.length === 0 ? [] : [textBlock(`## ${title}`), ...blocks];
}

function renderPurpose(settings: ModelSettings | null, runRecord: RunRecord | null): Block[] {
  const inputs = settings?.features ?? (runRecord && runRecord.features.length > 0 ? runRecord.features : null);
  const rows = [
    settings?.task ? ["task", settings.task] : null,
    settings?.label ? ["predicts", renderName(settings.label)] : null,
    inputs
      ? [
          "from",
          inputs
            .slice(0, 100)
            .map((name) => renderName(name, 100))
            .join(", "),
        ]
      : null,
    settings?.task === "binary" ? ["decides at", renderThreshold(settings)] : null,
  ].filter((row) => row !== null);
  return rows.length === 0 ? [] : [tableBlock(["", ""], [":--", ":--"], rows)];
}

function renderThreshold({ decision }: ModelSettings): string {
  const positive = decision.positive === null ? "" : ` means ${renderName(decision.positive)}`;
  return `a probability of ${decision.threshold} or more${positive}`;
}

function renderQuality(evidence: ModelEvidence | null): Block[] {
  if (evidence?.status !== "judged") return [];
  const compared = evidence.comparison?.metrics.length
    ? renderMetrics({ ...evidence, evaluation: null }, "this version")
    : [];
  const measured = evidence.evaluation ? renderMetrics({ ...evidence, comparison: null }) : [];
  const rows = evidence.evaluation?.rows ?? evidence.comparison?.rows ?? null;
  const on = rows === null ? [] : [textBlock(`Measured on ${renderCount(rows)} evaluation rows.`)];
  const baseline = evidence.baseline?.version;
  const against = compared.length > 0 && baseline ? [textBlock(`Compared with ${escapeMarkdown(baseline, 100)}:`)] : [];
  return measured.length + compared.length === 0 ? [] : [...on, ...measured, ...against, ...compared];
}

function renderGates(evidence: ModelEvidence | null): Block[] {
  const gates = evidence?.comparison?.gates ?? [];
  const rows = gates.map((gate) => [nameMetric(gate.metric, gate.slice), renderRelation(gate.rule), gate.outcome]);
  return rows.length === 0 ? [] : [tableBlock(["metric", "gate", "outcome"], [":--", ":--", ":--"], rows)];
}

/** The version's own importances; what a baseline looked at is not its card's business. */
function renderSight(evidence: ModelEvidence | null): Block[] {
  const explanation = evidence?.evaluation?.explanation;
  if (!explanation) return [];
  const own = explanation.importances.map((one) => ({ ...one, baseline: null, difference: null }));
  return renderImportances({ ...explanation, importances: own }, "", "this version");
}

function renderData(evidence: ModelEvidence | null, runRecord: RunRecord | null): Block[] {
  const evaluation = evidence?.evaluationData ? [{ name: "evaluation", ...evidence.evaluationData }] : [];
  const used = (runRecord?.data ?? []).filter(({ sha256 }) => !evaluation.some((one) => one.sha256 === sha256));
  const rows = [...used, ...evaluation].map(({ name, source, window, rows: count, sha256 }) => [
    escapeMarkdown(name, 60),
    escapeMarkdown(source, 200),
    renderWindow(window),
    renderCount(count),
    `\`${sha256.slice(0, 16)}\``,
  ]);
  if (rows.length === 0) return [];
  return [tableBlock(["used for", "source", "window", "rows", "sha256"], [":--", ":--", ":--", "--:", ":--"], rows)];
}

function renderTraining(runRecord: RunRecord | null): Block[] {
  if (!runRecord) return [];
  const { trainer, params, seed, code, durationSeconds, peakMemoryBytes, cost } = runRecord;
  const memory = peakMemoryBytes === null ? null : `${renderNumber(peakMemoryBytes / 1e6, 0)} MB`;
  const rows = [
    ["trainer", escapeMarkdown(trainer, 100)],
    ["parameters", renderName(JSON.stringify(params), 400)],
    ["seed", seed === null ? "none" : String(seed)],
    [
      "code",
      code.sha === null
        ? "not known"
        : `\`${code.sha.replace(/[^0-9a-f]/g, "").slice(0, 12)}\`${code.dirty ? " with changes that were not committed" : ""}`,
    ],
    ["took", `${renderNumber(durationSeconds, 1)} s`],
    ...(memory === null ? [] : [["peak memory", memory]]),
    ...(cost === null ? [] : [["cost", `${renderNumber(cost.amount, 2)} ${escapeMarkdown(cost.currency, 10)}`]]),
  ];
  return [tableBlock(["", ""], [":--", ":--"], rows)];
}

function renderFiles({ evidence, files: published = [] }: CardFacts, runRecord: RunRecord | null): Block[] {
  const files = evidence?.candidate?.files ?? runRecord?.outputs ?? published;
  const rows = files.map(({ path, bytes, sha256 }) => [renderName(path), renderCount(bytes), `\`${sha256}\``]);
  return rows.length === 0 ? [] : [tableBlock(["file", "bytes", "sha256"], [":--", "--:", ":--"], rows)];
}

function renderUnstated({ settings, evidence, ...facts }: CardFacts, runRecord: RunRecord | null): Block[] {
  const written = new Set((facts.written ?? []).map(({ id }) => id));
  const missing = [
    settings?.task ? null : "what the model does (`task`)",
    evidence?.status === "judged" ? null : "how good it is: it was not judged",
    runRecord ? null : "how it was trained",
    settings?.slices.length ? null : "how it does on groups of rows (`slices`)",
    written.has("purpose") && written.has("limits") ? null : "intended use, and what it must not be used for",
  ].filter((item) => item !== null);
  return missing.length === 0 ? [] : [textBlock(missing.map((item) => `- ${item}`).join("\n"))];
}

function readRunRecord(evidence: ModelEvidence | null): RunRecord | null {
  const parsed = RunRecord.safeParse(evidence?.runRecord);
  return parsed.success ? parsed.data : null;
}

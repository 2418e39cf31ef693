// The model card as it stands in a release.
import { expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import { listPublishedSections } from "../../src/report/card-sections.ts";
import { listCardSections, renderModelCard } from "../../src/report/model-card.ts";
import { betterRain } from "./example-evidence.ts";

const settings =
  parseConfig(
    "models: { rain: { task: binary, label: rained, features: [wind, temp_max], decision: { threshold: 0.4, positive: yes } } }",
    "modelgate.yml",
  ).models.get("rain") ?? null;

it("says what is known, and what nobody stated", async () => {
  const runRecord = {
    kind: "run-record" as const,
    schemaVersion: 1 as const,
    model: "rain",
    trainer: "tfjs",
    params: { epochs: 40, "a|b": "`x`" },
    seed: 1,
    code: { sha: "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678", dirty: false },
    data: [
      {
        name: "train",
        source: "data/weather.csv",
        window: { from: "2012-01-01", to: "2013-12-31" },
        sha256: "7a".repeat(32),
        rows: 731,
        columns: ["wind", "temp_max", "rained"],
      },
    ],
    features: ["wind", "temp_max"],
    environment: { node: "20.20.2" },
    startedAt: "2026-03-01T12:00:00Z",
    durationSeconds: 4.21,
    peakMemoryBytes: 138e6,
    exitCode: 0,
    cost: null,
    outputs: [],
    metrics: {},
  };
  const card = renderModelCard({ name: "rain", version: "1.1.0", settings, evidence: betterRain, runRecord });
  await expect(card).toMatchFileSnapshot("../golden/model-card.md");
  const facts = { name: "rain", version: "1.1.0", settings, evidence: betterRain, runRecord };
  const written = [{ id: "limits", title: "Known limits", text: "No snow." }];
  for (const more of [{}, { written }, { runRecord: null }, { evidence: null, written }]) {
    const made = listCardSections({ ...facts, ...more });
    expect(listPublishedSections(renderModelCard({ ...facts, ...more }))).toEqual(expect.arrayContaining([...made]));
  }
});

it("does not look complete when nothing is known", async () => {
  const card = renderModelCard({ name: "rain", version: null, settings: null, evidence: null, runRecord: null });
  await expect(card).toMatchFileSnapshot("../golden/model-card-empty.md");
});

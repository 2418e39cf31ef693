// What is said of the rows as a whole: `multivariate` of a drift report.
import type { DriftPolicy } from "./drift-report.ts";
import type { EmbeddingTest } from "./embeddings.ts";

/** One test of the rows as a whole, on rows that nothing was learned from. */
export interface JointTest {
  /** Area under the ROC curve: 0.5 = the sides cannot be told apart. */
  readonly area: number;
  /** By exchanging rows, or whole groups; (k + 1) / (B + 1). */
  readonly pValue: number;
  readonly permutations: number;
  /** Points of probability mass that moved, in [0, 1]: the largest distance of the scores' distribution functions. */
  readonly effect: number;
}

export interface MultivariateTest {
  /** Sampled rows. */
  readonly rows: { readonly reference: number; readonly current: number };
  /** Rows or groups that are exchanged whole. */
  readonly units: { readonly reference: number; readonly current: number };
  readonly features: number;
  readonly classifier: JointTest & { readonly terms: readonly string[] };
  /** Null with a single feature. */
  readonly reconstruction:
    | (JointTest & {
        readonly components: number;
        readonly features: number;
        readonly referenceError: number;
        readonly currentError: number;
      })
    | null;
  /** Vectors in one column or in columns of one prefix. */
  readonly embeddings: readonly EmbeddingTest[];
  /** Columns that the classifier needs, most needed first: area lost when the column's rows are exchanged at random. */
  readonly drivers: readonly { readonly name: string; readonly lostArea: number }[];
}

export type MultivariateOutcome = "drift" | "inconclusive" | "insufficient";

/** `inconclusive` says that nothing was shown, never that the rows are stable: another classifier might see more. */
export interface MultivariateDrift extends Omit<MultivariateTest, "classifier" | "reconstruction" | "embeddings"> {
  readonly outcome: MultivariateOutcome;
  readonly reason: string;
  readonly classifier: (MultivariateTest["classifier"] & { readonly adjustedPValue: number }) | null;
  readonly embeddings: readonly (EmbeddingTest & {
    readonly adjustedPValue: number;
    readonly outcome: MultivariateOutcome;
  })[];
  readonly reconstruction:
    | (NonNullable<MultivariateTest["reconstruction"]> & { readonly adjustedPValue: number })
    | null;
}

/** What was asked for and could not be tested. */
export function refuseJointly(rows: MultivariateTest["rows"], reason: string): MultivariateDrift {
  const none = { classifier: null, reconstruction: null, features: 0, drivers: [], embeddings: [] };
  return { ...none, rows, units: rows, outcome: "insufficient", reason };
}

/** The p-values that join the run's family, in the order in which `decideJointly` takes the adjusted ones. */
export function listJointPValues(test: MultivariateTest): readonly number[] {
  return [
    test.classifier.pValue,
    ...(test.reconstruction ? [test.reconstruction.pValue] : []),
    ...test.embeddings.map(({ pValue }) => pValue),
  ];
}

/** Drift when a test is significant within the run's family and at least the policy's effect of the mass moved. */
export function decideJointly(
  test: MultivariateTest,
  adjusted: readonly number[],
  policy: DriftPolicy,
): MultivariateDrift {
  const classifier = { ...test.classifier, adjustedPValue: adjusted[0] ?? 1 };
  const reconstruction = test.reconstruction ? { ...test.reconstruction, adjustedPValue: adjusted[1] ?? 1 } : null;
  const before = test.reconstruction ? 2 : 1;
  const embeddings = test.embeddings.map((one, i) => {
    const adjustedPValue = adjusted[before + i] ?? 1;
    const drifted = adjustedPValue <= policy.level && one.effect >= policy.effect;
    return { ...one, adjustedPValue, outcome: drifted ? ("drift" as const) : ("inconclusive" as const) };
  });
  const vectors = embeddings.filter(({ outcome }) => outcome === "drift");
  const moved = [classifier, reconstruction].map(
    (one) => one !== null && one.adjustedPValue <= policy.level && one.effect >= policy.effect,
  );
  const named = test.drivers.slice(0, 5).map(({ name }) => name);
  const words = [
    `a classifier tells current rows from reference rows with an area of ${classifier.area.toFixed(3)} (adjusted p ${short(classifier.adjustedPValue)}, ${points(classifier.effect)} points of the rows moved)`,
    reconstruction
      ? `rows ${reconstruction.currentError > reconstruction.referenceError ? "fit the reference's principal components worse" : "lie closer to the reference's principal components"} (error ${reconstruction.currentError.toFixed(3)} against ${reconstruction.referenceError.toFixed(3)}, adjusted p ${short(reconstruction.adjustedPValue)}, ${points(reconstruction.effect)} points)`
      : "",
  ];
  if (!moved.includes(true) && vectors.length === 0) {
    const reason = `the rows as a whole are not shown to have moved: area ${classifier.area.toFixed(3)}, adjusted p ${short(classifier.adjustedPValue)}`;
    return { ...test, classifier, reconstruction, embeddings, outcome: "inconclusive", reason };
  }
  const told = [
    ...words.filter((_, i) => moved[i]),
    ...vectors.map(
      ({ name, effect, adjustedPValue, centroidCosine }) =>
        `the vectors of ${name} moved by ${points(effect)} points (adjusted p ${short(adjustedPValue)}, cosine of the means ${centroidCosine === null ? "unknown" : centroidCosine.toFixed(3)})`,
    ),
  ].join("; ");
  const driven = moved[0] && named.length > 0 ? `, driven by ${named.join(", ")}` : "";
  return { ...test, classifier, reconstruction, embeddings, outcome: "drift", reason: told + driven };
}

function points(share: number): string {
  return (share * 100).toFixed(1);
}

function short(p: number): string {
  if (p === 0) return "below 1e-300";
  return p < 0.001 ? p.toExponential(0) : p.toPrecision(2);
}

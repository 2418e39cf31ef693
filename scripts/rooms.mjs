// @ts-check
// The rooms of the house, lowest first: a room imports only itself and rooms of lower floors. One list for the linter's
// configuration, the test of the layers and the picture in the guide.

/**
 * @typedef {{ name: string, path: string, floor: number, pure: boolean, summary: string }} Room
 * @type {readonly Room[]}
 */
export const rooms = [
  { name: "errors", path: "src/errors.ts", floor: 0, pure: true, summary: "the three families of errors" },
  { name: "names", path: "src/nearest-name.ts", floor: 0, pure: true, summary: "did you mean …?" },
  { name: "json", path: "src/json", floor: 1, pure: true, summary: "canonical JSON and digests" },
  { name: "tables", path: "src/tables", floor: 2, pure: true, summary: "columns in memory" },
  {
    name: "statistics",
    path: "src/statistics",
    floor: 2,
    pure: true,
    summary: "tests, intervals, resampling, corrections",
  },
  {
    name: "evaluation",
    path: "src/evaluation",
    floor: 3,
    pure: true,
    summary: "metrics, slices, comparison, gates → verdict",
  },
  {
    name: "monitoring",
    path: "src/monitoring",
    floor: 3,
    pure: true,
    summary: "drift policy, performance, incidents → decision",
  },
  {
    name: "registry",
    path: "src/registry",
    floor: 3,
    pure: true,
    summary: "events → state, promotion rules, publish protocol",
  },
  { name: "config", path: "src/config", floor: 4, pure: true, summary: "modelgate.yml and modelgate.lock" },
  {
    name: "evidence",
    path: "src/evidence",
    floor: 5,
    pure: true,
    summary: "the bundle of a workflow run: the trust boundary",
  },
  { name: "report", path: "src/report", floor: 6, pure: true, summary: "data → markdown, mermaid, SVG" },
  { name: "host", path: "src/host", floor: 6, pure: false, summary: "clock, files, processes, engines, HTTP" },
  { name: "data", path: "src/data", floor: 7, pure: false, summary: "sources, profiles, expectations on DuckDB" },
  { name: "runtimes", path: "src/runtimes", floor: 8, pure: false, summary: "load a model and predict" },
  { name: "training", path: "src/training", floor: 9, pure: false, summary: "trainers" },
  { name: "benchmark", path: "src/benchmark", floor: 9, pure: false, summary: "interleaved latency comparison" },
  { name: "github", path: "src/github", floor: 7, pure: false, summary: "the only room that talks to GitHub" },
  {
    name: "commands",
    path: "src/commands",
    floor: 10,
    pure: false,
    summary: "use cases: gather → decide → plan → apply",
  },
  { name: "cli", path: "src/cli", floor: 11, pure: false, summary: "the `modelgate` command" },
  { name: "actions", path: "actions", floor: 11, pure: false, summary: "reusable actions" },
  { name: "app", path: "app", floor: 11, pure: false, summary: "the Probot App" },
];

/** Files of a pure room that do I/O all the same, each with its reason. */
export const impureFiles = new Map([
  ["src/json/digest.ts", "hashing is a pure function; node:crypto is where it lives"],
  ["src/evidence/unpack.ts", "the guarded unpacking writes the files it admits"],
]);

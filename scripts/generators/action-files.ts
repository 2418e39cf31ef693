// action.yml and README of every action, from its schema of inputs. One import and one line per action; a test keeps list = folders.
import * as adopt from "../../actions/adopt/inputs.ts";
import * as benchmark from "../../actions/benchmark/inputs.ts";
import * as drift from "../../actions/drift/inputs.ts";
import { renderActionMetadata, renderActionReadme } from "../../actions/metadata.ts";
import * as monitor from "../../actions/monitor/inputs.ts";
import * as promote from "../../actions/promote/inputs.ts";
import * as publish from "../../actions/publish/inputs.ts";
import * as report from "../../actions/report/inputs.ts";
import * as run from "../../actions/run/inputs.ts";
import * as train from "../../actions/train/inputs.ts";
import * as validate from "../../actions/validate/inputs.ts";
import type { GeneratedFile } from "./generated-files.ts";

const actions = [run, train, validate, benchmark, report, adopt, publish, promote, drift, monitor] as const;

/** The umbrella's metadata lies at the root, the others' in their folders. */
export function listActionFiles(): readonly GeneratedFile[] {
  return actions.flatMap(({ about, Inputs }) => [
    {
      path: about.name === "run" ? "action.yml" : `actions/${about.name}/action.yml`,
      text: renderActionMetadata(about, Inputs),
    },
    { path: `actions/${about.name}/README.md`, text: renderActionReadme(about, Inputs) },
  ]);
}

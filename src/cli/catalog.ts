// Every terminal command, in the order of `modelgate --help`.
import { benchmark } from "./benchmark.ts";
import { card } from "./card.ts";
import type { Command } from "./command.ts";
import { compare } from "./compare.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { drift } from "./drift.ts";
import { expect } from "./expect.ts";
import { expectInfer } from "./expect-infer.ts";
import { gatesPlan } from "./gates-plan.ts";
import { init } from "./init.ts";
import { lock } from "./lock.ts";
import { monitor } from "./monitor.ts";
import { profile } from "./profile.ts";
import { profileMerge } from "./profile-merge.ts";
import { promote } from "./promote.ts";
import { publish } from "./publish.ts";
import { registryDownload } from "./registry-download.ts";
import { registryGc } from "./registry-gc.ts";
import { registryHistory } from "./registry-history.ts";
import { registryList } from "./registry-list.ts";
import { registryNotify } from "./registry-notify.ts";
import { registryResolve } from "./registry-resolve.ts";
import { registryRulesets } from "./registry-rulesets.ts";
import { registryShow } from "./registry-show.ts";
import { registryVerify } from "./registry-verify.ts";
import { report } from "./report.ts";
import { rollback } from "./rollback.ts";
import { train } from "./train.ts";
import { validate } from "./validate.ts";

export const commands: readonly Command[] = [
  init,
  doctor,
  demo,
  profile,
  profileMerge,
  drift,
  expect,
  expectInfer,
  compare,
  gatesPlan,
  lock,
  train,
  validate,
  benchmark,
  report,
  publish,
  promote,
  rollback,
  monitor,
  registryList,
  registryShow,
  registryHistory,
  registryVerify,
  registryResolve,
  registryDownload,
  registryNotify,
  registryGc,
  registryRulesets,
  card,
];

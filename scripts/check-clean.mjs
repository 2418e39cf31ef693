#!/usr/bin/env node
// @ts-check
// Fails when building or generating changed a tracked file: generated files are committed as the generators write them.
import { execFileSync } from "node:child_process";

const status = execFileSync("git", ["status", "--porcelain"], { encoding: "utf8" });
if (status !== "") {
  process.stderr.write(`These files differ from what the generators write; commit them:\n${status}`);
  process.stderr.write(execFileSync("git", ["diff", "--stat"], { encoding: "utf8" }));
  process.exit(1);
}
process.stdout.write("the work tree is clean\n");

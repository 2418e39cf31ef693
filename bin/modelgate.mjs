#!/usr/bin/env node
import { existsSync } from "node:fs";

const built = new URL("../dist/cli.mjs", import.meta.url);
if (!existsSync(built)) {
  process.stderr.write("modelgate: dist/cli.mjs is missing; run `npm run build` in the clone first\n");
  process.exit(70);
}
await import(built.href);

// The `modelgate` process: the only place that touches argv, stdout and the exit status.
import packageDocument from "../../package.json" with { type: "json" };
import { createStop } from "../host/stop.ts";
import { runProgram } from "./program.ts";

const stop = createStop();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));

// Whoever reads us may have seen enough (`| head`): the rest is for nobody, and the exit status stays what it is.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

process.exitCode = await runProgram(
  process.argv.slice(2),
  {
    folder: process.cwd(),
    environment: process.env,
    now: () => new Date(),
    progress: (line) => process.stderr.write(`${line}\n`),
    signal: stop.signal,
  },
  { stdout: (text) => process.stdout.write(text), stderr: (text) => process.stderr.write(text) },
  packageDocument.version,
);

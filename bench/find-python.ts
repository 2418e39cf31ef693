// A Python for peers: the first on the machine that has the modules.
import { spawnSync } from "node:child_process";

/** The command of a Python that imports all of `modules`; null when there is none. Debian's own is looked for too: it has Debian's packages. */
export function findPython(modules: readonly string[]): string | null {
  const program = `import ${modules.join(", ")}`;
  const candidates = ["python3", "/usr/bin/python3"];
  return candidates.find((command) => spawnSync(command, ["-c", program]).status === 0) ?? null;
}

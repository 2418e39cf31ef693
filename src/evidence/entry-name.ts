// Which names an archive may carry: the part of the guard that needs no file.

/**
 * What is wrong with the names of an archive, or null. Names are relative with forward slashes; refused are empty parts, `.` and `..`,
 * absolute paths, drives, backslashes, control characters, the same name twice, and names that differ only in case or Unicode form
 * (one file on some machines, two on others). Folder entries end in `/`.
 */
export function findNameProblem(names: readonly string[]): string | null {
  const seen = new Map<string, string>();
  for (const name of names) {
    const problem = checkName(name);
    if (problem) return `${JSON.stringify(name.slice(0, 200))}: ${problem}`;
    const folded = name.replace(/\/$/, "").normalize("NFC").toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) {
      return other === name
        ? `${JSON.stringify(name)} occurs twice`
        : `${JSON.stringify(other)} and ${JSON.stringify(name)} are one file where case does not matter`;
    }
    seen.set(folded, name);
  }
  return null;
}

function checkName(name: string): string | null {
  if (name.length === 0) return "the name is empty";
  if (name.length > 1000) return "the name is longer than 1,000 characters";
  if (name.includes("\\")) return "a backslash";
  if (name.startsWith("/")) return "an absolute path";
  if (/^[a-z]:/i.test(name)) return "a drive";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) return "a control character";
  const parts = name.replace(/\/$/, "").split("/");
  if (parts.some((part) => part === "..")) return "leads out of the archive (..)";
  if (parts.some((part) => part === "" || part === ".")) return "an empty or `.` part";
  return null;
}

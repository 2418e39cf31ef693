// The App was installed: says in the log what the installation lacks. Nothing is written to a repository nobody asked us about.
import manifest from "../manifest.json" with { type: "json" };

const levels = ["none", "read", "write", "admin"];

/** Logs permissions and events that the manifest asks for and this installation does not have (yet). */
export function handleInstallation(
  name: string,
  permissions: Readonly<Record<string, string | undefined>>,
  events: readonly string[],
  progress: (line: string) => void,
): void {
  const missing = findMissing(permissions, events);
  progress(missing.length === 0 ? `${name}: everything is granted` : `${name}: not granted: ${missing.join(", ")}`);
}

/** `permission: level` and event names that are not granted. */
export function findMissing(
  permissions: Readonly<Record<string, string | undefined>>,
  events: readonly string[],
): readonly string[] {
  const lacking = Object.entries(manifest.default_permissions)
    .filter(([permission, level]) => levels.indexOf(permissions[permission] ?? "none") < levels.indexOf(level))
    .map(([permission, level]) => `${permission}: ${level}`);
  return [...lacking, ...manifest.default_events.filter((event) => !events.includes(event))];
}

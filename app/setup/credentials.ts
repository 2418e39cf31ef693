// What GitHub hands out once for a new App, kept in two files that only their owner can read.
import { existsSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InputError, ProviderError } from "../../src/errors.ts";

export const Conversion = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  html_url: z.url(),
  pem: z.string().includes("PRIVATE KEY"),
  webhook_secret: z.string().min(1),
});
export type Conversion = z.infer<typeof Conversion>;

export const environmentFile = ".env";
export const keyFile = "modelgate-app.private-key.pem";

/** Exchanges the code, which is good for an hour and once. @throws ProviderError without the code or the answer in it */
export async function exchangeCode(apiUrl: string, code: string, fetcher: typeof fetch): Promise<Conversion> {
  const answer = await fetcher(`${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: "POST",
    headers: { accept: "application/vnd.github+json", "user-agent": "modelgate-setup" },
    redirect: "manual",
  }).catch((error: unknown) => {
    throw new ProviderError("GitHub could not be reached", { cause: error });
  });
  if (answer.status !== 201) throw new ProviderError(`GitHub did not take the code: ${answer.status}`);
  const parsed = Conversion.safeParse(await answer.json().catch(() => null));
  if (!parsed.success) throw new ProviderError("GitHub's answer is not that of a new App");
  return parsed.data;
}

/** Refuses before anything is made when there are credentials already. */
export function refuseOverwriting(folder: string): void {
  const standing = [environmentFile, keyFile].filter((name) => existsSync(join(folder, name)));
  if (standing.length === 0) return;
  throw new InputError({
    message: `${standing.join(" and ")} exist already`,
    hint: "move them away: they may be all there is of an App's credentials",
  });
}

/** Writes both files with mode 0600; never over files that exist. Returns their names. */
export async function writeCredentials(
  app: Conversion,
  folder: string,
  host: { readonly gheHost: string | null; readonly gheProtocol: string },
): Promise<readonly string[]> {
  const lines = [
    `APP_ID=${app.id}`,
    `PRIVATE_KEY_PATH=${keyFile}`,
    `WEBHOOK_SECRET=${app.webhook_secret}`,
    ...(host.gheHost === null ? [] : [`GHE_HOST=${host.gheHost}`, `GHE_PROTOCOL=${host.gheProtocol}`]),
  ];
  for (const [name, text] of [
    [keyFile, app.pem],
    [environmentFile, `${lines.join("\n")}\n`],
  ] as const) {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600, flag: "wx" });
    await chmod(path, 0o600);
  }
  return [environmentFile, keyFile];
}

// What somebody with write access can do to a published release by hand.
import type { LocalRegistry } from "./local-registry.ts";

/** Puts other bytes under the name of an asset of the release with this tag, as the web page would: delete, upload. */
export async function replaceAsset(
  { call, github }: LocalRegistry,
  repository: string,
  tag: string,
  name: string,
): Promise<void> {
  const release = (await call("GET", `/repos/${repository}/releases/tags/${tag}`)) as {
    readonly upload_url: string;
    readonly assets: readonly { readonly id: number; readonly name: string }[];
  };
  const asset = release.assets.find((each) => each.name === name);
  await call("DELETE", `/repos/${repository}/releases/assets/${asset?.id}`);
  const answer = await fetch(`${release.upload_url.replace(/\{.*/, "")}?name=${name}`, {
    method: "POST",
    headers: { authorization: `Bearer ${github.token}`, "content-type": "application/octet-stream" },
    body: "poison",
  });
  if (!answer.ok) throw new Error(`the asset could not be replaced: ${answer.status}`);
}

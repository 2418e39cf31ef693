// Reading the small texts of a release: bounded, whatever the host sends.
import type { ReleaseAsset, ReleasePort } from "./release.ts";

const limitBytes = 4_000_000;

/** The asset's text; null when it is longer than 4 MB or not UTF-8. */
export async function readAssetText(releases: ReleasePort, asset: ReleaseAsset): Promise<string | null> {
  if (asset.bytes > limitBytes) return null;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of await releases.download(asset.id, 0)) {
    size += piece.byteLength;
    if (size > limitBytes) return null;
    pieces.push(piece);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(whole);
  } catch {
    return null;
  }
}

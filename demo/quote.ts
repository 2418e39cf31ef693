// Shows what the product wrote, as people read it: the sticky comment without its folded parts and pictures.
import type { World } from "./world.ts";

const shownLines = 24;

/** Quotes the visible part of a comment. */
export function quoteSticky(world: World, body: string): void {
  const visible = body
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<details>[\s\S]*?<\/details>/g, "")
    .replace(/```mermaid[\s\S]*?```/g, "(picture: mermaid)")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/<\/?sub>/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  world.narrator.quote(visible.slice(0, shownLines).join("\n"));
}

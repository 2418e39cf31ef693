// The loops that count numbers as bytes of WebAssembly; made when the programs are built.
import { assemble } from "../statistics/assembly.ts";
import { coarsen, count } from "./bin-kernels.ts";
import { sketchDoubles, sketchIntegers } from "./sketch-kernels.ts";

export const binModule: Uint8Array<ArrayBuffer> = assemble({
  countDoubles: count("double"),
  countIntegers: count("integer"),
  coarsen,
  sketchDoubles,
  sketchIntegers,
});

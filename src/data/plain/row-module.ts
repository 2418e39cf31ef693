// The loops over fields as bytes of WebAssembly; made when the programs are built.
import { assemble } from "../../statistics/assembly.ts";
import { convertKernel } from "./convert-code.ts";
import { rowKernel } from "./row-code.ts";

export const rowModule: Uint8Array<ArrayBuffer> = assemble({ readRows: rowKernel, convert: convertKernel });

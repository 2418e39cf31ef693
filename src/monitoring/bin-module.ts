// The loops over numbers and tables of bins as bytes of WebAssembly; made when the programs are built.
import { assemble } from "../statistics/assembly.ts";
import { binKernels } from "./bin-kernels.ts";
import { tableKernels } from "./table-kernels.ts";

export const binModule: Uint8Array<ArrayBuffer> = assemble({ ...binKernels, ...tableKernels });

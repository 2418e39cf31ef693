// Every runtime, in the order in which a model is shown to them. The program of `predict:` is chosen by the config, not by format.
import { command } from "./command.ts";
import { onnx } from "./onnx.ts";
import { predictionsFile } from "./predictions-file.ts";
import type { Runtime } from "./runtime.ts";
import { tfjs } from "./tfjs.ts";

export const runtimeCatalog: readonly Runtime[] = [onnx, tfjs, command, predictionsFile];

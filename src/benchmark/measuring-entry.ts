// The measuring process of a clone: dist/measure.mjs.
import { runMeasuringProcess } from "./measuring-process.ts";

void runMeasuringProcess();

// A thread of `spreadRuns`: a program of its own, so that starting one does not load every benchmark.
import { parentPort, workerData } from "node:worker_threads";
import { tallyPart } from "./simulations.ts";
import type { Order, Part } from "./spread.ts";

const order = workerData as Order;
parentPort?.on("message", (part: Part) => parentPort?.postMessage(tallyPart(order, part)));

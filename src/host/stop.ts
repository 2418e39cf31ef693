// The way to stop what is under way.
import { setMaxListeners } from "node:events";

/**
 * For a process' own signal. Every request and wait under way listens to it and stops listening at its end; with many
 * at once (50 writers that wait for their turn) Node would take them for a leak and warn.
 */
export function createStop(): AbortController {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return stop;
}

/** Stops when `signal` does, or by itself. */
export function createStopWithin(signal: AbortSignal): { readonly signal: AbortSignal; readonly abort: () => void } {
  const own = new AbortController();
  const either = AbortSignal.any([signal, own.signal]);
  setMaxListeners(0, either);
  return { signal: either, abort: () => own.abort() };
}

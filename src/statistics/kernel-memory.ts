// Memory for the loops in WebAssembly: one for all that need no memory of their own, since each reserves ten gigabytes of addresses.
import { ProviderError } from "../errors.ts";

const pageBytes = 65_536;

export interface KernelMemory {
  /** The address of so many bytes that are 0, which nobody else has: a multiple of 65,536. */
  readonly reserve: (bytes: number) => number;
  /** All of it, to be asked for again whenever somebody may have reserved more: what was there is elsewhere then. */
  readonly bytes: () => Uint8Array;
  readonly words: () => Uint32Array;
  readonly numbers: () => Float64Array;
  /** The functions of a module that `assemble` made, by their names, as they are called with addresses. ProviderError where there is no memory. */
  readonly instantiate: (module: Uint8Array<ArrayBuffer>) => Readonly<Record<string, unknown>>;
}

let shared: KernelMemory | null = null;

/** Whoever calls a loop reads what it wrote before anybody else has a turn. Throws ProviderError where there is no memory. */
export function shareKernelMemory(): KernelMemory {
  shared ??= createKernelMemory();
  return shared;
}

/** A memory of so many pages of 65,536 bytes. Throws ProviderError where the addresses for it are not to be had. */
export function createPages(pages: number): WebAssembly.Memory {
  return orSay(() => new WebAssembly.Memory({ initial: pages }));
}

/** So many pages more; how many there were. Throws ProviderError where there are none. */
export function growPages(memory: WebAssembly.Memory, pages: number): number {
  return orSay(() => memory.grow(pages));
}

function createKernelMemory(): KernelMemory {
  const memory = createPages(0);
  const take = () => ({
    bytes: new Uint8Array(memory.buffer),
    words: new Uint32Array(memory.buffer),
    numbers: new Float64Array(memory.buffer),
  });
  let views = take();
  const look = (): typeof views => {
    if (views.bytes.buffer !== memory.buffer) views = take();
    return views;
  };
  return {
    reserve: (bytes) => growPages(memory, Math.ceil(bytes / pageBytes)) * pageBytes,
    bytes: () => look().bytes,
    words: () => look().words,
    numbers: () => look().numbers,
    instantiate: (module) => new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } }).exports,
  };
}

function orSay<T>(get: () => T): T {
  try {
    return get();
  } catch (cause) {
    throw new ProviderError(
      {
        message: "the system gives no memory to WebAssembly",
        expected: "ten gigabytes of addresses, of which only what is used becomes memory",
        received: cause instanceof Error ? cause.message : String(cause),
        hint: "lift the limit of virtual memory (ulimit -v unlimited), or give the machine more memory",
      },
      { cause },
    );
  }
}

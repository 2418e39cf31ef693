// One memory, of which everybody has a part of their own.
import { expect, it } from "vitest";
import { ProviderError } from "../../src/errors.ts";
import { assemble, i32 } from "../../src/statistics/assembly.ts";
import { createPages, growPages, shareKernelMemory } from "../../src/statistics/kernel-memory.ts";

it("gives parts that do not overlap and are 0, also after others took more", () => {
  const memory = shareKernelMemory();
  const first = memory.reserve(10);
  memory.bytes()[first] = 7;
  const second = memory.reserve(70_000);
  expect(second - first).toBeGreaterThanOrEqual(65_536);
  expect(memory.reserve(1) - second).toBeGreaterThanOrEqual(2 * 65_536);
  expect(memory.bytes()[first]).toBe(7);
  expect(
    memory
      .bytes()
      .subarray(second, second + 70_000)
      .every((byte) => byte === 0),
  ).toBe(true);
  expect(memory.words()[first / 4]).toBe(7);
  expect(memory.numbers().buffer).toBe(memory.bytes().buffer);
});

it("is what the loops work on", () => {
  const memory = shareKernelMemory();
  const at = memory.reserve(4);
  const { write } = memory.instantiate(
    assemble({ write: { parameters: ["at", "value"], body: ({ get }) => [i32.store(get("at"), get("value"))] } }),
  );
  (write as (at: number, value: number) => void)(at, 12_345);
  expect(memory.words()[at / 4]).toBe(12_345);
});

it("says what is missing where there is no more", () => {
  const pages = createPages(1);
  expect(growPages(pages, 1)).toBe(1);
  expect(() => growPages(pages, 70_000)).toThrow(ProviderError);
});

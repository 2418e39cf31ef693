import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { renderCanonicalJson } from "../../src/json/canonical-json.ts";

describe("canonical JSON", () => {
  it("renders the example of RFC 8785, section 3.2.2", () => {
    const value = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    };
    expect(renderCanonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("sorts members by UTF-16 code units, as the RFC's section 3.2.3 shows", () => {
    const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
    const keys = [...renderCanonicalJson(value).matchAll(/:(\d)/g)].map((match) => match[1]);
    expect(keys).toEqual(["2", "4", "6", "7", "1", "5", "3"]);
  });

  it("writes -0 as 0 and leaves undefined members out", () => {
    expect(renderCanonicalJson({ b: -0, a: undefined })).toBe('{"b":0}');
  });

  it.each([
    ["NaN", { a: [1, Number.NaN] }, "$.a[1]"],
    ["an infinity", { a: Number.POSITIVE_INFINITY }, "$.a"],
    ["half a surrogate pair", "\ud800", "$"],
    ["a date", { at: new Date(0) }, "$.at"],
    ["a bigint", 1n, "$"],
  ])("refuses %s and says where", (_name, value, key) => {
    expect(() => renderCanonicalJson(value)).toThrow(InputError);
    try {
      renderCanonicalJson(value);
    } catch (error) {
      expect((error as InputError).problems[0].key).toBe(key);
    }
  });

  it("refuses a cycle but not the same object twice", () => {
    const shared = { a: 1 };
    expect(renderCanonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    expect(() => renderCanonicalJson(cycle)).toThrow(InputError);
  });

  it("is the same text for the same value in any order, and reads back as that value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), (value) => {
        const text = renderCanonicalJson(value);
        const shuffled = Object.fromEntries(Object.entries(value).reverse());
        expect(renderCanonicalJson(shuffled)).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

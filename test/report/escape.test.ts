// Text from a pull request becomes inert markdown: it mentions nobody, links nowhere, breaks no table, opens no tag, hides nothing.
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import {
  countBytes,
  cutToBytes,
  escapeMarkdown,
  renderChartLabel,
  renderName,
  renderOutput,
  renderProse,
} from "../../src/report/escape.ts";

/** What GitHub's markdown would still act on: an unescaped sign with a meaning, a mention, a reference, an address. */
function findLive(escaped: string): string | undefined {
  // Digests stand in code spans, where nothing is live.
  const text = escaped.replace(/`[0-9a-f]{7,}`/gi, "");
  const live = [
    /(?<!\\)(?:\\\\)*[|`*[\]!~]/,
    /[<>]/,
    /\$/,
    /@[\w-]/,
    /(?<!&)#\d/,
    /\bGH-\d/i,
    /:\/\//,
    /www\.\w/i,
    /[\r\n\u2028\u2029]/,
    /[\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]/,
    /\b[0-9a-f]{7,40}\b/i,
    /&(?!(?:amp|lt|gt|#36);)/,
  ];
  return live.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined);
}

const hostile = [
  "@org/team",
  "#1",
  "GH-1",
  "user/repo#2",
  "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678",
  "| a | b |",
  "line\nbreak\r\nand more",
  "`code`",
  "``` fence",
  "</details>",
  "<img src=https://evil.example/x.png>",
  "[ok](https://evil.example)",
  "![x](https://evil.example/x.png)",
  "<!-- modelgate -->",
  "https://evil.example www.evil.example mailto:a@b.example",
  `$({curl,-sSfL,x}$\{IFS}|$\{IFS}bash)`,
  "\u202egnp.exe",
  "a\u200bb\u2066c",
  "*bold* _it_ ~~gone~~ **x**",
  "# heading",
  "\\| \\` \\[",
  "&lt;script&gt;",
  "constructor",
  "$x^2$",
];

describe("escapeMarkdown", () => {
  it.each(hostile)("leaves nothing live in %j", (text) => {
    expect(findLive(escapeMarkdown(text))).toBeUndefined();
  });

  it("leaves nothing live in anything", () => {
    const piece = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "binary", maxLength: 20 }), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const shown = escapeMarkdown(pieces.join(""));
        expect(findLive(shown)).toBeUndefined();
        expect(shown).not.toMatch(/\p{Cs}/u);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["roc_auc", "roc_auc"],
    ["season=winter", "season=winter"],
    ["temp_max above 20 °C (n = 118)", "temp_max above 20 °C (n = 118)"],
    ["0.5 points", "0.5 points"],
    ["_private", "\\_private"],
    ["- item", "\u200b- item"],
    ["1. item", "\u200b1. item"],
    ["a < b & c > d", "a &lt; b &amp; c &gt; d"],
  ])("keeps %j readable", (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it("shows digests whole, so that they can be copied, whatever stands around them", () => {
    const sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    expect(escapeMarkdown(`sha256 ${sha256}, 3 bytes`)).toBe(`sha256 \`${sha256}\`, 3 bytes`);
    const markdown = new MarkdownIt({ html: true, linkify: true });
    const around = fc.constantFrom("`", "``", "\\", "\\`", "*", "[", "](x)", "<b>", " ", "@a", "#1", "|", "~", "_");
    const pieces = fc.array(fc.oneof(around, fc.constant(sha256), fc.constant("abcdef1")), { maxLength: 8 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join("");
        const shown = markdown.renderInline(escapeMarkdown(text, 2000));
        const plain = shown.replaceAll(/<code>[0-9a-f]+<\/code>/g, "");
        expect(plain).not.toMatch(/<\w/);
        expect(plain.split("`").length).toBe(text.split("`").length);
        const tokens = text.match(/\b[0-9a-f]{7,}\b/g) ?? [];
        const copied: readonly string[] = shown.match(/(?<=<code>)[0-9a-f]+(?=<\/code>)/g) ?? [];
        expect(copied).toEqual(expect.arrayContaining(tokens));
        expect(copied.every((digest) => text.includes(digest))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("cuts by bytes and between code points", () => {
    const text = "🌧".repeat(30_000);
    const shown = escapeMarkdown(text, 100);
    expect(countBytes(shown)).toBeLessThanOrEqual(100);
    expect(shown).toMatch(/^🌧+…$/u);
    expect(cutToBytes("é".repeat(50), 21)).toBe(`${"é".repeat(9)}…`);
    expect(cutToBytes("short", 5)).toBe("short");
  });

  it("takes ten thousand characters without trouble", () => {
    expect(countBytes(escapeMarkdown("x|".repeat(500_000)))).toBeLessThan(1000);
  });
});

describe("renderName", () => {
  it.each([
    ["roc_auc", "`roc_auc`"],
    ["@org/team", "`@org/team`"],
    ["", "(empty)"],
    ["a`b", "a\\`b"],
    ["a|b", "a\\|b"],
  ])("%j is shown as %j", (name, expected) => {
    expect(renderName(name)).toBe(expected);
  });

  it("never lets a name out of its code span", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (name) => {
        const shown = renderName(name);
        const inside = /^`([^`|\n]+)`$/u.test(shown);
        expect(inside || findLive(shown) === undefined).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("renderProse", () => {
  it("keeps names between backticks and nothing else", () => {
    expect(renderProse("`temp_max` and `a|b` are gone, see [x](y)")).toBe(
      "`temp_max` and a\\|b are gone, see \\[x\\](y)",
    );
    expect(renderProse("one ` is no pair")).toBe("one \\` is no pair");
    expect(renderProse("` @org/team")).toContain("@\u200borg");
  });
});

describe("renderOutput", () => {
  it("fences with more backticks than the output has", () => {
    expect(renderOutput("a ````` b")).toBe("``````text\na ````` b\n``````");
  });

  it("keeps the last lines, without colours and control characters", () => {
    const text = `${"old line\n".repeat(1000)}\u001b[31merror\u001b[0m: last\u0007 line`;
    const shown = renderOutput(text, 200);
    expect(countBytes(shown)).toBeLessThan(260);
    expect(shown.endsWith("error: last line\n```")).toBe(true);
    expect(shown.startsWith("```text\n…\nold line")).toBe(true);
  });

  it("is nothing for nothing", () => {
    expect(renderOutput(" \n\t")).toBe("");
  });
});

describe("renderChartLabel", () => {
  it("lets no sign of the chart's language through", () => {
    expect(renderChartLabel('a"]\n  bar [1]')).toBe("a··   bar ·1·".replace(/ {2,}/g, " "));
    expect(renderChartLabel("")).toBe("·");
  });
});

// Are the patterns of expectations ones that RE2 takes? Asked before any data is read, so that the data is not blamed.
import type { ExpectationSettings } from "../config/settings.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { openEngine } from "./engine.ts";
import { quoteText } from "./sql.ts";

/** Throws InputError naming every `matches` that is no pattern. */
export async function checkPatterns(expectations: readonly ExpectationSettings[], context: Context): Promise<void> {
  const patterns = expectations.flatMap(({ column, matches }) => (matches === null ? [] : [{ column, matches }]));
  if (patterns.length === 0) return;
  const engine = await openEngine(context.signal);
  const problems = [];
  try {
    for (const { column, matches } of patterns) {
      try {
        await engine.query(`SELECT regexp_full_match('', ${quoteText(matches)})`);
      } catch (error) {
        context.signal.throwIfAborted();
        const said = error instanceof Error ? error.message.replace(/^Invalid Input Error: /, "") : String(error);
        problems.push({
          message: `\`matches\` of column ${JSON.stringify(column)} is no pattern that RE2 takes: ${said}`,
          key: "expect",
          expected: "a regular expression without look-around and back references",
          received: matches,
        });
      }
    }
  } finally {
    await engine.close();
  }
  if (problems.length > 0) throw new InputError(problems);
}

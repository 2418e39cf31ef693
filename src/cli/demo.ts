// `modelgate demo`: the whole loop on a local GitHub, on this machine alone.
import { InputError } from "../errors.ts";
import { defineCommand } from "./command.ts";

export const demo = defineCommand({
  name: "demo",
  summary: "play the whole loop on a local GitHub: pull requests, gates, releases, drift, rollback (about a minute)",
  options: [{ flags: "--open", summary: "then keep serving, to look around in a browser, until Ctrl-C" }],
  examples: ["modelgate demo", "modelgate demo --open"],
  run: async (input, context) => {
    const given = [
      ["--repo", input.repository],
      ["--config", input.configFile],
    ].find(([, value]) => value !== undefined);
    if (given) {
      throw new InputError({
        key: given[0] ?? "",
        message: "says nothing to the demo, which brings a GitHub and a repository of its own",
        received: given[1] ?? "",
        hint: "leave it out: `modelgate demo`",
      });
    }
    const { demo } = await import("../commands/demo.ts");
    return demo({ open: input.options["open"] === true }, context);
  },
});

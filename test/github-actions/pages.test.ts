import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawChart } from "../github/pages/chart.ts";
import { renderMarkdown } from "../github/pages/markdown.ts";
import { type Story, startStory } from "./story.ts";

describe("markdown of comments", () => {
  const render = (text: string): string => renderMarkdown(text, "/o/r").text;

  it("keeps tables, folded parts and small print", () => {
    const text = render(
      "| a | b |\n|:--|--:|\n| 1 | 2 |\n\n<details><summary>All</summary>\n\nmore\n\n</details>\n\n<sub>small</sub>",
    );
    expect(text).toContain("<table>");
    expect(text).toContain("<details><summary>All</summary>");
    expect(text).toContain("<sub>small</sub>");
  });

  it.each([
    ["a script", "<script>alert(1)</script>"],
    ["a handler", '<img src=x onerror="alert(1)">'],
    ["a handler on an allowed tag", '<details open onclick="alert(1)">'],
    ["a tag inside a block", "<details>\n<iframe src=//x></iframe>\n</details>"],
    ["a comment that hides a tag", "<!-- x --><svg onload=alert(1)>"],
  ])("shows %s as text", (_, text) => {
    expect(render(text)).not.toMatch(/<(script|img|iframe|svg)|<[^>]*\son\w+=/i);
  });

  it("does not link to what would run, links to issues, and drops markers", () => {
    expect(render("[x](javascript:alert(1))")).not.toContain("href");
    expect(render("see #12")).toContain('<a href="/o/r/issues/12">#12</a>');
    expect(render("<!-- modelgate -->\nhello")).not.toContain("modelgate");
  });

  it("draws our charts, and shows other diagrams as they are", () => {
    const chart =
      'xychart-beta\n  title "roc_auc <b>"\n  x-axis ["1.0.0", "this"]\n  y-axis 0.5 --> 1\n  bar [0.645, 0.873]';
    const drawn = render(`\`\`\`mermaid\n${chart}\n\`\`\``);
    expect(drawn.match(/<rect class="bar/g)).toHaveLength(2);
    expect(drawn).toContain("roc_auc &lt;b&gt;");
    expect(drawn).toContain(">0.873</text>");
    expect(drawChart("graph TD\nA-->B")).toBeUndefined();
    expect(drawChart("xychart-beta\n bar [1, x]")).toBeUndefined();
    expect(render("```mermaid\ngraph TD\n```")).toContain("graph TD");
  });
});

describe("pages", () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(async () => {
    expect(story.github.failures).toEqual([]);
    await story.end();
  });

  it("show a repository, its pull request with checks and comments, its runs and releases", async () => {
    const { owner } = story.github;
    await story.api("POST /user/repos", { name: "rain" });
    const repository = `${owner}/rain`;
    const workflow =
      "name: Check\non: pull_request\njobs: { modelgate-gate: { runs-on: x, steps: [{ name: Judge, run: 'echo judged; echo \"### Fine\" >> $GITHUB_STEP_SUMMARY' }] } }";
    story.commit(repository, "main", {
      "README.md": "# Rain\n",
      "data/a b.csv": "x\n",
      ".github/workflows/c.yml": workflow,
    });
    story.commit(repository, "modelgate/ledger", { "events/0/1.json": '{"event":"published"}' });
    const head = story.commit(repository, "more", { "data/c.csv": "y\n" }, { from: "main", message: "More data" });
    const wish = { title: "More <data>", head: "more", base: "main", body: "Because." };
    await story.api(`POST /repos/${repository}/pulls`, wish);
    await story.api(`POST /repos/${repository}/issues/1/comments`, { body: "### ✅ Modelgate\n\n| a |\n|--|\n| 1 |" });
    await story.api(`POST /repos/${repository}/releases`, {
      tag_name: "rain@1.0.0",
      name: "rain 1.0.0",
      body: "First.",
    });
    await story.github.idle();
    const { body } = await story.api(`GET /repos/${repository}/actions/runs`);
    const run = body.workflow_runs[0]?.id;
    const { body: jobs } = await story.api(`GET /repos/${repository}/actions/runs/${run}/jobs`);

    const seen: readonly (readonly [string, readonly string[]])[] = [
      ["", ["<h1>Rain</h1>", "rain@1.0.0"]],
      ["/tree/modelgate/ledger/events/0", ["1.json"]],
      ["/blob/modelgate/ledger/events/0/1.json", ["&quot;published&quot;"]],
      ["/blob/main/data/a%20b.csv", ["a b.csv"]],
      ["/commits/modelgate/ledger", ["Change"]],
      ["/branches", ["modelgate/ledger"]],
      [`/commit/${head}`, ["More data", "data/c.csv", "modelgate-gate"]],
      ["/pulls", ["More &lt;data&gt;"]],
      ["/pull/1", ["More &lt;data&gt;", "✅ Modelgate", "<table>", "modelgate-gate", "Ready to be merged"]],
      ["/pull/1/files", ["data/c.csv", "+y"]],
      ["/issues", ["no issues yet"]],
      ["/releases", ["rain 1.0.0", "First."]],
      ["/releases/tag/rain@1.0.0", ["rain 1.0.0"]],
      ["/actions", ["Check #1"]],
      [`/actions/runs/${run}`, ["modelgate-gate", "<h3>Fine</h3>"]],
      [`/actions/runs/${run}/job/${jobs.jobs[0]?.id}`, ["Judge", "judged"]],
      [`/runs/${jobs.jobs[0]?.id}`, ["modelgate-gate", "success"]],
    ];
    for (const [path, texts] of seen) {
      const response = await fetch(`${story.github.url}/${repository}${path}`);
      const page = await response.text();
      expect([path, response.status]).toEqual([path, 200]);
      for (const text of texts) expect(page, path).toContain(text);
    }
    expect((await fetch(`${story.github.url}/${repository}/pull/99`)).status).toBe(404);
    expect(await (await fetch(`${story.github.url}/${owner}`)).text()).toContain("rain");
  });
});

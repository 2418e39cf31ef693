// The pages of the setup: a form that hands the manifest to GitHub, and what was done with the answer.
import { escapeHtml, renderPage } from "../../src/report/html.ts";

/** The form; `action` is GitHub's address for new Apps, with the state in it. */
export function renderForm(action: string, manifest: object): string {
  return renderSetupPage(
    "Set up the Modelgate App",
    [
      `<p>GitHub will show the App's name, permissions and events before anything is made.</p>`,
      `<form action="${escapeHtml(action)}" method="post">`,
      `<input type="hidden" name="manifest" value="${escapeHtml(JSON.stringify(manifest))}">`,
      `<button type="submit">Create the App on GitHub</button>`,
      `</form>`,
      `<details><summary>The manifest</summary><pre>${escapeHtml(JSON.stringify(manifest, null, 2))}</pre></details>`,
    ].join("\n"),
  );
}

/** After the exchange: where the App is, and what comes next. No secret is on the page. */
export function renderDone(app: { readonly name: string; readonly url: string }, files: readonly string[]): string {
  return renderSetupPage(
    "The App is made",
    [
      `<p><a href="${escapeHtml(app.url)}">${escapeHtml(app.name)}</a> exists. Its credentials are in ${files.map(escapeHtml).join(" and ")}, readable by you alone.</p>`,
      `<p>Next: <a href="${escapeHtml(app.url)}/installations/new">install it</a> on a repository, then <code>npm start</code>.</p>`,
    ].join("\n"),
  );
}

/** Something did not work; nothing was written. */
export function renderProblem(message: string): string {
  return renderSetupPage("That did not work", `<p>${escapeHtml(message)}</p>`);
}

function renderSetupPage(title: string, body: string): string {
  return renderPage({
    title,
    style: "",
    body: `<h1>${escapeHtml(title)}</h1>
${body}`,
  });
}

// The pages of the setup: a form that hands the manifest to GitHub, and what was done with the answer.

/** Characters that mean something in HTML, also inside attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** The form; `action` is GitHub's address for new Apps, with the state in it. */
export function renderForm(action: string, manifest: object): string {
  return renderPage(
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
  return renderPage(
    "The App is made",
    [
      `<p><a href="${escapeHtml(app.url)}">${escapeHtml(app.name)}</a> exists. Its credentials are in ${files.map(escapeHtml).join(" and ")}, readable by you alone.</p>`,
      `<p>Next: <a href="${escapeHtml(app.url)}/installations/new">install it</a> on a repository, then <code>npm start</code>.</p>`,
    ].join("\n"),
  );
}

/** Something did not work; nothing was written. */
export function renderProblem(message: string): string {
  return renderPage("That did not work", `<p>${escapeHtml(message)}</p>`);
}

function renderPage(title: string, body: string): string {
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>\n<body><h1>${escapeHtml(title)}</h1>\n${body}\n</body></html>\n`;
}

// Labels of a repository, and on issues and pull requests.
import { z } from "zod";
import { emitPull } from "../changes/pull-heads.ts";
import { input, param, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { empty, json, notFound, type Reply, validationFailed } from "../http/reply.ts";
import { renderLabel, renderLabels } from "../render/issue.ts";
import { defaultView, viewOf } from "../render/view.ts";
import type { Issue, Label } from "../state/issue.ts";
import type { RouteTools } from "./catalog.ts";
import { emitIssue, issueNumbered } from "./issue-access.ts";

type LabelWish = string | { readonly name: string };

const creation = z.object({
  name: z.string().min(1),
  color: z.string().optional(),
  description: z.string().nullish(),
});
const change = z.object({
  new_name: z.string().optional(),
  color: z.string().optional(),
  description: z.string().nullish(),
});
const setting = z.union([
  z.array(z.union([z.string(), z.object({ name: z.string() })])),
  z.object({ labels: z.array(z.union([z.string(), z.object({ name: z.string() })])).optional() }),
]);

export function addLabelRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["issues:read", "pull_requests:read"] } as const;
  const write = { permissions: ["issues:write", "pull_requests:write"], role: "triage" } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/labels", read, (call) =>
    paginate(call, labelsOf(call), (row) => renderLabel(viewOf(call), call.repository, row)),
  );
  router.repositoryRoute("POST /repos/{owner}/{repo}/labels", write, create);
  router.repositoryRoute("GET /repos/{owner}/{repo}/labels/{name}", read, (call) =>
    json(200, renderLabel(viewOf(call), call.repository, labelNamed(call))),
  );
  router.repositoryRoute("PATCH /repos/{owner}/{repo}/labels/{name}", write, (call) => {
    const wanted = input(call, "Label", change);
    const label = labelNamed(call);
    const updated = call.platform.store.labels.update(label.id, {
      name: wanted.new_name ?? label.name,
      color: wanted.color ?? label.color,
      description: wanted.description === undefined ? label.description : wanted.description,
    });
    return json(200, renderLabel(viewOf(call), call.repository, updated));
  });
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/labels/{name}", write, (call) => {
    call.platform.store.labels.remove(labelNamed(call).id);
    return empty();
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/issues/{issue_number}/labels", read, (call) =>
    paginate(call, renderLabels(viewOf(call), call.repository, issueNumbered(call)), (label) => label),
  );
  router.repositoryRoute("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", write, (call) =>
    setLabels(call, (current, wanted) => [...new Set([...current, ...wanted])]),
  );
  router.repositoryRoute("PUT /repos/{owner}/{repo}/issues/{issue_number}/labels", write, (call) =>
    setLabels(call, (_, wanted) => wanted),
  );
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels", write, (call) => {
    setIssueLabels(call, issueNumbered(call), []);
    return empty();
  });
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", write, removeLabel);
}

/** Ids of labels by name; those that do not exist are made. */
export function labelsNamed(call: RepositoryCall, wanted: readonly LabelWish[]): number[] {
  const ids = wanted.map((wish) => {
    const name = typeof wish === "string" ? wish : wish.name;
    const known = labelsOf(call).find((row) => row.name.toLowerCase() === name.toLowerCase());
    return (known ?? insertLabel(call, name, "ededed", null)).id;
  });
  return [...new Set(ids)];
}

function labelsOf(call: RepositoryCall): Label[] {
  return call.platform.store.labels.group(call.repository.id);
}

function labelNamed(call: RepositoryCall): Label {
  const name = param(call, "name").toLowerCase();
  const label = labelsOf(call).find((row) => row.name.toLowerCase() === name);
  if (label === undefined) throw notFound();
  return label;
}

function insertLabel(call: RepositoryCall, name: string, color: string, description: string | null): Label {
  const label = call.platform.store.labels.insert({
    repositoryId: call.repository.id,
    name,
    color,
    description,
    isDefault: false,
  });
  const payload = { label: renderLabel(defaultView(call.platform), call.repository, label) };
  call.platform.emitEvent(call.repository, "label", "created", payload, call.actor);
  return label;
}

function create(call: RepositoryCall): Reply {
  const wanted = input(call, "Label", creation);
  if (labelsOf(call).some((row) => row.name.toLowerCase() === wanted.name.toLowerCase())) {
    throw validationFailed([{ resource: "Label", field: "name", code: "already_exists" }]);
  }
  const color = wanted.color ?? "ededed";
  if (!/^[0-9a-fA-F]{6}$/.test(color)) throw validationFailed([{ resource: "Label", field: "color", code: "invalid" }]);
  const label = insertLabel(call, wanted.name, color, wanted.description ?? null);
  const rendered = renderLabel(viewOf(call), call.repository, label);
  return json(201, rendered, { location: String(rendered["url"]) });
}

function setLabels(call: RepositoryCall, combine: (current: readonly number[], wanted: number[]) => number[]): Reply {
  const body = input(call, "Label", setting);
  const wanted = Array.isArray(body) ? body : (body.labels ?? []);
  const issue = issueNumbered(call);
  const updated = setIssueLabels(call, issue, combine(issue.labelIds, labelsNamed(call, wanted)));
  return json(200, renderLabels(viewOf(call), call.repository, updated));
}

function removeLabel(call: RepositoryCall): Reply {
  const issue = issueNumbered(call);
  const label = labelNamed(call);
  if (!issue.labelIds.includes(label.id)) throw notFound("Label does not exist");
  const updated = setIssueLabels(
    call,
    issue,
    issue.labelIds.filter((id) => id !== label.id),
  );
  return json(200, renderLabels(viewOf(call), call.repository, updated));
}

/** Puts the labels on the issue and tells of each that came or went. */
function setIssueLabels(call: RepositoryCall, issue: Issue, labelIds: readonly number[]): Issue {
  const { store } = call.platform;
  const updated = store.issues.update(issue.id, { labelIds, updatedAt: call.platform.timestamp() });
  const tell = (id: number, action: "labeled" | "unlabeled"): void => {
    const label = store.labels.get(id);
    if (label === undefined) return;
    const more = { label: renderLabel(defaultView(call.platform), call.repository, label) };
    const pull = store.pulls.group(call.repository.id).find((row) => row.number === issue.number);
    if (pull === undefined) emitIssue(call, updated, action, more);
    else emitPull(call.platform, call.repository, pull, action, call.actor, more);
  };
  for (const id of labelIds) if (!issue.labelIds.includes(id)) tell(id, "labeled");
  for (const id of issue.labelIds) if (!labelIds.includes(id)) tell(id, "unlabeled");
  return updated;
}

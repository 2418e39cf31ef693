// Secrets and variables of a repository. Secrets are set in the clear, by a route of our own: nothing here can open a sealed box.
import { z } from "zod";
import { roleOf } from "../../auth/authorize.ts";
import { type Call, input, param, type RepositoryCall } from "../../http/call.ts";
import { paginate } from "../../http/pagination.ts";
import { conflict, empty, forbidden, json, notFound, type Reply, unauthorized } from "../../http/reply.ts";
import type { Repository } from "../../state/repository.ts";
import { findRepository } from "../../state/store.ts";
import type { ActionsService } from "../service.ts";
import type { SecretRow } from "../state.ts";

const secret = z.object({ owner: z.string(), repo: z.string(), name: z.string().min(1), value: z.string() });
const variable = z.object({ name: z.string().min(1), value: z.string() });

export function addSettingRoutes(service: ActionsService): void {
  const { router } = service.platform;
  const read = { permissions: ["actions_variables:read", "actions:read"] } as const;
  const write = { permissions: ["actions_variables:write"] } as const;
  router.route("POST /_local/secrets", { foreign: true }, (call) => setSecret(service, call));
  router.repositoryRoute(
    "GET /repos/{owner}/{repo}/actions/secrets",
    { permissions: ["secrets:read"], role: "write" },
    (call) =>
      paginate(
        call,
        rowsOf(service, call.repository, "secret"),
        ({ name, createdAt, updatedAt }) => ({ name, created_at: createdAt, updated_at: updatedAt }),
        (secrets, total_count) => ({ total_count, secrets }),
      ),
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/variables", { ...read, role: "write" }, (call) =>
    paginate(call, rowsOf(service, call.repository, "variable"), renderVariable, (variables, total_count) => ({
      total_count,
      variables,
    })),
  );
  router.repositoryRoute("POST /repos/{owner}/{repo}/actions/variables", write, (call) => {
    const { name, value } = input(call, "Variable", variable);
    if (findRow(service, call.repository, "variable", name) !== undefined)
      throw conflict("Already exists - Variable already exists");
    store(service, call.repository, "variable", name, value);
    return json(201, {});
  });
  router.repositoryRoute("PATCH /repos/{owner}/{repo}/actions/variables/{name}", write, (call) => {
    const row = findVariable(service, call);
    const { value } = input(call, "Variable", variable.partial());
    if (value !== undefined) store(service, call.repository, "variable", row.name, value);
    return empty(204);
  });
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/actions/variables/{name}", write, (call) => {
    service.tables.secrets.remove(findVariable(service, call).id);
    return empty(204);
  });
}

function setSecret(service: ActionsService, call: Call): Reply {
  const { owner, repo, name, value } = input(call, "Secret", secret);
  const { store: state } = service.platform;
  const repository = findRepository(state, owner, repo);
  if (repository === undefined) throw notFound();
  if (call.actor.kind !== "user") throw unauthorized("Requires authentication");
  if (roleOf(state, repository, call.actor.account.id) !== "admin")
    throw forbidden("Must have admin rights to Repository.");
  store(service, repository, "secret", name.toUpperCase(), value);
  return empty(204);
}

function store(
  service: ActionsService,
  repository: Repository,
  kind: SecretRow["kind"],
  name: string,
  value: string,
): void {
  const { secrets } = service.tables;
  const at = service.platform.timestamp();
  const known = findRow(service, repository, kind, name);
  if (known === undefined)
    secrets.insert({ repositoryId: repository.id, kind, name, value, createdAt: at, updatedAt: at });
  else secrets.update(known.id, { value, updatedAt: at });
}

function findVariable(service: ActionsService, call: RepositoryCall): SecretRow {
  const row = findRow(service, call.repository, "variable", param(call, "name"));
  if (row === undefined) throw notFound();
  return row;
}

function findRow(service: ActionsService, repository: Repository, kind: SecretRow["kind"], name: string) {
  return rowsOf(service, repository, kind).find((row) => row.name.toUpperCase() === name.toUpperCase());
}

function rowsOf(service: ActionsService, repository: Repository, kind: SecretRow["kind"]): readonly SecretRow[] {
  return service.tables.secrets.group(repository.id).filter((row) => row.kind === kind);
}

function renderVariable(row: SecretRow) {
  return { name: row.name, value: row.value, created_at: row.createdAt, updated_at: row.updatedAt };
}

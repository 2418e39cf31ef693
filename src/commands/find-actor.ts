// Who does this, and what they may: asked of GitHub only when a rule needs it.
import { ProviderError, RefusedError } from "../errors.ts";
import type { RepositoryClient } from "../github/client.ts";
import { explained, readStatus } from "../github/failure.ts";
import { isAtLeast, readPermission } from "../github/permissions.ts";
import type { Context } from "../host/context.ts";
import { type Actor, needsLookup, type StageRule } from "../registry/promotion.ts";
import { isRegistryApart, openOwnAnswers, type RegistrySession } from "./registry-session.ts";

/** The login behind the token; in a workflow run, whom GitHub names as its actor. */
export async function findLogin(repository: RepositoryClient, context: Context): Promise<string> {
  const { environment } = context;
  const named = environment["GITHUB_ACTOR"];
  if (environment["GITHUB_ACTIONS"] === "true" && named) return named;
  try {
    const { data } = await explained(() => repository.client.rest.users.getAuthenticated());
    return data.login;
  } catch (error) {
    // An installation's token is nobody's: GitHub refuses the question.
    if (readStatus(error) === 403 && named) return named;
    throw error;
  }
}

const loginKey = "login of the token";
const rememberedForMilliseconds = 24 * 60 * 60 * 1000;

/**
 * As `findLogin`; where no rule asks who somebody is, what GitHub said of the same token during the last 24 hours is
 * enough, and spares a request.
 */
export async function recallLogin(
  repository: RepositoryClient,
  context: Context,
  rule: StageRule | undefined,
): Promise<string> {
  const answers = openOwnAnswers(context);
  const asksWho = rule === undefined || needsLookup(rule) || rule.approvals > 0;
  const known = asksWho ? null : await answers?.read(loginKey);
  const age = known ? context.now().getTime() - Date.parse(known.etag) : Number.NaN;
  const inWorkflow = context.environment["GITHUB_ACTIONS"] === "true";
  if (known && !inWorkflow && age >= 0 && age < rememberedForMilliseconds) return known.text;
  const login = await findLogin(repository, context);
  if (!inWorkflow) await answers?.write(loginKey, { etag: context.now().toISOString(), text: login });
  return login;
}

/** What the stage's rule needs to know of a person; nothing is asked when the rule does not care. */
export async function describeActor(
  repository: RepositoryClient,
  login: string,
  rule: StageRule | undefined,
): Promise<Actor> {
  if (rule === undefined || !needsLookup(rule)) return { login, permission: null, teams: [] };
  return await lookUpActor(repository, login, rule);
}

/** The same, always asked. Fails with what GitHub's failure was: whoever cannot be looked up may nothing. */
export async function lookUpActor(repository: RepositoryClient, login: string, rule: StageRule): Promise<Actor> {
  const permission = await explained(() => readPermission(repository, login));
  const teams: string[] = [];
  for (const team of rule.who.teams) if (await isInTeam(repository, team, login)) teams.push(team);
  return { login, permission, teams };
}

/**
 * Where the registry is a repository of its own, whoever asks through somebody else's token (the App's) must be able to
 * write there themselves: a config alone lends nobody the App's rights. @throws RefusedError when they are not.
 */
export async function requireRegistryAccess(
  session: Pick<RegistrySession, "repository" | "registry">,
  login: string,
): Promise<void> {
  if (!isRegistryApart(session)) return;
  const { owner, name } = session.registry;
  const permission = await explained(() => readPermission(session.registry, login));
  if (isAtLeast(permission, "write")) return;
  throw new RefusedError({
    message: `${login} may not write to the registry ${owner}/${name}`,
    expected: `the permission write in ${owner}/${name}, or more`,
    received: permission,
    hint: "ask somebody who may; the registry is named by `registry:` in .github/modelgate.yml",
  });
}

/** `team` is the team's slug, or `ORG/SLUG`. Anything but a clear yes is no. */
async function isInTeam(repository: RepositoryClient, team: string, login: string): Promise<boolean> {
  const [org = repository.owner, slug = team] = team.includes("/") ? team.split("/") : [repository.owner, team];
  try {
    const { data } = await explained(() =>
      repository.client.rest.teams.getMembershipForUserInOrg({ org, team_slug: slug, username: login }),
    );
    return data.state === "active";
  } catch (error) {
    if (readStatus(error) === 404) return false;
    if (error instanceof ProviderError) throw error;
    return false;
  }
}

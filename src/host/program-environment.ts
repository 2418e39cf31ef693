// Which environment variables a program of the user gets, and which values its output must never show.
import { InputError } from "../errors.ts";

export interface ProgramEnvironment {
  /** Complete: the program gets these and nothing else. */
  readonly variables: Readonly<Record<string, string>>;
  /** Values that are masked wherever the program prints them. */
  readonly secrets: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What programs need to start and find their libraries; none of it is a secret. */
const base = new Set(
  `PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TERM TMPDIR TEMP TMP CI NO_COLOR
  SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT APPDATA LOCALAPPDATA PROGRAMFILES PROGRAMDATA USERPROFILE
  LD_LIBRARY_PATH DYLD_LIBRARY_PATH SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS
  PYTHONPATH PYTHONHASHSEED VIRTUAL_ENV PYTHONLOCATION PYENV_ROOT PYENV_VERSION CONDA_PREFIX CONDA_DEFAULT_ENV
  R_LIBS R_LIBS_USER R_LIBS_SITE R_HOME JAVA_HOME JULIA_DEPOT_PATH CUDA_HOME CUDA_PATH CUDA_VISIBLE_DEVICES
  OMP_NUM_THREADS MKL_NUM_THREADS OPENBLAS_NUM_THREADS RUNNER_TEMP RUNNER_OS RUNNER_ARCH
  GITHUB_SHA GITHUB_REF GITHUB_REPOSITORY GITHUB_WORKSPACE GITHUB_RUN_ID`.split(/\s+/),
);

/** Tokens of the workflow, and the files through which a step steers later steps. */
const forbidden =
  /^(GITHUB_TOKEN|GH_TOKEN|GH_ENTERPRISE_TOKEN|GITHUB_ENTERPRISE_TOKEN|MODELGATE_\w*TOKEN|ACTIONS_.*|INPUT_.*|GITHUB_(ENV|PATH|OUTPUT|STATE|STEP_SUMMARY))$/i;

/** True for a variable that no config can hand to a program. */
export function isForbiddenVariable(name: string): boolean {
  return forbidden.test(name);
}

/**
 * The harmless base, the variables the config names, and `added` (which wins). Values the config names are secrets, and so
 * are the values of forbidden variables, should the program learn them some other way.
 * A named variable that is not set is left out: the secrets of a repository do not reach a fork's pull request.
 * Throws InputError for a forbidden name.
 */
export function selectProgramEnvironment(
  environment: Environment,
  named: readonly string[],
  added: Readonly<Record<string, string>>,
): ProgramEnvironment {
  const problems = named.filter(isForbiddenVariable).map((name) => ({
    message: `${name} is never handed to a program`,
    key: "env",
    hint: "give the program a token of its own",
  }));
  if (problems.length > 0) throw new InputError(problems);
  const kept = Object.entries(environment).filter(
    ([name, value]) =>
      value !== undefined && (base.has(name.toUpperCase()) || name.startsWith("LC_") || named.includes(name)),
  );
  const secrets = Object.entries(environment)
    .filter(([name, value]) => value && (named.includes(name) || isSecretName(name)))
    .map(([, value]) => value ?? "");
  return { variables: { ...(Object.fromEntries(kept) as Record<string, string>), ...added }, secrets };
}

function isSecretName(name: string): boolean {
  return /^(GITHUB_TOKEN|GH_TOKEN|GH_ENTERPRISE_TOKEN|GITHUB_ENTERPRISE_TOKEN|MODELGATE_\w*TOKEN|ACTIONS_\w*TOKEN|INPUT_.*(TOKEN|KEY|SECRET|PASSWORD).*)$/i.test(
    name,
  );
}

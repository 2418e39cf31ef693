#!/usr/bin/env node
// @ts-check
// Starts ClickHouse servers on this machine for tests and benchmarks: free ports, a temporary folder each, no root, no
// configuration of the system. Alone: `node scripts/start-clickhouse.mjs 2` prints one JSON line with the addresses and
// runs until it is interrupted.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} LocalClickHouse
 * @property {string} host `127.0.0.1:port` of its HTTP interface
 * @property {(sql: string, body?: string) => Promise<string>} run runs a statement (`body` is data to insert), returns the answer's text
 * @property {() => Promise<void>} stop ends the server and removes its folder
 */

const binaries = ["/usr/sbin/clickhouse-server", "/usr/bin/clickhouse-server", "/usr/local/bin/clickhouse-server"];
const startSeconds = 30;

/** The installed server's program; undefined when there is none. */
export function findClickHouse() {
  return binaries.find((path) => existsSync(path));
}

/** Accounts of the servers: `default` may do everything, `reader` (password `let-me-read`) only read. */
export const readerPassword = "let-me-read";

/**
 * Starts `count` servers; when one does not come up, those that did are stopped and an Error says why.
 * @param {number} count
 * @returns {Promise<LocalClickHouse[]>}
 */
export async function startClickHouse(count) {
  const started = await Promise.allSettled(Array.from({ length: count }, () => startOne()));
  const running = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failed = started.find((each) => each.status === "rejected");
  if (!failed) return running;
  await Promise.all(running.map((server) => server.stop()));
  throw failed.reason;
}

/** @returns {Promise<LocalClickHouse>} */
async function startOne() {
  const program = findClickHouse();
  if (!program) throw new Error(`clickhouse-server is not installed (looked at ${binaries.join(", ")})`);
  const folder = mkdtempSync(join(tmpdir(), "modelgate-clickhouse-"));
  const [http, tcp] = await Promise.all([findFreePort(), findFreePort()]);
  for (const name of ["data", "tmp", "files", "formats"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "config.xml"), renderConfig(folder, http, tcp));
  writeFileSync(join(folder, "users.xml"), renderUsers());
  const child = spawn(program, [`--config-file=${join(folder, "config.xml")}`], {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const stopWithUs = () => child.kill("SIGKILL");
  process.once("exit", stopWithUs);
  const stop = async () => {
    process.off("exit", stopWithUs);
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 3000);
      await ended;
      clearTimeout(patience);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const host = `127.0.0.1:${http}`;
  for (let waited = 0; waited < startSeconds * 20; waited++) {
    const answer = await fetch(`http://${host}/ping`).catch(() => null);
    if (answer?.ok) return { host, run: (sql, body) => run(host, sql, body), stop };
    if (child.exitCode !== null || child.signalCode !== null) break;
    await wait(50);
  }
  const log = join(folder, "server.log");
  const said = existsSync(log) ? readFileSync(log, "utf8").slice(0, 2000) : "nothing";
  await stop();
  throw new Error(`clickhouse-server did not come up; it said: ${said}`);
}

/**
 * @param {string} host
 * @param {string} sql
 * @param {string} [body]
 */
async function run(host, sql, body) {
  const address = body === undefined ? `http://${host}/` : `http://${host}/?query=${encodeURIComponent(sql)}`;
  const answer = await fetch(address, { method: "POST", body: body ?? sql });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** @returns {Promise<number>} */
function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** @param {string} folder @param {number} http @param {number} tcp */
function renderConfig(folder, http, tcp) {
  return `<?xml version="1.0"?>
<yandex>
  <logger><level>error</level><log>${folder}/server.log</log><errorlog>${folder}/error.log</errorlog></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${http}</http_port>
  <tcp_port>${tcp}</tcp_port>
  <path>${folder}/data/</path>
  <tmp_path>${folder}/tmp/</tmp_path>
  <user_files_path>${folder}/files/</user_files_path>
  <format_schema_path>${folder}/formats/</format_schema_path>
  <users_config>${folder}/users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <mark_cache_size>67108864</mark_cache_size>
  <timezone>UTC</timezone>
</yandex>
`;
}

function renderUsers() {
  const here = "<networks><ip>127.0.0.1</ip></networks><quota>default</quota>";
  return `<?xml version="1.0"?>
<yandex>
  <profiles><default></default><reading><readonly>1</readonly></reading></profiles>
  <users>
    <default><password></password>${here}<profile>default</profile></default>
    <reader><password>${readerPassword}</password>${here}<profile>reading</profile></reader>
  </users>
  <quotas><default></default></quotas>
</yandex>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const servers = await startClickHouse(Number(process.argv[2] ?? 1));
  process.stdout.write(`${JSON.stringify({ hosts: servers.map(({ host }) => host) })}\n`);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      void Promise.all(servers.map((server) => server.stop())).then(() => process.exit(0));
    });
  }
}

// Two real ClickHouse servers for tests, and a loud word when there are none.
import { afterAll, beforeAll, describe } from "vitest";
import { findClickHouse, type LocalClickHouse, startClickHouse } from "../../scripts/start-clickhouse.mjs";

const required = process.env["MODELGATE_REQUIRE_COMPONENTS"] !== undefined;
const found = findClickHouse() !== undefined;
if (!found && !required)
  process.stderr.write("SKIPPED: clickhouse-server is not installed (apt install clickhouse-server)\n");

/** Describes tests that need `count` servers; they run only while the tests do. */
export function describeWithClickHouse(
  name: string,
  count: number,
  tests: (servers: () => LocalClickHouse[]) => void,
): void {
  describe.skipIf(!found && !required)(name, { timeout: 60_000 }, () => {
    let servers: LocalClickHouse[] = [];
    beforeAll(async () => {
      servers = await startClickHouse(count);
    }, 60_000);
    afterAll(() => Promise.all(servers.map((server) => server.stop())));
    tests(() => servers);
  });
}

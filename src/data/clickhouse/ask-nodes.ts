// One question to every node that holds a part of the rows.
import { defaultMissingValues } from "../../config/missing-values.ts";
import type { Context } from "../../host/context.ts";
import type { DataColumn } from "../scan.ts";
import { type DataWindows, renderWindow } from "../window.ts";
import { parseClickHouseAddress } from "./address.ts";
import { type ClickHouseNode, withNodes } from "./node.ts";
import { relateTable } from "./relate-table.ts";
import { quoteMicroseconds } from "./sql.ts";

/** What a node holds, and which of its rows are asked about. */
export interface Place {
  readonly node: ClickHouseNode;
  readonly relation: string;
  readonly columns: readonly DataColumn[];
  readonly where: string;
  readonly shown: string;
}

/** The answers of all nodes, in the order of the address. */
export async function askNodes<T>(
  source: string,
  options: { readonly missingValues?: readonly string[] | undefined; readonly window?: DataWindows | undefined },
  context: Context,
  ask: (place: Place) => Promise<T>,
): Promise<readonly T[]> {
  const address = parseClickHouseAddress(source);
  const { shown } = address;
  return withNodes(address, context, (nodes) =>
    Promise.all(
      nodes.map(async (node) => {
        const { relation, columns } = await relateTable(node, address, options.missingValues ?? defaultMissingValues);
        const where = renderWindow(options.window, columns, shown, quoteMicroseconds);
        return ask({ node, relation, columns, where, shown });
      }),
    ),
  );
}

// How a database finds what a statement wants, asked of the database itself, on tables that are full.
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { TestContext } from "node:test";
import type { CompiledQuery } from "kysely";
import pg from "pg";
import { sqlitePath } from "#kit/sql/open.ts";
import { migrations } from "../rooms.ts";

/** By table and column: what stands there, where that matters; `i` counts the rows. */
export type Filled = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Fills tables: what is not given is anything that the column takes. */
export function fillStatements(filled: Filled, rowsCount: number): string {
  const count = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rowsCount})`;
  return Object.entries(filled)
    .map(([table, given]) => {
      const columns = columnsOf(table).filter(({ name, isNeeded }) => isNeeded || name in given);
      const values = columns.map(({ name, type }) => given[name] ?? anyValue[type]);
      return `${count} insert into ${table} (${columns.map(({ name }) => name)}) select ${values} from n`;
    })
    .join(";\n");
}

const anyValue: Readonly<Record<string, string>> = { text: "'v' || i", integer: "i", blob: "cast('' as bytea)" };

/** As the migrations make them. */
function columnsOf(table: string) {
  const types = { engine: "sqlite", text: "text", integer: "integer", bytes: "blob" } as const;
  const empty = new DatabaseSync(":memory:");
  for (const migration of migrations) empty.exec(migration.statements(types).join(";\n"));
  const rows = empty.prepare(
    `select name, lower(type) as type, "notnull" + pk > 0 as needed from pragma_table_info(?)`,
  );
  return rows.all(table).map(({ name, type, needed }) => ({
    name: String(name),
    type: String(type),
    isNeeded: needed === 1,
  }));
}

/** How the database finds what a statement wants. */
export interface Plan {
  readonly text: string;
  /** Tables that are read from end to end. */
  readonly scanned: readonly string[];
  /** Indices that are gone through for a row that fits. */
  readonly walked: readonly string[];
  /** Indices in which the rows are looked up, with the columns. */
  readonly sought: readonly string[];
}

type Explain = (statement: CompiledQuery) => Promise<Plan>;

/** @param small names partial indices that hold so few rows that to go through them is to find. */
export async function explainer(
  url: string,
  t: TestContext,
  { small = [] }: { small?: readonly string[] } = {},
): Promise<Explain> {
  const path = sqlitePath(url);
  if (path !== undefined) {
    const file = new DatabaseSync(path, { readOnly: true });
    t.after(() => file.close());
    return async (statement) => sqlitePlan(file, statement, small);
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  t.after(() => client.end());
  await client.query("analyze");
  return (statement) => postgresPlan(client, statement, small);
}

function sqlitePlan(file: DatabaseSync, { sql, parameters }: CompiledQuery, small: readonly string[]): Plan {
  const lines = file
    .prepare(`explain query plan ${sql}`)
    .all(...(parameters as SQLInputValue[]))
    .map(({ detail }) => String(detail));
  const partial = lines.filter((line) => small.includes(/^SCAN .* INDEX (\w+)$/.exec(line)?.[1] ?? ""));
  const scans = lines.filter((line) => /^SCAN \w/.test(line) && !partial.includes(line));
  const walked = scans.filter((line) => line.includes(" INDEX "));
  const scanned = scans.filter((line) => !walked.includes(line));
  return {
    text: lines.join("; "),
    scanned,
    walked,
    sought: [...partial, ...lines.filter((line) => line.startsWith("SEARCH"))],
  };
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly PlanNode[];
}

async function postgresPlan(
  client: pg.Client,
  { sql, parameters }: CompiledQuery,
  small: readonly string[],
): Promise<Plan> {
  const { rows } = await client.query(`explain (format json) ${sql}`, [...parameters]);
  const nodes = nodesOf(rows[0]["QUERY PLAN"][0].Plan);
  const scanned = nodes.filter((node) => node["Node Type"] === "Seq Scan").map((node) => node["Relation Name"] ?? "");
  const indices = nodes.filter((node) => node["Index Name"] !== undefined);
  const isPartial = (node: PlanNode) => small.includes(node["Index Name"] ?? "");
  const walked = indices.filter((node) => node["Index Cond"] === undefined && !isPartial(node));
  const named = (node: PlanNode) => `${node["Index Name"]} ${node["Index Cond"] ?? ""}`;
  const text = nodes.map((node) => `${node["Node Type"]} ${node["Relation Name"] ?? ""} ${named(node)}`).join("; ");
  const sought = indices.filter((node) => !walked.includes(node)).map(named);
  return { text, scanned, walked: walked.map(named), sought };
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

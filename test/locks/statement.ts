// What one statement touches: the rows it has read without locking them, and the rows it has written. Read from the
// tree that Kysely made the statement of, and from what the database answered.
import type { OperationNode } from "kysely";
import type { Migration } from "#kit/sql/migrate.ts";
import type { Heard } from "#kit/sql/units.ts";

/** `orders order_1`; `orders ?` when it cannot be told which. */
export type Row = string;

export interface Read {
  readonly table: string;
  /** Undefined: all. */
  readonly columns: ReadonlySet<string> | undefined;
  readonly rows: readonly Row[];
  /** False for a row that is surely not among those that it asks for. */
  readonly mayBe: (row: Possible) => boolean;
}

export interface Write {
  readonly table: string;
  readonly kind: "insert" | "update" | "delete";
  readonly rows: readonly Row[];
  /** Set by an update; of an insert all. */
  readonly columns: ReadonlySet<string>;
  /** What the row must still be, beside its key: another one's change is seen. */
  readonly fence: ReadonlySet<string>;
  /** By row what it is given, as far as that is said: of an insert all, of an update what is not computed. */
  readonly values: readonly Readonly<Record<string, unknown>>[];
}

export interface Touched {
  readonly reads: readonly Read[];
  readonly writes: readonly Write[];
}

/** By table: the columns of its primary key. */
export type Keys = Readonly<Record<string, readonly string[]>>;

/** By column, the values that a row may have there; what is not said may be anything. */
export type Possible = ReadonlyMap<string, ReadonlySet<unknown>>;

type Fields = Readonly<Record<string, unknown>>;

/** The primary keys, as the migrations say them. */
export function keysOf(migrations: readonly Migration[]): Keys {
  const types = { engine: "sqlite", text: "text", integer: "integer", bytes: "blob" } as const;
  const made = migrations
    .flatMap((migration) => migration.statements(types))
    .flatMap((statement) => {
      const [, table] = /^create table (\w+)/.exec(statement) ?? [];
      const [, one] = /[(,]\s*(\w+) text primary key/.exec(statement) ?? [];
      const [, several] = /primary key \(([^)]+)\)/.exec(statement) ?? [];
      return table === undefined ? [] : [[table, (one ?? several ?? "").split(/, ?/)] as const];
    });
  return Object.fromEntries(made);
}

type Conditions = ReadonlyMap<string, readonly unknown[]>;

export function touchedBy({ query, rows, affected }: Heard, keys: Keys): Touched {
  const node = query.query as OperationNode & Readonly<Record<string, OperationNode | undefined>>;
  switch (node.kind) {
    case "SelectQueryNode":
      return { reads: readsOf(node, rows as Fields[], keys), writes: [] };
    case "UpdateQueryNode":
    case "DeleteQueryNode":
    case "InsertQueryNode":
      return { reads: [], writes: affected === 0 ? [] : writesOf(node, rows as Fields[], keys) };
    default:
      return { reads: [], writes: [] };
  }
}

function readsOf(node: OperationNode, answered: readonly Fields[], keys: Keys): Read[] {
  const select = node as unknown as Fields;
  if (nodesIn(select.endModifiers, "SelectModifierNode").length > 0) return [];
  const tables = [...new Set(nodesIn(node, "TableNode").map(tableName))];
  const isWhole = nodesIn(select.selections, "SelectAllNode").length > 0;
  const columns = isWhole ? undefined : new Set(nodesIn(node, "ColumnNode").map(columnName));
  const wanted = conditionsOf(select.where);
  const mayBe = tables.length > 1 ? () => true : mayHold((select.where as Fields | undefined)?.where);
  return tables.map((table) => ({
    table,
    columns,
    mayBe,
    rows: rowsOf({ table, keys, answered, wanted: tables.length > 1 ? new Map() : wanted }),
  }));
}

function writesOf(node: OperationNode, answered: readonly Fields[], keys: Keys): Write[] {
  const statement = node as unknown as Fields;
  const [first] = nodesIn(statement.into ?? statement.table ?? statement.from, "TableNode");
  const table = tableName(first as OperationNode);
  const key = keys[table] ?? [];
  if (node.kind === "InsertQueryNode") return insertsOf(statement, { table, key, answered });
  const wanted = conditionsOf(statement.where);
  const rows = rowsOf({ table, keys, answered, wanted });
  const columns = updatedColumns(statement.updates);
  const kind = node.kind === "DeleteQueryNode" ? "delete" : "update";
  const given = givenIn(statement.updates);
  return [{ table, kind, rows, columns, fence: fenceOf(statement.where, key), values: rows.map(() => given) }];
}

/** An insert, and where it says what happens to a row that is there already, an update of the same rows. */
function insertsOf(
  statement: Fields,
  of: { table: string; key: readonly string[]; answered: readonly Fields[] },
): Write[] {
  const { table, key, answered } = of;
  const isSaid = answered.some((row) => key.every((column) => column in row));
  const written = new Set(answered.map((row) => rowName(table, key, row)));
  const values = (insertedValues(statement) ?? answered).filter(
    (value) => !isSaid || written.has(rowName(table, key, value)),
  );
  const rows = values.map((value) => rowName(table, key, value));
  const nothing = new Set<string>();
  const insert: Write = { table, kind: "insert", rows, columns: nothing, fence: nothing, values };
  const conflict = statement.onConflict as Fields | undefined;
  if (!conflict?.updates) return [insert];
  const columns = updatedColumns(conflict.updates);
  return [insert, { ...insert, kind: "update", columns, fence: fenceOf(conflict.updateWhere, key) }];
}

/** Those of the answer when it names them, else those of the condition. */
function rowsOf(of: { table: string; keys: Keys; answered: readonly Fields[]; wanted: Conditions }): Row[] {
  const { table, keys, answered, wanted } = of;
  const key = keys[table] ?? [];
  const [first] = answered;
  if (first && key.every((column) => column in first)) return answered.map((row) => rowName(table, key, row));
  if (key.length === 0 || !key.every((column) => wanted.has(column))) return [`${table} ?`];
  let named: Fields[] = [{}];
  for (const column of key) {
    named = named.flatMap((row) => (wanted.get(column) ?? []).map((value) => ({ ...row, [column]: value })));
  }
  return named.map((row) => rowName(table, key, row));
}

function rowName(table: string, key: readonly string[], row: Fields): Row {
  return [table, ...key.map((column) => String(row[column]))].join(" ");
}

/** What a row must equal, where all of the condition's parts must hold. */
function conditionsOf(where: unknown): Conditions {
  const conditions = new Map<string, readonly unknown[]>();
  const collect = (tree: unknown): void => {
    const node = tree as Tree | undefined;
    if (node?.kind === "AndNode") for (const part of [node.left, node.right]) collect(part);
    if (node?.kind === "ParensNode") collect(node.node);
    const equal = equalIn(node);
    if (equal) conditions.set(equal.column, equal.values);
  };
  collect((where as Fields | undefined)?.where);
  return conditions;
}

/** False of a row of which the condition surely does not hold; what is not said with `=` and `in` may hold. */
function mayHold(tree: unknown): (row: Possible) => boolean {
  const node = tree as Tree | undefined;
  if (node?.kind === "ParensNode") return mayHold(node.node);
  if (node?.kind === "AndNode" || node?.kind === "OrNode") {
    const [left, right] = [mayHold(node.left), mayHold(node.right)];
    return node.kind === "AndNode" ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
  }
  const equal = equalIn(node);
  return (row) => {
    const possible = equal && row.get(equal.column);
    return !possible || equal.values.some((value) => possible.has(value));
  };
}

type Tree = OperationNode & Fields;

/** `column = value` and `column in (values)`. */
function equalIn(node: Tree | undefined): { column: string; values: readonly unknown[] } | undefined {
  if (node?.kind === "RawNode") return amongIn(node);
  if (node?.kind !== "BinaryOperationNode") return undefined;
  const { leftOperand, operator, rightOperand } = node as unknown as Readonly<Record<string, Tree>>;
  const [column] = leftOperand?.kind === "ReferenceNode" ? nodesIn(leftOperand, "ColumnNode") : [];
  const values = operator?.operator === "=" || operator?.operator === "in" ? valuesIn(rightOperand) : undefined;
  return column && values && { column: columnName(column), values };
}

/** isAmong() of #kit/sql/many.ts: a column, and its values in one parameter. */
function amongIn({ parameters }: Tree): { column: string; values: readonly unknown[] } | undefined {
  const [reference, given] = parameters as (Tree | undefined)[];
  const [column] = nodesIn(reference, "ColumnNode");
  if (!column || given?.kind !== "ValueNode") return undefined;
  const values = typeof given.value === "string" ? (JSON.parse(given.value) as unknown[]) : (given.value as unknown[]);
  return { column: columnName(column), values };
}

function valuesIn(node: Tree | undefined): readonly unknown[] | undefined {
  if (node?.kind === "ValueNode") return [node.value];
  if (node?.kind === "PrimitiveValueListNode") return node.values as unknown[];
  if (node?.kind === "ValueListNode") return (node.values as Tree[]).map((one) => one.value);
  return undefined;
}

/** Undefined where they are selected: then the answer alone tells which they were. */
function insertedValues(statement: Fields): Fields[] | undefined {
  const given = statement.values as Tree;
  if (given.kind !== "ValuesNode") return undefined;
  const columns = (statement.columns as OperationNode[]).map(columnName);
  return (given.values as Tree[]).map((line) => {
    const values = valuesIn(line) ?? [];
    return Object.fromEntries(columns.map((column, index) => [column, values[index]]));
  });
}

function updatedColumns(updates: unknown): ReadonlySet<string> {
  const set = (updates ?? []) as { column: OperationNode }[];
  return new Set(set.flatMap(({ column }) => nodesIn(column, "ColumnNode").map(columnName)));
}

function givenIn(updates: unknown): Fields {
  const set = (updates ?? []) as { column: OperationNode; value: Tree }[];
  const given = set.flatMap(({ column, value }) => {
    const [name] = nodesIn(column, "ColumnNode").map(columnName);
    return name === undefined || value.kind !== "ValueNode" ? [] : [[name, value.value] as const];
  });
  return Object.fromEntries(given);
}

function fenceOf(where: unknown, key: readonly string[]): ReadonlySet<string> {
  const named = nodesIn(where, "ColumnNode").map(columnName);
  return new Set(named.filter((column) => !key.includes(column)));
}

export function possibleOf(value: Fields): Possible {
  return new Map(Object.entries(value).map(([column, one]) => [column, new Set([one])]));
}

function nodesIn(tree: unknown, kind: string): OperationNode[] {
  if (Array.isArray(tree)) return tree.flatMap((one) => nodesIn(one, kind));
  if (tree === null || typeof tree !== "object" || tree instanceof Uint8Array) return [];
  const node = tree as OperationNode;
  const inner = Object.values(tree).flatMap((one) => nodesIn(one, kind));
  return node.kind === kind ? [node, ...inner] : inner;
}

function tableName(node: OperationNode): string {
  return (node as unknown as { table: { identifier: { name: string } } }).table.identifier.name;
}

function columnName(node: OperationNode): string {
  return (node as unknown as { column: { name: string } }).column.name;
}

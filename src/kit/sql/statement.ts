// A statement whose text is built once for each database: to build and compile it takes Kysely longer than most take to
// be answered. What is cached is cached with the database (units.ts).
import type { Compilable, CompiledQuery, QueryExecutor, QueryExecutorProvider, QueryResult } from "kysely";
import type { Connection } from "./engine.ts";

/**
 * Builds a statement from its values, and looks at none of them: what it is given stands for the values of all times.
 * @example
 * const byId = (reader: Reader<DB>, { id }: { id: string }) =>
 *   reader.selectFrom("boxes").selectAll().where("id", "=", id);
 */
type Statement<Unit, Given, Row> = (unit: Unit, given: Given) => Compilable<Row>;

/** By what builds them, and by the names of their values. */
export type Texts = Map<Statement<never, never, unknown>, Map<string, CompiledQuery>>;

/** What a unit has of a database that keeps texts. */
export interface Kept {
  readonly texts: Texts;
  readonly executeEach: Connection["executeEach"];
}

/** Without it each statement is built of its values. */
export interface Keeping {
  readonly kept: Kept | undefined;
}

/** Stands for a value while the text is built. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** `const { rows } = await execute(reader, byId, { id: "order_1" })` */
export function execute<Unit extends QueryExecutorProvider, Given extends object, Row>(
  unit: Unit,
  statement: Statement<Unit, Given, Row>,
  given: Given,
): Promise<QueryResult<Row>> {
  const executor = unit.getExecutor();
  const kept = keptBy(executor);
  if (!kept) return executor.executeQuery(statement(unit, given).compile());
  const compiled = compiledOf(kept.texts, unit, { statement, given });
  return executor.executeQuery({ ...compiled, parameters: filled(compiled, given) } as CompiledQuery<Row>);
}

/**
 * The same statement for each of many, one after the other; answers how many rows each has changed. Where the database
 * is in the process (SQLite) it is one call for all of them, and a value is bound sooner than read out of JSON.
 */
export async function executeEach<Unit extends QueryExecutorProvider, Given extends object>(
  unit: Unit,
  statement: Statement<Unit, Given, unknown>,
  all: readonly Given[],
): Promise<readonly number[]> {
  const [first] = all;
  if (!first) return [];
  const { texts, executeEach: each } = keptBy(unit.getExecutor()) ?? {};
  if (texts && each) {
    const compiled = compiledOf(texts, unit, { statement, given: first });
    return each(
      compiled,
      all.map((given) => filled(compiled, given)),
    );
  }
  const changed: number[] = [];
  for (const given of all) changed.push(Number((await execute(unit, statement, given)).numAffectedRows));
  return changed;
}

function keptBy(executor: QueryExecutor): Kept | undefined {
  return (executor as Partial<Keeping>).kept;
}

function filled({ parameters }: CompiledQuery, given: object): readonly unknown[] {
  const values = given as Readonly<Record<string, unknown>>;
  return parameters.map((value) => (value instanceof Slot ? values[value.name] : value));
}

function compiledOf<Unit, Given extends object, Row>(
  texts: Texts,
  unit: Unit,
  { statement, given }: { statement: Statement<Unit, Given, Row>; given: Given },
): CompiledQuery {
  const names = Object.keys(given);
  const shape = names.join();
  const known = texts.get(statement)?.get(shape);
  if (known) return known;
  const slots = Object.fromEntries(names.map((name) => [name, new Slot(name)]));
  const compiled = statement(unit, slots as Given).compile();
  const shapes = texts.get(statement) ?? new Map<string, CompiledQuery>();
  texts.set(statement, shapes.set(shape, compiled));
  return compiled;
}

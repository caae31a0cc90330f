// A statement whose text is built once for each database: to build and compile it takes Kysely longer than most take to
// be answered. What is cached is cached with the database (units.ts).
import type { Compilable, CompiledQuery, QueryExecutorProvider, QueryResult } from "kysely";

/**
 * Builds a statement from its values, and looks at none of them: what it is given stands for the values of all times.
 * @example
 * const byId = (reader: Reader<DB>, { id }: { id: string }) =>
 *   reader.selectFrom("boxes").selectAll().where("id", "=", id);
 */
type Statement<Unit, Given, Row> = (unit: Unit, given: Given) => Compilable<Row>;

/** By what builds them, and by the names of their values. */
export type Texts = Map<Statement<never, never, unknown>, Map<string, CompiledQuery>>;

/** Of a unit whose database keeps texts; without them each statement is built of its values. */
interface Keeping {
  readonly texts?: Texts;
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
  const { texts } = executor as Keeping;
  if (!texts) return executor.executeQuery(statement(unit, given).compile());
  const compiled = compiledOf(texts, unit, { statement, given });
  const values = given as Readonly<Record<string, unknown>>;
  const parameters = compiled.parameters.map((value) => (value instanceof Slot ? values[value.name] : value));
  return executor.executeQuery({ ...compiled, parameters } as CompiledQuery<Row>);
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

// What a room says of its facts. The kernel writes and delivers them and knows none by name: a type that stands in no
// room's table is news that stays inside.
import type { ZodType } from "zod";

export interface FactKind<Data = unknown> {
  /** One sentence for whoever listens. */
  readonly doc: string;
  readonly data: ZodType<Data>;
  /** The field of its data that names what it happened to. */
  readonly subject: keyof Data & string;
  readonly example: Data;
}

/** A room's facts, by type: `satisfies FactTable`, and merged into `Facts` of api/facts.ts. */
// biome-ignore lint/suspicious/noExplicitAny: a table holds facts of every shape, and each keeps its own
export type FactTable = Readonly<Record<string, FactKind<any>>>;

export type FactsOf<Table extends FactTable> = {
  readonly [Type in keyof Table]: Table[Type] extends FactKind<infer Data> ? Data : never;
};

/** Says one, with an example that fits it. */
export function fact<Data>(kind: {
  doc: string;
  data: ZodType<Data>;
  subject: keyof NoInfer<Data> & string;
  example: NoInfer<Data>;
}): FactKind<Data> {
  return kind;
}

// The marks we leave on everything we make at Stripe: whose it is, which operation made it, and the host's own id.
// They make an object ours before our own transaction has ended: webhooks overtake it.
import type { Reacting } from "../kernel/contract/reacting.ts";
import type { OperationView } from "../kernel/contract/verb.ts";

export function marks(
  operation: Pick<OperationView, "id" | "instance">,
  names: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...names, bursar_instance: operation.instance, bursar_op: operation.id };
}

export interface Marks {
  readonly instance: string | null;
  readonly operation: string | null;
}

export function marksOf(remote: Readonly<Record<string, unknown>>): Marks {
  return { instance: mark(remote, "bursar_instance"), operation: mark(remote, "bursar_op") };
}

/** One metadata value, or null. */
export function mark(remote: Readonly<Record<string, unknown>>, name: string): string | null {
  const metadata = remote.metadata as Record<string, unknown> | null | undefined;
  const value = metadata?.[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/**
 * By Stripe's id, the subject of the wish that made the object: its marks name this installation and an operation of
 * that verb. Copied marks name one too, so that a second object is told by the first.
 */
export async function madeBy(
  { tx, instance }: Reacting,
  verb: string,
  marked: readonly (Marks & { readonly id: string })[],
): Promise<ReadonlyMap<string, string>> {
  const own = marked.filter((one) => one.instance === instance);
  const operations = own.flatMap(({ operation }) => operation ?? []);
  if (operations.length === 0) return new Map();
  const rows = await tx
    .selectFrom("operations")
    .select(["id", "subject"])
    .where("id", "in", operations)
    .where("verb", "=", verb)
    .where("instance", "=", instance)
    .execute();
  const subjects = new Map(rows.map(({ id, subject }) => [id, subject]));
  return new Map(
    own.flatMap(({ id, operation }) => {
      const subject = subjects.get(operation ?? "");
      return subject === undefined ? [] : [[id, subject] as const];
    }),
  );
}

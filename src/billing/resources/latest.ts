// What became of a wish: the operation of its latest attempt.
import { execute } from "#kit/sql/statement.ts";
import type { Kernel } from "../kernel/contract/context.ts";
import type { Verb } from "../kernel/contract/verb.ts";
import type { BillingCore } from "../kernel/core.ts";
import type { BillingReader, OperationRow } from "../kernel/store/tables.ts";

/** Of this installation, in this mode; undefined when nobody ever wished it. */
export async function latestOperation(core: BillingCore, verb: Pick<Verb, "name">, subject: string) {
  return core.sql.read("operations.latest", (reader) => latestIn(reader, core.kernel, { verb, subject }));
}

/** The same, in a read that reads more than that; of this attempt, where one is named. */
export async function latestIn(
  reader: BillingReader,
  { instance, mode }: Kernel,
  { verb, subject, attempt }: { verb: Pick<Verb, "name">; subject: string; attempt?: number | undefined },
) {
  const upTo = attempt ?? Number.MAX_SAFE_INTEGER;
  const { rows } = await execute(reader, latest, { instance, mode, verb: verb.name, subject, upTo });
  return rows.find((row) => attempt === undefined || row.attempt === attempt);
}

type OfWish = Pick<OperationRow, "instance" | "mode" | "verb" | "subject"> & { readonly upTo: number };

function latest(reader: BillingReader, { instance, mode, verb, subject, upTo }: OfWish) {
  return reader
    .selectFrom("operations")
    .select(["id", "attempt", "params", "state"])
    .where("instance", "=", instance)
    .where("mode", "=", mode)
    .where("verb", "=", verb)
    .where("subject", "=", subject)
    .where("attempt", "<=", upTo)
    .orderBy("attempt", "desc")
    .limit(1);
}

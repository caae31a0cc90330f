// What became of a wish: the operation of its latest attempt.
import type { Verb } from "../kernel/contract/verb.ts";
import type { BillingCore } from "../kernel/core.ts";

/** Of this installation, in this mode; undefined when nobody ever wished it. */
export async function latestOperation(core: BillingCore, verb: Pick<Verb, "name">, subject: string) {
  const { instance, mode } = core.kernel;
  return core.sql.read("operations.latest", (reader) =>
    reader
      .selectFrom("operations")
      .select(["id", "attempt", "params", "state"])
      .where("instance", "=", instance)
      .where("mode", "=", mode)
      .where("verb", "=", verb.name)
      .where("subject", "=", subject)
      .orderBy("attempt", "desc")
      .limit(1)
      .executeTakeFirst(),
  );
}

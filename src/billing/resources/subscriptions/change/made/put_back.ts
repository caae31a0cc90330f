// The way back of a change that was made before it was paid for, and was not: to the items of before.
import type { Reacting } from "../../../../kernel/contract/reacting.ts";
import { isSameSold, type Quantity } from "../../schedules/index.ts";
import { readMirrored, wayBack } from "../asked/index.ts";
import { changeParams, heldItems, puttingBack } from "./change_verb.ts";

export async function putBack(reacting: Reacting, operation: string): Promise<void> {
  const { tx } = reacting;
  const made = await tx
    .selectFrom("subscription_changes")
    .innerJoin("operations", "operations.id", "subscription_changes.operation")
    .select(["subscription_changes.subscription", "previous", "items", "operations.params"])
    .where("subscription_changes.operation", "=", operation)
    .executeTakeFirst();
  const seen = made && (await readMirrored(tx, made.subscription));
  if (!made || !seen) return;
  const after = JSON.parse(made.items) as readonly Quantity[];
  if (!isSameSold(seen.row.items, after)) {
    const detail = "A change was not paid, and the subscription has become another one since: it was not put back.";
    await reacting.flag([{ kind: "change_not_reverted", subject: made.subscription, detail }]);
    return;
  }
  const previous = heldItems.read(JSON.parse(made.previous), "previous");
  const params = changeParams.read(JSON.parse(made.params), "params");
  await reacting.fileOperation(puttingBack(params, wayBack(seen.row, { previous, after })));
}

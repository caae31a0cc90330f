// How setups hear of their SetupIntents. A setup follows the one that its own operation made, known by its id. What was
// saved is mirrored, whether or not Stripe tells of it, and made the default where that was wished.
import { on } from "../../../kernel/contract/manifest.ts";
import type { OwedLook, RaisedFlag, Reacting } from "../../../kernel/contract/reacting.ts";
import { filed } from "../../../kernel/contract/verb.ts";
import type { BillingTx } from "../../../kernel/store/tables.ts";
import { madeBy } from "../../marks.ts";
import { methodKind } from "../methods.ts";
import { setDefault } from "../set_default.ts";
import type { SetupRow } from "../tables.ts";
import { collect } from "./collect.ts";
import { type SetupMirror, secondSetup } from "./setups.ts";

export const onSetupChanged = on("setup.changed", async (reacting, news) => {
  const setups = news.map(({ data }) => data);
  const made = await madeBy(reacting, collect.name, setups);
  const rows = await lockSetups(reacting.tx, { intents: setups.map(({ id }) => id), subjects: [...made.values()] });
  const flags: RaisedFlag[] = [];
  for (const setup of setups) {
    const row = [...rows.values()].find((one) => one.setup_intent === setup.id) ?? rows.get(made.get(setup.id) ?? "");
    if (!row) continue;
    if (row.setup_intent !== null && row.setup_intent !== setup.id) {
      flags.push(secondSetup(row, setup));
      continue;
    }
    const after = { ...row, ...followed(setup) };
    rows.set(row.id, after);
    await writeSetup(reacting.tx, after);
    if (after.status === "succeeded" && row.status !== "succeeded") await takeMethod(reacting, after, setup);
  }
  await reacting.flag(flags);
  return [];
});

function followed({ id, status, method, failure }: SetupMirror) {
  return { setup_intent: id, status, method, failure: failure && JSON.stringify(failure) };
}

async function takeMethod(reacting: Reacting, setup: SetupRow, { customer }: SetupMirror): Promise<void> {
  const { id, customer: customerId, method: methodId, set_as_default } = setup;
  if (methodId === null || customer === null) return;
  const look: OwedLook = { kind: methodKind.kind, id: methodId, customer, parent: null };
  await reacting.fileLooks([look]);
  if (set_as_default === 0) return;
  const params = { customerId, methodId, stripeCustomerId: customer };
  await reacting.fileOperation(filed(setDefault, { subject: `${id}/default`, attempt: 1, params }));
}

/** A write, so that what another process does to a setup at this moment is read here, or waits for us. */
async function lockSetups(
  tx: BillingTx,
  { intents, subjects }: { intents: readonly string[]; subjects: readonly string[] },
): Promise<Map<string, SetupRow>> {
  const rows = await tx
    .updateTable("method_setups")
    .set((eb) => ({ status: eb.ref("status") }))
    .where((eb) => eb.or([eb("setup_intent", "in", intents), eb("id", "in", [...subjects, ""])]))
    .returningAll()
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

async function writeSetup(tx: BillingTx, { id, setup_intent, status, method, failure }: SetupRow): Promise<void> {
  await tx.updateTable("method_setups").set({ setup_intent, status, method, failure }).where("id", "=", id).execute();
}

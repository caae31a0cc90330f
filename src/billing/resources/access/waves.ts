// When the catalog or the policy is another one, all answers are reckoned again: some customers at a time, so that no
// transaction is long. Until its turn has come, a row of before is reckoned by whoever reads it.
import { type AccessPolicy, accessPolicyDefault } from "../../api/index.ts";
import { fileTimers } from "../../kernel/changes/timers.ts";
import { on, type Timer } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { reckon } from "./reckon.ts";
import { policyKey, readPolicy } from "./state.ts";

/** What createBilling() was told. A process that says nothing, such as a command line, changes nothing. */
export async function keepPolicy({ sql, options, kernel }: BillingCore): Promise<void> {
  if (options.access === undefined) return;
  const policy = { ...accessPolicyDefault, ...options.access };
  const value = JSON.stringify({
    graceDays: policy.graceDays,
    whileProcessing: policy.whileProcessing,
    whilePaused: policy.whilePaused,
    whileDisputed: policy.whileDisputed,
  } satisfies AccessPolicy);
  const before = await sql.read("access.policy", (reader) =>
    reader.selectFrom("settings").select("value").where("key", "=", policyKey).executeTakeFirst(),
  );
  if (before?.value === value) return;
  await sql.write("access.policy", async (tx) => {
    await tx
      .insertInto("settings")
      .values({ key: policyKey, value })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
      .execute();
    await fileWave(tx, kernel.gateway.time.latest());
  });
}

/** Reckoned at once, in one transaction. */
const waveMax = 50;

export const wave: Timer = {
  kind: "access.wave",
  async work(reacting) {
    const { version } = await readPolicy(reacting.tx);
    const rows = await reacting.tx
      .selectFrom("access_customers")
      .select("customer")
      .where("version", "!=", version)
      .orderBy("customer")
      .limit(waveMax)
      .execute();
    if (rows.length === waveMax) await fileWave(reacting.tx, reacting.now);
    return reckon(
      reacting,
      rows.map(({ customer }) => customer),
    );
  },
};

async function fileWave(tx: BillingTx, dueAt: number): Promise<void> {
  await fileTimers(tx, [{ kind: wave.kind, subject: "all", dueAt }]);
}

export const onCatalogApplied = on("catalog.applied", async ({ tx, now }) => {
  await fileWave(tx, now);
  return [];
});

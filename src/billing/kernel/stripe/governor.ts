// Keeps our own request rate below Stripe's limits: tokens per second, leased from one row per limit so that replicas
// share them. A third is kept for customers' commands; looks yield. https://docs.stripe.com/rate-limits
import { type Clock, secondMs } from "#kit/clock.ts";
import type { BillingSql, BillingTx } from "../store/tables.ts";

export type Priority = "command" | "look";

/** Requests a second of the whole account. */
export const accountPerSecond = { live: 100, test: 25 } as const;
/** Requests a second to one endpoint. */
const endpointPerSecond = 25;
/** Tokens fetched from the row at a time: few enough that an idle replica wastes none, enough to spare writes. */
const leaseTokens = 5;

export interface Governor {
  /** Resolves when the request may leave. */
  take(priority: Priority, endpoint: string): Promise<void>;
}

interface Held {
  second: number;
  tokens: number;
}

export function createGovernor(input: { sql: BillingSql; clock: Clock; mode: "live" | "test" }): Governor {
  const { sql, clock } = input;
  const held = new Map<string, Held>();

  async function takeOne(name: string, perSecond: number): Promise<boolean> {
    const second = Math.floor(clock.now() / secondMs);
    const mine = held.get(name);
    if (mine?.second === second && mine.tokens > 0) {
      mine.tokens--;
      return true;
    }
    const granted = await sql.write("governor.lease", (tx) => lease(tx, { name, second, perSecond }));
    if (granted === 0) return false;
    const now = held.get(name);
    if (now?.second === second) now.tokens += granted - 1;
    else held.set(name, { second, tokens: granted - 1 });
    return true;
  }

  return {
    async take(priority, endpoint) {
      // A look's own limit is two thirds of the account's; what it may not use is left for commands.
      const account = accountPerSecond[input.mode];
      const names: [string, number][] = [["account", account]];
      if (priority === "look") names.unshift(["looks", Math.floor((account * 2) / 3)]);
      if (input.mode === "live") names.push([`endpoint ${endpoint}`, endpointPerSecond]);
      for (const [name, perSecond] of names) {
        while (!(await takeOne(name, perSecond))) {
          await clock.sleep(secondMs - (clock.now() % secondMs));
        }
      }
    },
  };
}

async function lease(tx: BillingTx, input: { name: string; second: number; perSecond: number }): Promise<number> {
  await tx
    .insertInto("limits")
    .values({ name: input.name, second: 0, used: 0 })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  // The first statement on the row is a write, so that replicas queue up on it.
  const row = await tx
    .updateTable("limits")
    .set((eb) => ({ used: eb("used", "+", 0) }))
    .where("name", "=", input.name)
    .returning(["second", "used"])
    .executeTakeFirstOrThrow();
  const used = row.second === input.second ? row.used : 0;
  const granted = Math.max(0, Math.min(leaseTokens, input.perSecond - used));
  // A replica whose clock lags never opens a second that others have left behind.
  if (granted === 0 || row.second > input.second) return 0;
  await tx
    .updateTable("limits")
    .set({ second: input.second, used: used + granted })
    .where("name", "=", input.name)
    .execute();
  return granted;
}

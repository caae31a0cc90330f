// What is done from time to time, whoever keeps billing running: a worker of start(), or a cron job's tick(). When each
// was last done stands in the database, so that ticks of processes that live for one request do no more than workers.
import { type Instant, minuteMs } from "#kit/clock.ts";
import type { Kernel } from "./contract/context.ts";
import { catchUp } from "./inbox/catch_up.ts";
import type { Inbox } from "./inbox/intake/accept.ts";
import { forgetBodies } from "./inbox/retention.ts";
import { needStripeTime } from "./stripe/gateway.ts";

const choreNames = ["catch_up", "retention", "orphans", "timers"] as const;
type ChoreName = (typeof choreNames)[number];
export type LastDid = Readonly<Record<ChoreName, Instant | null>>;

const byName = (at: (name: ChoreName) => Instant | null) =>
  Object.fromEntries(choreNames.map((name) => [name, at(name)])) as LastDid;

export const neverDid: LastDid = byName(() => null);

export const catchUpEveryMs = minuteMs;
/** Of what is done more often than this, it is not written down each time. */
const noteEveryMs = minuteMs;

const keyOf = (name: ChoreName) => `last_did_${name}`;

/** When each was last done to its end; null for never. */
export async function lastDid({ sql }: Pick<Kernel, "sql">): Promise<LastDid> {
  const rows = await sql.read("chores.last", (reader) =>
    reader.selectFrom("settings").selectAll().where("key", "in", choreNames.map(keyOf)).execute(),
  );
  return byName((name) => {
    const value = Number(rows.find(({ key }) => key === keyOf(name))?.value ?? Number.NaN);
    return Number.isSafeInteger(value) ? value : null;
  });
}

/** What is due of it now, for a tick; a failure is said aloud and tried again at the next. */
export async function workChores(kernel: Kernel, inbox: Inbox): Promise<number> {
  const last = (await lastDid(kernel)).catch_up;
  const isDue = last === null || kernel.ports.clock.now() - last >= catchUpEveryMs;
  const found = isDue ? await guarded(kernel, "catch_up", async () => (await catchUp(kernel, inbox)).found) : 0;
  await guarded(kernel, "retention", () => forgetBodies(kernel));
  return Math.max(0, found);
}

/**
 * Work outlives a database or a Stripe that is away for a while: −1, said aloud, and tried again. Nothing is worked
 * while Stripe's time is not known.
 */
export async function guarded(kernel: Kernel, name: string, work: () => Promise<number>): Promise<number> {
  try {
    await needStripeTime(kernel.gateway);
    const moved = await work();
    const chore = choreNames.find((one) => one === name);
    if (chore) await noteDone(kernel, chore);
    kernel.health.set(`worker_${name}`, null);
    return moved;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    kernel.ports.log.error("worker.failed", { worker: name, error: text });
    kernel.health.set(`worker_${name}`, `The worker ${name} failed: ${text}`);
    return -1;
  }
}

export async function noteDone({ sql, ports, noted }: Kernel, name: ChoreName): Promise<void> {
  const now = ports.clock.now();
  if (now - (noted.get(name) ?? Number.NEGATIVE_INFINITY) < noteEveryMs) return;
  await sql.write("chores.done", async (tx) => {
    await tx
      .insertInto("settings")
      .values({ key: keyOf(name), value: String(now) })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: String(now) }))
      .execute();
  });
  noted.set(name, now);
}

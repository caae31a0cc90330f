// The loops that carry work on by themselves. A loop with nothing to do sleeps until its next row is due or until it is
// woken; in between it looks around now and then, for what another process wrote without being heard. On a virtual
// clock those looks are left out while nothing can have happened (Clock.sleep, quietMs), so that a month of tests costs
// what is due in it.

import { hourMs, type Instant, secondMs } from "#kit/clock.ts";
import type { Running } from "#kit/ports.ts";
import { isProblem } from "#kit/problems.ts";
import { catchUpEveryMs, guarded } from "./chores.ts";
import type { Kernel } from "./contract/context.ts";
import { catchUp } from "./inbox/catch_up.ts";
import type { Inbox } from "./inbox/intake/accept.ts";
import { forgetBodies, nextForgetAt } from "./inbox/retention.ts";
import { workInbox } from "./inbox/work.ts";
import { currentCalls, type Operations } from "./journal/operations.ts";
import { flagOrphans, nextOrphanAt } from "./orphans.ts";
import type { Outbox } from "./outbox/outbox.ts";
import { openState } from "./store/tables.ts";
import { nextTimerAt, workTimers } from "./timers/timers.ts";

/** What is due and not to be had (another worker holds it, perhaps a dead one) is asked for again this often. */
const pollMs = secondMs;
/** With nothing due a worker still looks this often: another process wrote, and its wake was lost on the way. */
const idleMs = 10 * secondMs;
/** After a failure of the database, say. */
const pauseAfterErrorMs = secondMs;
const forgetEveryMs = hourMs;
const orphansEveryMs = hourMs;

export interface Worked {
  readonly kernel: Kernel;
  readonly inbox: Inbox;
  readonly operations: Operations;
  readonly outbox: Outbox;
  readonly meetStripe: () => Promise<void>;
}

export function runWorkers(worked: Worked): readonly Running[] {
  const { kernel, inbox, operations, outbox, meetStripe } = worked;
  return [
    runQueue(kernel, "operations", {
      async work() {
        await meetStripe();
        return operations.work();
      },
      nextAt: () => nextCallAt(kernel),
    }),
    runQueue(kernel, "inbox", {
      async work() {
        await inbox.quiet();
        return workInbox(kernel);
      },
      nextAt: () => nextReceiptAt(kernel),
    }),
    runQueue(kernel, "outbox", {
      async work() {
        await outbox.register();
        return outbox.work();
      },
      nextAt: () => outbox.nextAt(),
    }),
    runQueue(kernel, "timers", { work: () => workTimers(kernel), nextAt: () => nextTimerAt(kernel) }),
    runRetention(kernel),
    runOrphans(worked),
    runCatchUp(worked),
  ];
}

interface Queue {
  /** Works what is due; answers how much moved. */
  work(): Promise<number>;
  /** When the first row is due; null without one. */
  nextAt(): Promise<number | null>;
}

function runQueue(kernel: Kernel, name: string, { work, nextAt }: Queue): Running {
  const { ports, sql } = kernel;
  return ports.run(`billing.${name}`, async (signal) => {
    while (!signal.aborted) {
      const moved = await guarded(kernel, name, work);
      if (moved < 0) await ports.clock.sleep(pauseAfterErrorMs, signal);
      if (moved !== 0 || signal.aborted) continue;
      const at = await nextAt().catch(() => 0); // the worker's own look reports a database that is away
      const waitMs = at === null ? Number.POSITIVE_INFINITY : untilMs(kernel, at);
      if (waitMs > 0) await sql.wake.next(name, Math.min(waitMs, idleMs), { signal, quietMs: waitMs });
      else await sql.wake.next(name, pollMs, { signal });
    }
  });
}

/** While Stripe's time is not known, nothing is known to be due later. */
function untilMs({ gateway }: Kernel, at: Instant): number {
  return at - (gateway.time.known() ?? at);
}

async function nextCallAt(kernel: Kernel): Promise<number | null> {
  const first = await kernel.sql.read("operations.next", (reader) =>
    currentCalls(kernel, reader)
      .select((eb) => eb.fn.min("calls.next_at").as("next_at"))
      .executeTakeFirst(),
  );
  return first?.next_at ?? null;
}

async function nextReceiptAt({ sql }: Kernel): Promise<number | null> {
  const first = await sql.read("inbox.next", (reader) =>
    reader
      .selectFrom("receipts")
      .select((eb) => eb.fn.min("next_at").as("next_at"))
      .where("state", "=", openState)
      .executeTakeFirst(),
  );
  return first?.next_at ?? null;
}

function runRetention(kernel: Kernel): Running {
  const { clock } = kernel.ports;
  return kernel.ports.run("billing.retention", async (signal) => {
    while (!signal.aborted) {
      const moved = await guarded(kernel, "retention", () => forgetBodies(kernel));
      if (moved > 0) continue;
      const nextAt = moved < 0 ? 0 : await nextForgetAt(kernel).catch(() => 0);
      await clock.sleep(moved < 0 ? pauseAfterErrorMs : forgetEveryMs, signal, untilMs(kernel, nextAt));
    }
  });
}

function runOrphans({ kernel, outbox }: Worked): Running {
  const { clock } = kernel.ports;
  return kernel.ports.run("billing.orphans", async (signal) => {
    while (!signal.aborted) {
      const flagged = await guarded(kernel, "orphans", () => flagOrphans(kernel, outbox.handlers()));
      const nextAt = flagged < 0 ? 0 : await nextOrphanAt(kernel, outbox.handlers()).catch(() => 0);
      await clock.sleep(flagged < 0 ? pauseAfterErrorMs : orphansEveryMs, signal, untilMs(kernel, nextAt));
    }
  });
}

function runCatchUp({ kernel, inbox }: Worked): Running {
  return kernel.ports.run("billing.catch_up", async (signal) => {
    while (!signal.aborted) {
      let isStripeAway = false;
      const found = await guarded(kernel, "catch_up", async () => {
        try {
          return (await catchUp(kernel, inbox)).found;
        } catch (error) {
          isStripeAway = isProblem(error, "stripe_unreachable") || isProblem(error, "stripe_key_rejected");
          throw error;
        }
      });
      // Stripe is not asked more often for being away; a database that was away is back soon.
      const waitMs = found < 0 && !isStripeAway ? pauseAfterErrorMs : catchUpEveryMs;
      // What found something may have set more in motion, and what failed was not a look.
      const quietMs = found === 0 ? Number.POSITIVE_INFINITY : waitMs;
      await kernel.ports.clock.sleep(waitMs, signal, quietMs);
    }
  });
}

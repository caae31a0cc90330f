// What follows from news, in the transaction that brought them: who is told, what is written down to leave, and what a
// reaction may do besides its own rows.
import assert from "node:assert/strict";
import type { Instant } from "#kit/clock.ts";
import type { Kernel } from "../contract/context.ts";
import type { News, Reacting } from "../contract/reacting.ts";
import { writeFacts } from "../outbox/outbox.ts";
import type { BillingSql, BillingTx } from "../store/tables.ts";
import { raiseFlags } from "./flags.ts";
import { fileLooks } from "./looks.ts";
import { fileOperation } from "./operations.ts";
import { fileTimers, withdrawTimers } from "./timers.ts";

/** News that make news that make news: no honest chain is longer, so more is a loop in the reactions. */
const generationsMax = 20;

/**
 * Writes the facts that leave and tells everybody who reacts, generation by generation: a reaction hears all news of
 * its type of one generation at once. Rooms hear bottom to top, each in the order of its manifest, so that what follows
 * depends on what happened and not on the order in which it was seen.
 */
export async function spread(kernel: Kernel, reacting: Reacting, first: readonly News[]): Promise<void> {
  let news = first;
  for (let generation = 0; news.length > 0; generation++) {
    assert(generation < generationsMax, `news made news ${generationsMax} times: ${news[0]?.type}`);
    const told = await onlyNew(kernel, reacting, news);
    const next: News[] = [];
    for (const reaction of kernel.registry.reactions) {
      const heard = told.filter(({ type }) => type === reaction.type);
      if (heard.length > 0) next.push(...(await reaction.react(reacting, heard)));
    }
    news = next;
  }
}

/** Without the facts that were told before: what followed from them has followed. */
async function onlyNew(
  kernel: Kernel,
  { tx, now, isHistory }: Reacting,
  news: readonly News[],
): Promise<readonly News[]> {
  const isFact = ({ type }: News) => kernel.registry.isFact(type);
  if (isHistory) return news.filter((one) => !isFact(one));
  const fresh = new Set(await writeFacts(tx, news.filter(isFact), now));
  return news.filter((one) => !isFact(one) || fresh.has(one));
}

/** Call it after the commit of what spread news: any of it may have set any of these in motion. */
export function wakeWorkers(sql: BillingSql): void {
  for (const topic of ["outbox", "operations", "inbox", "timers"]) sql.wake.notify(topic);
}

export function createReacting(kernel: Kernel, tx: BillingTx, now: Instant): Reacting {
  const reacting: Reacting = {
    tx,
    now,
    instance: kernel.instance,
    isHistory: false,
    flag: (flags) => raiseFlags(tx, flags, now),
    fileOperation: async (operation) => {
      const filed = await fileOperation(kernel, reacting, { ...operation, isPromised: operation.isAwaited !== true });
      return filed?.operation.id;
    },
    fileLooks: (objects) => fileLooks(kernel, tx, { objects, now }),
    fileTimers: (timers) => fileTimers(tx, timers),
    withdrawTimers: (timers) => withdrawTimers(tx, timers),
  };
  return reacting;
}

/** For what was over before anybody asked us to see it. */
export function reactingToHistory(kernel: Kernel, tx: BillingTx, now: Instant): Reacting {
  return { ...createReacting(kernel, tx, now), isHistory: true };
}

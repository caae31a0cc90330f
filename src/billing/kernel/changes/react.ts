// What follows from news, in the transaction that brought it: who is told, what is written down to leave, and what a
// reaction may do besides its own rows.
import type { Instant } from "#kit/clock.ts";
import type { Kernel } from "../contract/context.ts";
import type { News, Reacting } from "../contract/manifest.ts";
import { writeFact } from "../outbox/outbox.ts";
import type { BillingTx } from "../store/tables.ts";
import { raiseFlag } from "./flags.ts";
import { fileLook } from "./looks.ts";
import { fileOperation } from "./operations.ts";

/** News of one transaction never cascade further than this; more is a loop in the reactions. */
const newsMax = 1_000;

/** Tells everybody who reacts, and writes the facts that leave. */
export async function spread(kernel: Kernel, reacting: Reacting, first: readonly News[]): Promise<void> {
  const queue = [...first];
  for (let told = 0; queue.length > 0; told++) {
    if (told > newsMax) throw new Error(`More than ${newsMax} news in one transaction: ${queue[0]?.type}`);
    const news = queue.shift() as News;
    if (kernel.registry.isFact(news.type)) {
      const isNew = await writeFact(reacting.tx, news, reacting.now);
      if (!isNew) continue;
    }
    for (const react of kernel.registry.reactions(news.type)) queue.push(...(await react(reacting, news)));
  }
}

export function createReacting(kernel: Kernel, tx: BillingTx, now: Instant): Reacting {
  const reacting: Reacting = {
    tx,
    now,
    instance: kernel.instance,
    flag: (kind, subject, detail) => raiseFlag(tx, { kind, subject, detail, now }),
    async fileOperation(operation) {
      await fileOperation(kernel, reacting, operation);
    },
    async fileLook(object) {
      await fileLook(kernel, tx, { ...object, now });
    },
  };
  return reacting;
}

// What is applied has a number, which is another one as soon as something else is: whoever keeps what follows from a
// catalog keeps the number beside it.
import type { Timer } from "../../kernel/contract/manifest.ts";
import type { Reacting } from "../../kernel/contract/reacting.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** Another catalog of the namespace than before is applied. */
    "catalog.applied": { readonly namespace: string };
  }
}

/** Where the number stands in `settings`; nothing stands there before the first catalog. */
export const catalogVersionKey = "catalog_version";

/** In the transaction in which a run ends. */
export async function raiseVersion({ tx, now, fileTimers }: Reacting, namespace: string): Promise<void> {
  await tx
    .insertInto("settings")
    .values({ key: catalogVersionKey, value: "1" })
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet((eb) => ({
        value: eb.cast<string>(eb(eb.cast<number>("settings.value", "integer"), "+", 1), "text"),
      })),
    )
    .execute();
  await fileTimers([{ kind: catalogApplied.kind, subject: namespace, dueAt: now }]);
}

/** An operation's end has no news of its own: what follows is heard a moment later. */
export const catalogApplied: Timer = {
  kind: "catalog.applied",
  async work({ now }, { subject: namespace, dueAt }) {
    return [
      { type: "catalog.applied", subject: namespace, transition: `${namespace}@${dueAt}/${now}`, data: { namespace } },
    ];
  },
};

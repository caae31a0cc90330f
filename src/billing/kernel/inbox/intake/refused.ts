// Webhooks that were refused, and how we know that it is our fault. Anybody can send a forged one, so refusals prove
// nothing; but an event that we refused and that then stands in Stripe's own list was Stripe's, and nobody can know its
// id before. While no webhook gets through, that is a wrong secret: /ready says so, and a flag for a human.
import { raiseFlags } from "../../changes/flags.ts";
import type { Kernel } from "../../contract/context.ts";

export interface Refused {
  count(reason: string): void;
  /** Its signature was of none of our secrets. */
  unsigned(body: Uint8Array): void;
  accepted(): void;
  /** Events as Stripe lists them. */
  listed(ids: readonly string[]): Promise<void>;
  /** By reason, since the start. */
  counts(): Readonly<Record<string, number>>;
}

/** More are forgotten, oldest first: one is enough. */
const rememberedMax = 1_000;
/** An event begins with its id. */
const headBytes = 200;
const reason = "webhooks";

export function createRefused(kernel: Kernel): Refused {
  const counted = new Map<string, number>();
  const remembered = new Set<string>();
  return {
    count: (why) => void counted.set(why, (counted.get(why) ?? 0) + 1),
    unsigned(body) {
      const head = Buffer.from(body.subarray(0, headBytes)).toString("latin1");
      const [, id] = /"id"\s*:\s*"(evt_\w{1,100})"/.exec(head) ?? [];
      if (id === undefined) return;
      remembered.add(id);
      for (const oldest of remembered) {
        if (remembered.size <= rememberedMax) break;
        remembered.delete(oldest);
      }
    },
    accepted() {
      remembered.clear();
      kernel.health.set(reason, null);
    },
    async listed(ids) {
      const proof = ids.find((id) => remembered.has(id));
      if (proof === undefined) return;
      const detail =
        `Stripe's event ${proof} was refused, and no webhook has got through since: is the webhook secret that of ` +
        "the endpoint? Until then events are read from Stripe's list, once a minute.";
      kernel.health.set(reason, detail);
      kernel.ports.log.error("inbox.all_refused", { eventId: proof, detail });
      const flag = { kind: "webhooks_refused", subject: "webhooks", detail };
      await kernel.sql.write("inbox.all_refused", (tx) => raiseFlags(tx, [flag], kernel.ports.clock.now()));
    },
    counts: () => Object.fromEntries(counted),
  };
}

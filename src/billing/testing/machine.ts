// Another process on a world's database, on a machine of its own: its clock is wrong, or it sleeps.
import type { Clock } from "#kit/clock.ts";
import { type Billing, createBilling } from "../index.ts";
import { optionsFor, type World } from "./index.ts";

export interface Machine {
  readonly billing: Billing;
  /** The machine sleeps: time passes meanwhile, and its monotonic clock knows nothing of it. */
  sleep(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** `aheadMs`: how far its wall clock is ahead of Stripe's. It runs no workers. */
export async function startMachine(
  world: World,
  { url, aheadMs = 0 }: { readonly url: string; readonly aheadMs?: number },
): Promise<Machine> {
  const { ports } = world.life();
  let sleptMs = 0;
  const clock: Clock = {
    ...ports.clock,
    now: () => ports.clock.now() + aheadMs,
    monotonicMs: () => ports.clock.monotonicMs() - sleptMs,
  };
  const billing = await world.run(createBilling(optionsFor(url), { ...ports, clock }));
  return {
    billing,
    async sleep(ms) {
      sleptMs += ms;
      await world.advance(ms);
    },
    close: () => world.run(billing.close()),
  };
}

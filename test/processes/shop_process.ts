// Billing and a small shop as one real process, to be killed, stopped, and put on a clock and a network of its own. The
// shop writes each fact it is told to a file of its own, with one appending write, before it says that it is handled.
//   node shop_process.ts '{"database":"…","port":…,"sandboxUrl":"…","webhookSecrets":["…"],"told":"FILE"}'
import { appendFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import { createBilling, factTypes, subjectOf } from "bursar";
import { systemPorts, unitOfTestMaxMs } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";

export interface ShopSettings {
  readonly database: string;
  readonly port: number;
  readonly sandboxUrl: string;
  readonly webhookSecrets: readonly string[];
  readonly told: string;
  /** How far the machine's clock is ahead. */
  readonly aheadMs?: number;
}

const settings = JSON.parse(process.argv[2] as string) as ShopSettings;
const publicUrl = `http://127.0.0.1:${settings.port}`;
const ports = systemPorts({ log: silentLog(), unitMaxMs: unitOfTestMaxMs });
const { aheadMs = 0 } = settings;
const billing = await createBilling(
  {
    stripe: {
      secretKey: "sk_test_sigkill",
      publishableKey: "pk_test_sigkill",
      webhookSecrets: settings.webhookSecrets,
      apiBase: settings.sandboxUrl,
    },
    database: settings.database,
    publicUrl,
  },
  { ...ports, clock: { ...ports.clock, now: () => ports.clock.now() + aheadMs } },
);
for (const type of factTypes) {
  billing.on(type, (fact) => appendFileSync(settings.told, `${fact.id} ${type} ${subjectOf(fact)}\n`), { id: "shop" });
}
await billing.start();

type Did = Promise<unknown>;

/** What is refused so is an answer; whatever else happens is asked again. */
const refusedAs = (code: string) => (error: unknown) => {
  if (error instanceof Error && "code" in error && error.code === code) return code;
  throw error;
};

/** What the shop can be asked for, by method and path. */
const routes: Readonly<Record<string, (id: string, other: string) => Did>> = {
  "GET order": async (id) => billing.orders.get(id),
  /** Sells something; answers the client secret. */
  async "POST order"(id) {
    const lines = [{ description: "Tea", quantity: 1, unitAmount: 900 }];
    await billing.orders.create({ id, currency: "eur", lines });
    return { clientSecret: (await billing.orders.checkout(id)).clientSecret };
  },
  /** Sells something that is held, to be more later, and captured in parts; answers the client secret. */
  async "POST held"(id) {
    const lines = [{ description: "Room", quantity: 1, unitAmount: 900 }];
    const held = { capture: "manual", multicapture: true, incrementalAuthorization: true } as const;
    await billing.orders.create({ id, currency: "eur", lines, ...held });
    return { clientSecret: (await billing.orders.checkout(id)).clientSecret };
  },
  "POST increment"(id, wish) {
    return billing.orders.increment(id, { id: wish, lines: [{ description: "Bar", quantity: 1, unitAmount: 300 }] });
  },
  "POST part": (id, part) => billing.orders.capture(id, { id: part, amount: 500 }),
  "POST last": (id, part) => billing.orders.capture(id, { id: part }),
  "POST catalog": (namespace) =>
    billing.catalog.apply({ namespace, plans: { pro: { name: "Pro", prices: { month: { eur: 900 } } } } }),
  "POST customer": (id) => billing.customers.ensure({ id: `user_${id}` }),
  "POST taxId": (id, taxId) =>
    billing.customers.addTaxId(`user_${id}`, { id: taxId, type: "eu_vat", value: "DE136695976" }),
  "POST noTaxId": (id, taxId) => billing.customers.removeTaxId(`user_${id}`, taxId),
  "POST collect": (id, wish) => billing.methods.collect(`user_${id}`, { id: wish }),
  "POST default": (id, method) => billing.methods.setDefault(`user_${id}`, method, { id: "choice" }),
  "POST remove": (id, method) => billing.methods.remove(`user_${id}`, method),
  /** Sells the plan, and first a week of it for nothing; answers whether it is theirs. */
  "POST subscribe": (id, start) =>
    billing.subscriptions
      .start({
        ...{ id: `${id}_${start}`, customerId: `user_${id}`, namespace: "shop" },
        ...{ plan: "pro", every: "month", trial: { days: 7 } },
      })
      .then(({ outcome }) => outcome, refusedAs("wrong_state")),
  /** Sells something to who has saved a card. */
  async "POST charge"(id, method) {
    const lines = [{ description: "Tea", quantity: 1, unitAmount: 900 }];
    await billing.orders.create({ id, currency: "eur", lines, customerId: `user_${id}` });
    return billing.orders.charge(id, { method });
  },
  "POST cancel": (id) => billing.orders.cancel(id),
  "POST refund": (id, orderId) => billing.refunds.create({ id, orderId, amount: 100 }),
};

serve(
  {
    hostname: "127.0.0.1",
    port: settings.port,
    fetch: async (request: Request) => {
      const [, what, id = "", other = ""] =
        /^\/shop\/(\w+)\/(\w+)(?:\/(\w+))?$/.exec(new URL(request.url).pathname) ?? [];
      const route = routes[`${request.method} ${what}`];
      if (!route) return billing.fetch(request);
      const failed = (error: unknown) => new Response(String(error), { status: 500 });
      return route(id, other).then((answer) => Response.json(answer), failed);
    },
  },
  () => process.stdout.write("ready\n"),
);

// Billing and a small shop as one real process, to be killed. The shop writes each fact it is told to a file of its
// own, with one appending write, before it says that it has handled it.
//   node shop_process.ts '{"database":"…","port":…,"sandboxUrl":"…","webhookSecret":"…","told":"FILE"}'
import { appendFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import { createBilling } from "bursar";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";

export interface ShopSettings {
  readonly database: string;
  readonly port: number;
  readonly sandboxUrl: string;
  readonly webhookSecret: string;
  readonly told: string;
}

const settings = JSON.parse(process.argv[2] as string) as ShopSettings;
const publicUrl = `http://127.0.0.1:${settings.port}`;
const billing = await createBilling(
  {
    stripe: {
      secretKey: "sk_test_sigkill",
      publishableKey: "pk_test_sigkill",
      webhookSecrets: [settings.webhookSecret],
      apiBase: settings.sandboxUrl,
    },
    database: settings.database,
    publicUrl,
  },
  systemPorts({ log: silentLog() }),
);
billing.on("order.paid", (fact) => appendFileSync(settings.told, `${fact.id} ${fact.data.orderId}\n`), { id: "shop" });
await billing.start();

/** POST /shop/ID sells something and answers the client secret; GET /shop/ID answers the order's status. */
async function answerShop(request: Request, id: string): Promise<Response> {
  if (request.method === "GET") return Response.json({ status: (await billing.orders.get(id)).status });
  await billing.orders.create({ id, currency: "eur", lines: [{ description: "Tea", quantity: 1, unitAmount: 900 }] });
  return Response.json({ clientSecret: (await billing.orders.checkout(id)).clientSecret });
}

serve(
  {
    hostname: "127.0.0.1",
    port: settings.port,
    fetch: async (request: Request) => {
      const id = /^\/shop\/(\w+)$/.exec(new URL(request.url).pathname)?.[1];
      if (!id) return billing.fetch(request);
      return answerShop(request, id).catch((error: unknown) => new Response(String(error), { status: 500 }));
    },
  },
  () => process.stdout.write("ready\n"),
);

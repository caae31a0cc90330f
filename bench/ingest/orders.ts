// Orders that are about to be paid, each with the PaymentIntent of one recorded event: what makes an event our own.
import { DatabaseSync } from "node:sqlite";
import { createBilling } from "bursar";
import pg from "pg";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import type { Recorded } from "./events.ts";
import type { TargetSettings } from "./settings.ts";

const lines = [{ description: "Tea", quantity: 1, unitAmount: 2_000 }];
const atOnce = 50;

/** The bodies of `paid`, as if each was an order of this database, and had just been paid. */
export async function placeOrders(settings: TargetSettings, paid: readonly Recorded[]): Promise<string[]> {
  const { database, stripeUrl, secret } = settings;
  const stripe = { secretKey: "sk_test_bench", publishableKey: "pk_test_bench", webhookSecrets: [secret] };
  const options = { stripe: { ...stripe, apiBase: stripeUrl }, database, publicUrl: "http://127.0.0.1" };
  const billing = await createBilling(options, systemPorts({ log: silentLog() }));
  billing.on("order.paid", () => {}, { id: "bench" });
  await billing.tick({ maxMs: 1 }); // writes the handler down
  for (let at = 0; at < paid.length; at += atOnce) {
    const some = paid.slice(at, at + atOnce);
    await Promise.all(some.map((_, n) => billing.orders.create({ id: orderId(at + n), currency: "eur", lines })));
  }
  await billing.close();
  const made = paid.map(({ body }, nth) => ({ nth, event: JSON.parse(renamed(body)) }));
  const instance = await bind(
    database,
    made.map(({ nth, event }) => [event.data.object.id, orderId(nth)]),
  );
  return made.map(({ nth, event }) => {
    const { object } = event.data;
    Object.assign(object, { amount: 2_000, amount_received: 2_000 });
    object.metadata = { bursar_instance: instance, bursar_order: orderId(nth) };
    return JSON.stringify({ ...event, created: Math.floor(Date.now() / 1_000) }, null, 2);
  });
}

const orderId = (nth: number): string => `order_${nth}`;

/** Other objects than those of the events that are nobody's. */
const renamed = (body: string): string => body.replaceAll(/"(evt|pi|ch)_/g, '"$1_own');

/** Says which PaymentIntent pays which order, as a checkout would have; answers the installation's name. */
async function bind(database: string, pairs: readonly (readonly [string, string])[]): Promise<string> {
  if (database.startsWith("sqlite:")) {
    const file = new DatabaseSync(database.slice("sqlite:".length));
    const update = file.prepare("update orders set payment_intent = ? where id = ?");
    file.exec("begin");
    for (const pair of pairs) update.run(...pair);
    file.exec("commit");
    const { value } = file.prepare("select value from settings where key = 'instance'").get() as { value: string };
    file.close();
    return value;
  }
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await client.query(
    `update bursar.orders set payment_intent = pair.intent
     from unnest($1::text[], $2::text[]) as pair (intent, id) where orders.id = pair.id`,
    [pairs.map(([intent]) => intent), pairs.map(([, id]) => id)],
  );
  const { rows } = await client.query("select value from bursar.settings where key = 'instance'");
  await client.end();
  return rows[0].value;
}

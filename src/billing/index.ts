// READ FIRST: the only door of billing. createBilling() checks the options, opens and migrates the database, puts the
// kernel, the resources and the HTTP room together, and hands out the API of api.ts.
import "#kit/options/node_version.ts";
import { systemPorts } from "#kit/create_ports.ts";
import { createIds } from "#kit/ids.ts";
import { checkPorts } from "#kit/options/options.ts";
import type { Ports } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import { migrate } from "#kit/sql/migrate.ts";
import { openSql } from "#kit/sql/open.ts";
import type { Billing, BillingOptions, FactType } from "./api/index.ts";
import { createApp, type HttpApp } from "./http/app.ts";
import type { HttpCore } from "./http/core.ts";
import { checkRequest } from "./http/host_body.ts";
import { openPageLink } from "./http/links.ts";
import { disableCopiedEndpoints } from "./http/outgoing/endpoints.ts";
import { type BillingCore, createCore } from "./kernel/core.ts";
import type { Handler } from "./kernel/outbox/box.ts";
import { type Adoption, adoptInstance, followMove } from "./kernel/store/instance.ts";
import type { BillingSql, BillingTables } from "./kernel/store/tables.ts";
import { refuseBadAdoption, refuseBadOptions } from "./options.ts";
import { createAccess, keepPolicy } from "./resources/access/index.ts";
import { createCatalog } from "./resources/catalog/index.ts";
import { createCustomers } from "./resources/customers/index.ts";
import { createImport } from "./resources/imports/index.ts";
import { factTypes, manifests } from "./resources/index.ts";
import { checkFields, checkKey } from "./resources/input.ts";
import { askInvoice, createInvoices, type OpenInvoiceLink } from "./resources/invoices/index.ts";
import { askSetup, createMethods, type OpenSetupLink } from "./resources/methods/index.ts";
import { createOrders, type OpenLink, paymentSecret } from "./resources/orders/index.ts";
import { createRefunds } from "./resources/refunds/index.ts";
import { createRepair } from "./resources/repair/index.ts";
import { createSubscriptions } from "./resources/subscriptions/index.ts";
import { migrations } from "./rooms.ts";

export type { Ports } from "#kit/ports.ts";
export type * from "./api/index.ts";
export { apiVersion } from "./kernel/stripe/gateway.ts";
export { defineCatalog } from "./resources/catalog/index.ts";
export { factTypes, subjectOf } from "./resources/index.ts";

type WhichDatabase = Pick<BillingOptions, "database" | "schema">;

/** drain() works until nothing is due; this only bounds a host's patience with one call of it. */
const drainMs = 10 * 60 * 1_000;

/**
 * Opens billing on a database. Nothing runs until start() (or tick()); fetch() works at once.
 * @example
 * const billing = await createBilling({ stripe, database: "sqlite:var/bursar.db", publicUrl });
 * billing.on("order.paid", ({ data }) => ship(data.orderId), { id: "shop" });
 * await billing.start();
 * const lines = [{ description: "Lamp", quantity: 1, unitAmount: 4900 }];
 * await billing.orders.create({ id: "order_9001", currency: "eur", lines });
 * await billing.close();
 */
export async function createBilling(options: BillingOptions, ports: Ports = systemPorts()): Promise<Billing> {
  refuseBadOptions(options);
  checkPorts("createBilling", ports);
  const sql = await openDatabase(options, ports);
  try {
    const core = await createCore({ options, ports, sql, manifests });
    await keepPolicy(core);
    return assemble(core);
  } catch (error) {
    await sql.close();
    throw error;
  }
}

/**
 * Makes a moved, restored or copied database usable where it is now; createBilling() refuses it with
 * `database_copied` until then. `moved`: the original is gone, and this installation goes on where it stood. `copy`:
 * the original lives on; the copy gets an identity of its own, sends nothing that was begun before, delivers no facts
 * of then, and its outgoing endpoints are off. Run it while no process works on the database.
 * @returns the id by which Bursar's objects at Stripe are told from those of other installations
 * (`metadata.bursar_instance`).
 * @example await adoptDatabase({ database: "sqlite:var/bursar.db", as: "moved" });
 */
export async function adoptDatabase(
  options: WhichDatabase & { readonly as: Adoption },
  ports: Ports = systemPorts(),
): Promise<{ instance: string }> {
  refuseBadAdoption(options);
  checkPorts("adoptDatabase", ports);
  const sql = await openDatabase(options, ports);
  try {
    const fresh = ports.ids.next("ins");
    const instance = await sql.write("instance.adopt", async (tx) => {
      const place = await sql.place(tx);
      const adopted = await adoptInstance(tx, { as: options.as, place, fresh });
      // By this machine's clock: no Stripe is asked here, and nothing is decided by that instant (decision 44).
      if (options.as === "copy") await disableCopiedEndpoints(tx, ports.clock.now());
      return adopted;
    });
    ports.log.info("instance.adopted", { as: options.as, instance });
    return { instance };
  } finally {
    await sql.close();
  }
}

async function openDatabase({ database: url, schema }: WhichDatabase, ports: Ports): Promise<BillingSql> {
  const { clock, log, mortality, unitMaxMs } = ports;
  const random = ports.random("sql");
  const sql = await openSql<BillingTables>({ url, schema, clock, random, log, mortality, unitMaxMs, migrations });
  try {
    const { wasMoved } = await migrate(sql, migrations, { moved: followMove });
    if (wasMoved) log.info("database.moved_into_schema", { schema: sql.schema });
    return sql;
  } catch (error) {
    await sql.close();
    throw error;
  }
}

function assemble(core: BillingCore): Billing {
  const { sql, ports, options } = core;
  const links = { sql, ports: { ...ports, ids: createIds(ports.random("links")) }, options };
  const openLink: OpenLink = ({ orderId: subject, ...link }) =>
    openPageLink(links, { purpose: "checkout", subject, ...link });
  const openSetupLink: OpenSetupLink = (input) => openPageLink(links, { purpose: "setup", ...input });
  const openInvoiceLink: OpenInvoiceLink = ({ invoiceId: subject, returnUrl }) =>
    openPageLink(links, { purpose: "invoice", subject, returnUrl });
  const api: Omit<Billing, "fetch" | "takeWebhook"> = {
    ...lifecycle(core, () => app),
    import: createImport(core),
    catalog: createCatalog(core),
    customers: createCustomers(core),
    methods: createMethods(core, openSetupLink),
    orders: createOrders(core, openLink),
    refunds: createRefunds(core),
    subscriptions: createSubscriptions(core, openInvoiceLink),
    invoices: createInvoices(core, openInvoiceLink),
    access: createAccess(core),
    on: onFact(core),
    ...createRepair(core),
  };
  const httpCore: HttpCore = {
    sql,
    ports,
    options,
    acceptWebhook: core.acceptWebhook,
    outbox: core.outbox,
    paymentSecret: (orderId) => core.command(() => paymentSecret(core, { id: orderId })),
    askSetup: (subject) => core.command(() => askSetup(core, subject)),
    askInvoice: (id) => core.command(() => askInvoice(core, id)),
    ready: () => core.ready(),
    knownTime: () => core.knownTime(),
    health: () => core.health(),
  };
  const app = createApp(httpCore, api);
  const fetch: Billing["fetch"] = async (request, env) => app.fetch(checkRequest(request), env);
  return { ...api, fetch, takeWebhook: app.takeWebhook };
}

function lifecycle(core: BillingCore, app: () => HttpApp): Pick<Billing, "start" | "drain" | "close" | "tick"> {
  const endpoints: { stop(): Promise<void> }[] = [];
  return {
    async start() {
      await core.start();
      const running = await app().start();
      endpoints.push({
        async stop() {
          running.stop();
          await running.stopped;
        },
      });
    },
    async drain() {
      await core.work(drainMs);
    },
    async close() {
      for (const endpoint of endpoints.splice(0)) await endpoint.stop();
      await core.close();
    },
    async tick(options) {
      const { maxMs } = checkFields("options", options, { maxMs: true });
      if (!(maxMs > 0))
        throw problem("invalid_params", "maxMs is a number, more than 0", { details: { field: "maxMs" } });
      return { worked: await core.work(maxMs) };
    },
  };
}

/** One id may want several types: it is one handler, with one function for each. */
function onFact(core: BillingCore): Billing["on"] {
  const byId = new Map<string, Map<FactType, Handler["handle"]>>();
  return (type, handler, options) => {
    const id = checkKey("id", checkFields("options", options, { id: true }).id);
    if (!factTypes.includes(type)) {
      throw problem("invalid_params", "There is no such fact", { hint: `A type is one of ${factTypes.join(", ")}.` });
    }
    if (typeof handler !== "function") throw problem("invalid_params", "A handler is a function");
    const byType = byId.get(id) ?? new Map<FactType, Handler["handle"]>();
    if (byType.has(type)) {
      throw problem("invalid_config", `The handler "${id}" wants ${type} twice`, {
        hint: "Results are remembered under the id. Give the second handler an id of its own.",
      });
    }
    byId.set(id, byType.set(type, handler as Handler["handle"]));
    const handle: Handler["handle"] = (fact) => {
      const chosen = byType.get(fact.type);
      // It was wanted when the fact was written; not calling anybody must not pass for success.
      if (!chosen) throw problem("invalid_config", `The handler "${id}" no longer wants ${fact.type}`);
      return chosen(fact);
    };
    core.outbox.add({ id, types: [...byType.keys()], handle });
  };
}

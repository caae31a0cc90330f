// A toy noun whose verbs have several steps, and a kernel that knows no other noun: what the journal's tests carry out.
import { hourMs } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { openSql } from "#kit/sql/open.ts";
import { until } from "#kit/testing.ts";
import { type Manifest, on } from "../kernel/contract/manifest.ts";
import { oneOf, record, text } from "../kernel/contract/shape.ts";
import { defineVerb, filed, itsId, nothingReserved } from "../kernel/contract/verb.ts";
import { type BillingCore, createCore } from "../kernel/core.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { marks, marksOf } from "../resources/marks.ts";
import { optionsFor, startWorld, type World } from "./index.ts";

export const enrollValidForMs = 30 * hourMs;

const lane = ({ subject }: { readonly subject: string }) => `toy:${subject.split("|")[0]}`;
const nothing = record({});

/** Cancels an intent. The subject is `<toy>|<intent>`: the toy's lane, and a wish of its own for each. */
const cancelIntent = defineVerb({
  name: "toys.cancel_intent",
  params: record({ noun: oneOf(["setup_intents", "payment_intents"]), id: text }),
  outcome: nothing,
  lane,
  steps: [
    {
      name: "cancel",
      answer: itsId,
      touches: ({ params }) => params.id,
      request: ({ params }) => ({ method: "POST", path: `/v1/${params.noun}/${params.id}/cancel`, params: {} }),
      holds: (intent) => intent.status === "canceled",
    },
  ],
  answered: async () => ({}),
  refused: nothingReserved,
});

const undo = (noun: "setup_intents" | "payment_intents", subject: string, id: string) =>
  filed(cancelIntent, { subject: `${subject}|${id}`, attempt: 1, params: { noun, id } });

/** A customer that is kept, a SetupIntent that is undone, and the customer's name, which makes nothing. */
export const enroll = defineVerb({
  name: "toys.enroll",
  params: record({ name: text }),
  outcome: record({ customer: text, setup: text, status: text }),
  lane,
  validForMs: () => enrollValidForMs,
  steps: [
    {
      name: "customer",
      answer: itsId,
      request: (operation) => ({ method: "POST", path: "/v1/customers", params: { metadata: marks(operation, {}) } }),
      async find({ id }, { since, list }) {
        const made = await list(`/v1/customers?limit=100&created[gte]=${since}`);
        return made.find((customer) => marksOf(customer).operation === id) ?? null;
      },
      kept: true,
    },
    {
      name: "setup",
      answer: record({ id: text, status: text }),
      request: (operation, { customer }) => ({
        method: "POST",
        path: "/v1/setup_intents",
        params: { customer: customer.id, metadata: marks(operation, {}) },
      }),
      async find({ id }, { list }, { customer }) {
        const made = await list(`/v1/setup_intents?limit=100&customer=${customer.id}`);
        return made.find((setup) => marksOf(setup).operation === id) ?? null;
      },
      undo: ({ subject }, { setup }) => undo("setup_intents", subject, setup.id),
    },
    {
      name: "rename",
      answer: itsId,
      touches: (_operation, { customer }) => customer.id,
      request: ({ params }, { customer, setup }) => ({
        method: "POST",
        path: `/v1/customers/${customer.id}`,
        params: { name: params.name, metadata: { setup: setup.id } },
      }),
      holds: (customer, { params }) => customer.name === params.name,
    },
  ],
  async answered(reacting, { subject }, { customer, setup }) {
    await reacting.flag([{ kind: "toy_answered", subject, detail: customer.id }]);
    return { customer: customer.id, setup: setup.id, status: setup.status };
  },
  async refused(reacting, { subject }, refusal) {
    await reacting.flag([{ kind: "toy_refused", subject, detail: refusal.type }]);
    return [];
  },
  async canceled(reacting, { subject }) {
    await reacting.flag([{ kind: "toy_canceled", subject, detail: "told" }]);
    return [];
  },
});

/** Wishes that a toy be not enrolled. */
export function cancelEnrolling({ sql, operations }: Pick<BillingCore, "sql" | "operations">, subject: string) {
  const asked = { verb: enroll.name, subject, lane: lane({ subject }) };
  return sql.write("cancel", (tx) => operations.requestCancel(tx, asked, async () => true));
}

/** Two intents, both undone when the name of their customer is refused. */
export const pair = defineVerb({
  name: "toys.pair",
  params: record({ customer: text }),
  outcome: nothing,
  lane,
  steps: [
    {
      name: "setup",
      answer: itsId,
      request: (operation) => ({
        method: "POST",
        path: "/v1/setup_intents",
        params: { metadata: marks(operation, {}) },
      }),
      find: async () => null,
      undo: ({ subject }, { setup }) => undo("setup_intents", subject, setup.id),
    },
    {
      name: "payment",
      answer: itsId,
      request: (operation) => ({
        method: "POST",
        path: "/v1/payment_intents",
        params: { amount: 500, currency: "eur", metadata: marks(operation, {}) },
      }),
      find: async () => null,
      undo: ({ subject }, { payment }) => undo("payment_intents", subject, payment.id),
    },
    {
      name: "rename",
      answer: itsId,
      touches: ({ params }) => params.customer,
      request: ({ params }, { setup, payment }) => ({
        method: "POST",
        path: `/v1/customers/${params.customer}`,
        params: { name: `${setup.id} ${payment.id}` },
      }),
      holds: (customer, _operation, { setup, payment }) => customer.name === `${setup.id} ${payment.id}`,
    },
  ],
  answered: async () => ({}),
  refused: nothingReserved,
});

const toysManifest: Manifest = {
  name: "toys",
  tables: { migrations: [], columns: {} },
  facts: {},
  kinds: [],
  events: [],
  verbs: [enroll, pair, cancelIntent],
  reactions: [
    on("operation.expired", async (reacting, news) => {
      await reacting.flag(
        news.map(({ subject, data }) => ({ kind: "toy_expired", subject: data.subject, detail: subject })),
      );
      return [];
    }),
  ],
  timers: [],
};

export interface ToyWorld {
  readonly world: World;
  readonly core: BillingCore;
  /** Another process on the same database, killed at that await of its life. */
  mortal(killAt?: number): Promise<{ core: BillingCore; life: ReturnType<World["life"]> }>;
  /** The machine sleeps: time passes meanwhile, and its monotonic clock knows nothing of it. */
  sleep(ms: number): Promise<void>;
  /** Lets everything that is due be done. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** A kernel of toys on the database of a world whose billing has no workers; with its own `faults` none is mortal. */
export async function startToys(url: string, faults?: Faults): Promise<ToyWorld> {
  const world = await startWorld({ url, isStarted: false });
  const coreOn = async (ports: Ports) => {
    const { clock, log, mortality, unitMaxMs } = ports;
    const given = { url, clock, random: ports.random("sql"), log, mortality, unitMaxMs, ...(faults && { faults }) };
    const sql = await openSql<BillingTables>(given);
    const core = await world.run(createCore({ options: optionsFor(url), ports, sql, manifests: [toysManifest] }));
    await world.run(core.ready()); // as before every command
    return core;
  };
  let sleptMs = 0;
  const awake = world.life().ports;
  const clock = { ...awake.clock, monotonicMs: () => awake.clock.monotonicMs() - sleptMs };
  const core = await coreOn({ ...awake, clock });
  return {
    world,
    core,
    async mortal(killAt) {
      const life = world.life(killAt);
      return { life, core: await coreOn(life.ports) };
    },
    async sleep(ms) {
      sleptMs += ms;
      await world.advance(ms);
    },
    async settle() {
      await world.run(core.ready());
      await until("nothing more to be moved", async () => (await world.run(core.operations.work())) === 0);
    },
    async close() {
      await world.run(core.close());
      await world.close();
    },
  };
}

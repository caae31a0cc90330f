// Lists of many customers: pages of whatever they are narrowed by are what a naive filter of all of them shows, and no
// page reads more than it needs, also where half of all customers are meant.
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { CompiledQuery } from "kysely";
import { onEachDatabase, runBeside } from "#kit/sql/testing.ts";
import { type Heard, statementsChannel } from "#kit/sql/units.ts";
import { cases } from "#kit/testing.ts";
import type { CustomerFilter, PageOptions } from "../../api/index.ts";
import { startWorld } from "../../testing/index.ts";
import { explainer, fillStatements } from "../../testing/plans.ts";

/** Plans were the same for 100,000. */
const count = cases(20_000, 100_000);

const all = Array.from({ length: count }, (_, index) => {
  const i = index + 1;
  const metadata: Record<string, string> = { tier: i % 2 === 0 ? "gold" : "none", team: String(i % 50) };
  return {
    id: `u${i}`,
    email: `user${i}@shop.test`,
    name: `Name${i % 100}`,
    stripeId: `cus_${i}`,
    metadata,
    at: i * 10,
  };
});

function naive(filter: CustomerFilter & PageOptions): string[] {
  const { email, name, metadata = {}, from, to } = filter;
  const stripeId = filter.stripeId?.replace("past_", "");
  return all
    .filter((one) => email === undefined || one.email.toLowerCase() === email.toLowerCase())
    .filter((one) => name === undefined || one.name.toLowerCase() === name.toLowerCase())
    .filter((one) => stripeId === undefined || one.stripeId === stripeId)
    .filter((one) => Object.entries(metadata).every(([key, value]) => one.metadata[key] === value))
    .filter(({ at }) => (from === undefined || at >= from.getTime()) && (to === undefined || at < to.getTime()))
    .map(({ id }) => id)
    .toReversed();
}

const span = { from: new Date(100_000), to: new Date(102_000) };
const filters: readonly (CustomerFilter & PageOptions)[] = [
  {},
  { ...span },
  { email: "USER77@shop.test" },
  { email: "user77@shop.test", metadata: { tier: "none" } },
  { email: "user77@shop.test", metadata: { tier: "gold" } },
  { name: "name7", ...span },
  { name: "name8", metadata: { tier: "gold", team: "8" } },
  { stripeId: "cus_77" },
  { stripeId: "cus_past_77" },
  { stripeId: "cus_77", name: "name77" },
  { metadata: { tier: "gold" } },
  { metadata: { tier: "gold" }, ...span },
  { metadata: { team: "4", tier: "gold" } },
  { metadata: { tier: "gold", team: "5" } },
  { metadata: { tier: "bronze" } },
];

const isOfMany = ({ metadata, name, email }: CustomerFilter) =>
  metadata?.tier === "gold" && metadata.team === undefined && name === undefined && email === undefined;

onEachDatabase(
  "filters combine with each other and with pages, and each page is found in order",
  async ({ url, t }) => {
    const world = await startWorld({ url, isStarted: false });
    const customers = { id: "'u' || i", email: "'User' || i || '@shop.test'", name: "'Name' || (i % 100)" };
    const tier = "case when i % 2 = 0 then 'gold' else 'none' end";
    const filled = {
      customers: { ...customers, stripe_id: "'cus_' || i", metadata: "'{}'", created_at: "i * 10" },
      customer_metadata: { customer: "'u' || i", name: "'tier'", value: tier, created_at: "i * 10" },
      past_customers: { stripe_id: "'cus_past_' || i", customer: "'u' || i" },
    };
    await runBeside(url, fillStatements(filled, count));
    const team = { customer: "'u' || i", name: "'team'", value: "'' || (i % 50)", created_at: "i * 10" };
    await runBeside(url, fillStatements({ customer_metadata: team }, count));
    const explain = await explainer(url, t, {});
    const slow: string[] = [];
    for (const filter of filters) {
      const heard: CompiledQuery[] = [];
      const hear = (message: unknown) => {
        const { unit, query } = message as Heard;
        if (unit.label === "customers.list") heard.push(query);
      };
      subscribe(statementsChannel, hear);
      const limit = 40;
      const shown: string[] = [];
      let cursor: string | null | undefined;
      for (let pages = 0; pages < 4 && cursor !== null; pages++) {
        const page = await world.run(world.billing.customers.list({ ...filter, limit, ...(cursor && { cursor }) }));
        shown.push(...page.data.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      unsubscribe(statementsChannel, hear);
      assert.deepEqual(shown, naive(filter).slice(0, 4 * limit), JSON.stringify(filter));
      for (const query of heard.filter(({ sql }) => !sql.includes("tax_ids"))) {
        const { text, scanned } = await explain(query);
        // What many have is read in order; what few have may be read whole, and sorted.
        const isSorted = isOfMany(filter) && /TEMP B-TREE|Sort/.test(text);
        if (scanned.length > 0 || isSorted) slow.push(`${JSON.stringify(filter)}: ${text}`);
      }
    }
    assert.deepEqual(slow, []);
    await world.close();
  },
);

// What may be used, for whoever asks: one row is read, and what it says of this instant is answered. What was reckoned
// by another catalog or policy is reckoned anew, and left to the waves to be written.
import assert from "node:assert/strict";
import type { Instant } from "#kit/clock.ts";
import { namesHint } from "#kit/options/names.ts";
import { problem } from "#kit/problems.ts";
import { isAmongPacked, packTexts } from "#kit/sql/many.ts";
import { execute } from "#kit/sql/statement.ts";
import { type Access, checksMax, type FeatureType } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { appliedFeatures, catalogVersionKey } from "../catalog/index.ts";
import { checkId, checkKey } from "../input.ts";
import { gather } from "./gather.ts";
import { nothing } from "./policy.ts";
import { policyKey, versionOf } from "./state.ts";
import { type Current, type Span, spanAt, timelineOf } from "./timeline.ts";

/** A row, with the version that it should have. */
interface Read {
  readonly customer: string;
  readonly feature: string;
  readonly spans: string;
  readonly version: string;
  readonly frozen_at: number | null;
  readonly catalog: string | null;
  readonly policy: string | null;
}

export async function checkAccess(core: BillingCore, customerId: string, feature: string): Promise<Access> {
  checkId("customerId", customerId);
  const { rows } = await core.sql.read("access.check", (reader) =>
    execute(reader, oneRow, { customer: customerId, feature, catalogVersionKey, policyKey }),
  );
  const now = nowOf(core);
  const [row] = rows;
  if (row && isCurrent(row)) return viewRow(row, now);
  return core.sql.read("access.anew", async (reader) => {
    await refuseUnknown(reader, feature);
    const [answer] = row ? await anew(reader, { customers: [customerId], feature, now }) : [];
    return answer ?? viewNone(await featuresOf(reader), customerId, feature);
  });
}

/** In their order, each once or as often as it was named. */
export async function checkMany(
  core: BillingCore,
  customerIds: readonly string[],
  feature: string,
): Promise<readonly Access[]> {
  if (!Array.isArray(customerIds) || customerIds.length > checksMax) {
    const hint = "Ask for the rest with another call.";
    throw problem("invalid_params", `customerIds is a list of up to ${checksMax}`, { hint });
  }
  for (const id of customerIds) checkId("customerIds", id);
  const now = nowOf(core);
  return core.sql.read("access.check_many", async (reader) => {
    const features = await featuresOf(reader);
    refuse(features, feature);
    const customers = packTexts(reader, [...new Set(customerIds)]);
    const { rows } = await execute(reader, manyRows, { customers, feature, catalogVersionKey, policyKey });
    const old = rows.filter((row) => !isCurrent(row)).map(({ customer }) => customer);
    const fresh = old.length === 0 ? [] : await anew(reader, { customers: old, feature, now });
    const known = new Map([
      ...rows.map((row) => [row.customer, viewRow(row, now)] as const),
      ...old.map((customer) => [customer, viewNone(features, customer, feature)] as const),
      ...fresh.map((answer) => [answer.customerId, answer] as const),
    ]);
    return customerIds.map((id) => known.get(id) ?? viewNone(features, id, feature));
  });
}

export async function listAccess(core: BillingCore, customerId: string): Promise<readonly Access[]> {
  checkId("customerId", customerId);
  const now = nowOf(core);
  return core.sql.read("access.list", async (reader) => {
    const features = await featuresOf(reader);
    const { rows } = await execute(reader, allRows, { customer: customerId, catalogVersionKey, policyKey });
    const answers = rows.every(isCurrent)
      ? rows.map((row) => viewRow(row, now))
      : await anew(reader, { customers: [customerId], now });
    const known = new Map(answers.map((answer) => [answer.feature, answer]));
    const names = [...new Set([...Object.keys(features), ...known.keys()])].sort();
    return names.map((feature) => known.get(feature) ?? viewNone(features, customerId, feature));
  });
}

/** Stripe's time; the machine's where Stripe has not answered yet: nobody is locked out because Stripe is away. */
function nowOf({ knownTime, kernel }: BillingCore): Instant {
  return knownTime() ?? kernel.gateway.time.latest();
}

function isCurrent({ version, catalog, policy }: Read): boolean {
  return version === versionOf(catalog, policy);
}

function viewRow({ customer, feature, spans, frozen_at }: Read, now: Instant): Access {
  const current = spanAt(JSON.parse(spans) as Span[], frozen_at ?? now);
  assert.ok(current, `access of ${customer} to ${feature} has a span`);
  return view(customer, feature, current);
}

function view(customerId: string, feature: string, { answer, nextChangeAt }: Current): Access {
  const { allowed, reason, limit, until } = answer;
  const [end, next] = [until, nextChangeAt].map((at) => (at === null ? null : new Date(at)));
  return { customerId, feature, allowed, reason, limit, until: end ?? null, nextChangeAt: next ?? null };
}

function viewNone(features: Readonly<Record<string, FeatureType>>, customerId: string, feature: string): Access {
  return view(customerId, feature, { answer: nothing(features[feature] ?? "boolean"), nextChangeAt: null });
}

/** What the policy says now, whatever is stored. */
async function anew(
  reader: BillingReader,
  { customers, feature, now }: { customers: readonly string[]; feature?: string; now: Instant },
): Promise<readonly Access[]> {
  const frozen = await reader
    .selectFrom("access_customers")
    .select(["customer", "frozen_at"])
    .where("customer", "in", customers)
    .execute();
  const clocks = new Map(frozen.map(({ customer, frozen_at }) => [customer, frozen_at]));
  const since = Math.min(now, ...frozen.flatMap(({ frozen_at }) => frozen_at ?? []));
  const gathered = await gather(reader, customers, since);
  return [...gathered.customers].flatMap(([customer, { input }]) => {
    const at = clocks.get(customer) ?? now;
    return [...timelineOf(input, at)].flatMap(([name, spans]) => {
      const current = feature === undefined || feature === name ? spanAt(spans, at) : undefined;
      return current ? view(customer, name, current) : [];
    });
  });
}

async function featuresOf(reader: BillingReader) {
  return appliedFeatures(reader);
}

async function refuseUnknown(reader: BillingReader, feature: string): Promise<void> {
  refuse(await featuresOf(reader), feature);
}

function refuse(features: Readonly<Record<string, FeatureType>>, feature: string): void {
  checkKey("feature", feature);
  if (Object.hasOwn(features, feature)) return;
  throw unknownFeature(features, feature);
}

export function unknownFeature(features: Readonly<Record<string, FeatureType>>, feature: string) {
  const names = Object.keys(features).sort();
  const hint = names.length === 0 ? "No catalog was applied: `catalog.apply()`." : namesHint(feature, names);
  return problem("invalid_params", `There is no feature ${feature}`, {
    hint,
    details: { field: "feature", features: names },
  });
}

interface Keys {
  readonly catalogVersionKey: string;
  readonly policyKey: string;
}

function rowsWith(reader: BillingReader, { catalogVersionKey: catalog, policyKey: policy }: Keys) {
  return reader
    .selectFrom("access")
    .selectAll()
    .select((eb) => [
      eb.selectFrom("settings").select("value").where("key", "=", catalog).as("catalog"),
      eb.selectFrom("settings").select("value").where("key", "=", policy).as("policy"),
    ]);
}

function oneRow(reader: BillingReader, { customer, feature, ...keys }: Keys & { customer: string; feature: string }) {
  return rowsWith(reader, keys).where("customer", "=", customer).where("feature", "=", feature);
}

function allRows(reader: BillingReader, { customer, ...keys }: Keys & { customer: string }) {
  return rowsWith(reader, keys).where("customer", "=", customer);
}

function manyRows(
  reader: BillingReader,
  { customers, feature, ...keys }: Keys & { customers: unknown; feature: string },
) {
  return rowsWith(reader, keys)
    .where(isAmongPacked(reader, "customer", customers))
    .where("feature", "=", feature);
}

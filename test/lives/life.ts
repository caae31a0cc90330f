// One life: a customer on a test clock, who subscribes, changes their mind, cannot pay, leaves and comes back.

import assert from "node:assert/strict";
import { type Catalog, openCatalog } from "./catalog.ts";
import { type Answer, startCore, type TestCore } from "./core.ts";

export interface Life extends TestCore {
  readonly catalog: Catalog;
  readonly clock: string;
  readonly customer: string;
  /** The second that the clock shows. */
  at: number;
  /** In the order of their making. */
  readonly subscriptions: string[];
  /** By subscription: what makes a law silent about it, since somebody has asked for just that. */
  readonly marks: Map<string, Set<Mark>>;
  /** All events so far, as they were when they were seen first. */
  readonly events: Answer[];
  /** What was answered, for whoever wants to know how it came about. */
  readonly told: string[];
}

/** Changed without prorations; given free time, or paused; its debts were not collected as planned. */
export type Mark = "unprorated" | "free" | "by hand";

export interface Circumstances {
  readonly seed: number;
  readonly currency: string;
  readonly start: number;
  readonly taxRounding: "line_level" | "invoice_level";
  readonly afterRetries: "cancel" | "unpaid" | "past_due";
}

export function begin({ seed, currency, start, ...settings }: Circumstances): Life {
  const core = startCore({ seed, billing: { testClocks: "unlimited", ...settings } });
  const catalog = openCatalog(core, currency);
  const { must } = core;
  const clock = must("POST /v1/test_helpers/test_clocks", { frozen_time: start }).id;
  const customer = must("POST /v1/customers", { name: "Ada", email: "ada@shop.test", test_clock: clock }).id;
  return {
    ...core,
    catalog,
    clock,
    customer,
    at: start,
    subscriptions: [],
    marks: new Map(),
    events: [],
    told: [],
  };
}

export function mark({ marks }: Life, subscription: string, why: Mark): void {
  marks.set(subscription, (marks.get(subscription) ?? new Set()).add(why));
}

/**
 * Tells what was asked; what is refused changes nothing, and is never a bug. What is asked for again under its key
 * answers the same, and nothing happens.
 */
export function tryTo(life: Life, call: string, params: object = {}): Answer | undefined {
  const asking = call.startsWith("POST") ? { key: `wish ${life.told.length}` } : {};
  const { status, json } = life.ask(call, params, asking);
  if (status === 200 && asking.key !== undefined) {
    const newest = () => life.must("GET /v1/events", { limit: 1 }).data;
    const before = newest();
    assert.deepEqual(life.ask(call, params, asking).json, json, `${call} again`);
    assert.deepEqual(newest(), before, `${call} again`);
  }
  const said = status === 200 ? "" : ` ${status} ${json.error.code ?? ""} ${json.error.message}`;
  life.told.push(`${call} ${JSON.stringify(params)}${said}`);
  if (status >= 500) throw new Error(life.told.at(-1));
  return status === 200 ? json : undefined;
}

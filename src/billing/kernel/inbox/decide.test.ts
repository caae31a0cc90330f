// Rules 3, 4, 7 and 8 of docs/design/events.md, each with what would be lost without it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { paymentsManifest } from "../../resources/payments/index.ts";
import type { MirroredRow, MirrorKind } from "../contract/manifest.ts";
import type { Remote } from "../contract/reacting.ts";
import type { MirrorRow, ReceiptRow } from "../store/tables.ts";
import { apiVersion } from "../stripe/gateway.ts";
import { decide, understand } from "./decide.ts";
import type { Situation } from "./situation.ts";

const kind = paymentsManifest.kinds.find((one) => one.kind === "payment_intent") as MirrorKind;
/** Stripe's second of the event. */
const at = 1_800_000_000;
const now = (at + 1) * secondMs;

function payment(status: string, more: object = {}): Remote {
  return { id: "pi_1", object: "payment_intent", status, amount: 2500, currency: "eur", metadata: {}, ...more };
}

function receipt(more: Partial<ReceiptRow> = {}, remote: Remote = payment("succeeded")): ReceiptRow {
  return {
    id: "evt_1",
    kind: "event",
    type: "payment_intent.succeeded",
    lane: "pi_1",
    object_kind: "payment_intent",
    object_id: "pi_1",
    customer: null,
    parent: null,
    created: at,
    livemode: 0,
    api_version: apiVersion,
    account: null,
    sha256: "",
    body: Buffer.from(JSON.stringify({ data: { object: remote } })),
    state: "open",
    attempts: 1,
    repeats: 0,
    renewed: 0,
    next_at: 0,
    error: null,
    received_at: 0,
    ended_at: null,
    ...more,
  };
}

function mirror(remote: Remote, more: Partial<MirrorRow> = {}): MirrorRow {
  return {
    id: "pi_1",
    kind: "payment_intent",
    version: 3,
    seen_created: at - 60,
    look_begun: (at - 60) * secondMs,
    tombstone: 0,
    customer: null,
    parent: null,
    row: JSON.stringify(kind.row(remote)),
    raw: Buffer.from(JSON.stringify(remote)),
    updated_at: 0,
    ...more,
  };
}

/** An event of this second about a payment that is under way: all that makes a payload safe holds. */
function situation(more: Partial<Situation> = {}): Situation {
  return {
    receipts: [receipt()],
    kind,
    id: "pi_1",
    payload: payment("succeeded"),
    mirror: mirror(payment("processing")),
    isOurs: true,
    isInFlight: false,
    openCreated: [at],
    ...more,
  };
}

type Given = Partial<Situation> & { readonly stripeNow?: number | null; readonly isLookForced?: boolean };

function decided({ stripeNow = now, isLookForced = false, ...more }: Given): string {
  return decide(situation(more), { stripeNow, isLookForced })?.by ?? "look";
}

test("an event that could have been in the last look is not told again, and one that could not is not lost", () => {
  const seenFrom = (at + 1 + 5) * secondMs;
  const looked = (look_begun: number) => ({ mirror: mirror(payment("processing"), { look_begun }) });
  assert.equal(decided(looked(seenFrom + 1)), "seen");
  assert.equal(decided(looked(seenFrom)), "look", "the payment that it tells of would be lost");
  const both = { ...looked(seenFrom + 1), receipts: [receipt(), receipt({ id: "evt_2", created: at + 1 })] };
  assert.equal(decided(both), "look", "the later of the two would be lost");
  const owed = { ...looked(seenFrom + 1), receipts: [receipt({ kind: "look", created: 0 })] };
  assert.equal(decided(owed), "look", "a look that was owed while Stripe's time was not known would never be made");
});

const rule4: Record<string, readonly [given: Given, by: "apply" | "look"]> = {
  "all of it holds": [{}, "apply"],
  "nothing is stored yet": [{ mirror: undefined }, "apply"],
  "another API version: fields would be missed that have another name there": [
    { receipts: [receipt({ api_version: "2020-08-27" })] },
    "look",
  ],
  "cut: what the row needs would be taken for nothing": [{ kind: { ...kind, row: () => undefined } }, "look"],
  "as old as what was seen: the older of the two would win": [
    { mirror: mirror(payment("processing"), { seen_created: at - 5 }) },
    "look",
  ],
  "newer than what was seen": [{ mirror: mirror(payment("processing"), { seen_created: at - 6 }) }, "apply"],
  "as old as the last look: what that saw would be taken back": [
    { mirror: mirror(payment("processing"), { look_begun: (at - 5) * secondMs }) },
    "look",
  ],
  "newer than the last look": [
    { mirror: mirror(payment("processing"), { look_begun: (at - 5) * secondMs - 1 }) },
    "apply",
  ],
  "another one is open close by: which of them was last would be a guess": [{ openCreated: [at, at - 5] }, "look"],
  "another one is open close after it": [{ openCreated: [at + 5, at] }, "look"],
  "another one is open, and not close by": [{ openCreated: [at, at - 6] }, "apply"],
  "two are worked: one of them would be passed over": [
    { receipts: [receipt(), receipt({ id: "evt_2" })], openCreated: [at] },
    "look",
  ],
  "its body has gone": [{ payload: null }, "look"],
  "Stripe's time is not known: a retry of yesterday's would pass for fresh": [{ stripeNow: null }, "look"],
  "as old as a first retry may be: what happened since would be taken back": [
    { stripeNow: (at + 120) * secondMs + 1 },
    "look",
  ],
  "just younger than that": [{ stripeNow: (at + 120) * secondMs }, "apply"],
  "a call of ours is on its way: what it brings about would be taken back": [{ isInFlight: true }, "look"],
  "it was deleted: a late event would bring it back to life": [
    { mirror: mirror(payment("processing"), { tombstone: 1 }) },
    "look",
  ],
  "it is final, and told to be otherwise: paid money would be unpaid": [
    { mirror: mirror(payment("succeeded")), payload: payment("processing") },
    "look",
  ],
  "it is final, and told to have ended otherwise": [
    { mirror: mirror(payment("succeeded")), payload: payment("canceled") },
    "look",
  ],
  "it is final, and told to be so": [{ mirror: mirror(payment("succeeded")) }, "apply"],
  "it tells of a deletion: only a look makes a tombstone of what is no longer shown": [
    { receipts: [receipt({ type: "customer.deleted" })] },
    "look",
  ],
  "a simulator wants a look": [{ isLookForced: true }, "look"],
};

for (const [what, [given, by]] of Object.entries(rule4)) {
  test(`a payload is believed only where that is safe: ${what}`, () => {
    assert.equal(decided(given), by);
  });
}

test("what is applied is written over the version it was read from, and closes its receipt", () => {
  const remote = payment("succeeded");
  const observation = { kind, remote, row: kind.row(remote), version: 3, seenCreated: at };
  const plan = decide(situation(), { stripeNow: now, isLookForced: false });
  assert.deepEqual(plan, { by: "apply", observation, receipts: { state: "done" } });
});

test("what is somebody else's waits while a call of ours may make it ours, and is foreign otherwise", () => {
  const foreign = { by: "foreign", receipts: { state: "foreign" } };
  const waits = { by: "wait", receipts: { afterMs: 2 * secondMs } };
  const moment = { stripeNow: now, isLookForced: false };
  const seen = { remote: payment("succeeded"), begunAt: now };
  assert.deepEqual(decide(situation({ isOurs: false }), moment), foreign);
  assert.deepEqual(understand(situation({ isOurs: false }), seen), foreign);
  assert.deepEqual(decide(situation({ isOurs: false, isInFlight: true }), moment), waits);
  assert.deepEqual(understand(situation({ isOurs: false, isInFlight: true }), seen), waits);
});

test("a look is dated by a second before it began, so that what happened meanwhile is not taken for seen", () => {
  const remote = payment("succeeded");
  const receipts = [receipt({ created: at - 3 }), receipt({ kind: "look", created: at + 9 })];
  const { by, observation, receipts: end } = understand(situation({ receipts }), { remote, begunAt: now });
  assert.deepEqual([by, end], ["look", { state: "done" }]);
  const row = kind.row(remote);
  assert.deepEqual(observation, { kind, remote, row, version: 3, seenCreated: at - 3, lookBegun: now - secondMs });
});

test("a look that lacks what its row needs is written nowhere", () => {
  const cut = situation({ kind: { ...kind, row: () => undefined } });
  assert.throws(() => understand(cut, { remote: payment("succeeded"), begunAt: now }), /lacks what its row needs/);
});

test("what Stripe does not show is read lag for over an hour, and then a human's", () => {
  const missing = (repeats: number) => {
    const receipts = [receipt({ repeats }), receipt({ id: "evt_2" })];
    return understand(situation({ receipts }), { remote: null, begunAt: now }).receipts;
  };
  const error = "Stripe has no payment_intent pi_1";
  for (const [repeats, afterMs] of [5 * secondMs, 30 * secondMs, 2 * minuteMs, 10 * minuteMs, hourMs].entries()) {
    assert.deepEqual(missing(repeats), { afterMs, repeats: repeats + 1, error });
  }
  assert.deepEqual(missing(5), { state: "dead", error });
});

test("what was deleted is kept as it was last known, and what was never known is nothing", () => {
  const seen = { remote: { id: "pi_1", object: "payment_intent", deleted: true }, begunAt: now };
  const of = (more: Partial<Situation>) => {
    const { by, observation, receipts } = understand(situation(more), seen);
    assert.deepEqual([by, receipts], ["deleted", { state: "done" }]);
    return (
      observation && { status: observation.remote.status, of: observation.version, isDeleted: observation.isDeleted }
    );
  };
  assert.deepEqual(of({}), { status: "processing", of: 3, isDeleted: true });
  const nothingTold = of({ payload: null, kind: { ...kind, row: () => undefined } });
  assert.deepEqual(nothingTold, { status: "processing", of: 3, isDeleted: true });
  assert.deepEqual(of({ mirror: undefined }), { status: "succeeded", of: 0, isDeleted: true });
  assert.equal(of({ mirror: undefined, payload: null }), undefined);
  assert.equal(of({ mirror: undefined, kind: { ...kind, row: () => undefined } }), undefined);
});

/** What a look at `shown` makes of events that tell of `told`, over a row that says the same as the look. */
function looked(
  shown: Remote,
  told: readonly (readonly [created: number, remote: Remote])[],
  more: { readonly repeats?: number; readonly stored?: MirrorRow } = {},
): string | number {
  const repeats = more.repeats ?? 0;
  const receipts = told.map(([created, remote]) => receipt({ created, repeats }, remote));
  const stored = more.stored ?? mirror(shown);
  const plan = understand(situation({ receipts, mirror: stored }), { remote: shown, begunAt: now });
  return "afterMs" in plan.receipts ? plan.receipts.afterMs : plan.receipts.state;
}

test("a look that shows nothing new although an event tells of it is made again: Stripe's reads may lag", () => {
  const lagging = payment("processing");
  const paid = payment("succeeded");
  for (const [repeats, afterMs] of [5 * secondMs, 30 * secondMs, 2 * minuteMs].entries()) {
    assert.equal(looked(lagging, [[at, paid]], { repeats }), afterMs, "the payment would be lost");
  }
  assert.equal(looked(lagging, [[at, paid]], { repeats: 3 }), "done", "then the look is believed");
  assert.equal(looked(paid, [[at, paid]], { stored: mirror(lagging) }), "done", "it shows what is new");
  const other = payment("requires_action");
  assert.equal(looked(other, [[at, paid]], { stored: mirror(lagging) }), "done", "whatever was told");
  assert.equal(looked(lagging, [], {}), "done", "nobody says otherwise");
});

test("a look that is doubted is counted, and is not believed because another one is owed beside the event", () => {
  const lagging = payment("processing");
  const receipts = [receipt({ repeats: 1 }), receipt({ id: "look_1", kind: "look", created: at + 60, body: null })];
  const plan = understand(situation({ receipts, mirror: mirror(lagging) }), { remote: lagging, begunAt: now });
  assert.deepEqual(plan.receipts, { afterMs: 30 * secondMs, repeats: 2 });
});

test("a look is not doubted for what happened before", () => {
  const shown = payment("requires_action");
  const other = payment("processing");
  const known = mirror(shown, { seen_created: at - 60 });
  assert.equal(looked(shown, [[at - 60, other]], { stored: known }), "done", "the row has seen newer ones");
  assert.equal(looked(shown, [[at - 59, other]], { stored: known }), 5 * secondMs);
  assert.equal(
    looked(shown, [
      [at, other],
      [at - 5, shown],
    ]),
    "done",
    "of those within the doubt any may be the last",
  );
  assert.equal(
    looked(shown, [
      [at, other],
      [at - 6, shown],
    ]),
    5 * secondMs,
    "what is older is not",
  );
  const paid = payment("succeeded");
  assert.equal(looked(paid, [[at, other]]), "done", "a final state is not taken back");
  assert.equal(looked(paid, [[at, payment("canceled")]]), 5 * secondMs, "but for another end");
});

test("events whose bodies have gone raise no doubt", () => {
  const shown = payment("processing");
  const receipts = [receipt({ body: null })];
  const plan = understand(situation({ receipts, mirror: mirror(shown) }), { remote: shown, begunAt: now });
  assert.deepEqual(plan.receipts, { state: "done" } satisfies { state: string });
});

test("a row says the same whatever the order of its fields", () => {
  const row = kind.row(payment("succeeded")) as MirroredRow;
  const turned = Object.fromEntries(Object.entries(row).toReversed());
  const stored = mirror(payment("succeeded"), { row: JSON.stringify(turned) });
  assert.equal(decided({ mirror: stored }), "apply");
});

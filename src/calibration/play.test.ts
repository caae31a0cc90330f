import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { allClaims } from "../sandbox/claims.ts";
import type { Refusal } from "../sandbox/kernel/words/refusals.ts";
import { secretKey, startWorld } from "../sandbox/testing.ts";
import type { Side } from "./hand.ts";
import { type Played, playAll } from "./play.ts";
import { plays } from "./plays/all.ts";
import type { Play } from "./plays/play.ts";

type Json = Record<string, unknown>;

interface Seen<Body = Json> {
  readonly call: string;
  readonly status: number;
  readonly body: Body;
}

/** A text is not an answer of Stripe's. */
type Plant = (seen: Seen) => Seen<Json | string>;

/** A second sandbox as Stripe, which answers otherwise what is planted. */
function startStripe(planted: Plant = (seen) => seen) {
  const { sandbox, call } = startWorld({ seed: 1 });
  const calls: Seen<Json | string>[] = [];
  const fetch: Side["fetch"] = async (input, init) => {
    const answer = await sandbox.fetch(input, init);
    const name = `${init?.method} ${new URL(String(input)).pathname}`;
    const seen = planted({ call: name, status: answer.status, body: (await answer.json()) as Json });
    calls.push(seen);
    return new Response(typeof seen.body === "string" ? seen.body : JSON.stringify(seen.body), { status: seen.status });
  };
  const side: Side = { fetch, baseUrl: "http://stripe", key: secretKey, apiVersion: "2026-08-26.dahlia" };
  return { side, calls, call };
}

type Stripe = ReturnType<typeof startStripe>;

/** On a sandbox whose clock is ahead of Stripe's: no instant is a difference. */
async function playOn(stripe: Stripe, played: readonly Play[] = plays, signal?: AbortSignal): Promise<Played> {
  const { sandbox, clock } = startWorld({ seed: 2 });
  await clock.advance(100 * dayMs);
  return playAll({ stripe: stripe.side, sandbox: { ...stripe.side, fetch: sandbox.fetch } }, played, signal);
}

const only = (...names: string[]) => plays.filter(({ name }) => names.includes(name));
const refunded = only("a payment, refunded in two parts");

interface Intent {
  readonly status: string;
  readonly latest_charge: { readonly refunded: boolean } | null;
}

suite("the plays of a calibration", () => {
  test("two sandboxes answer all of them alike, and nothing is left on either", async () => {
    const stripe = startStripe();
    const played = await playOn(stripe);
    assert.deepEqual(played.differences, []);
    assert.deepEqual([played.left, played.contradicted, played.stopped], [[], [], undefined]);
    assert.ok(played.calls > 80 && played.alike === played.calls);
    assert.deepEqual((await stripe.call("GET", "/v1/customers")).json.data, []);
    const { json } = await stripe.call("GET", "/v1/payment_intents", "limit=100&expand[]=data.latest_charge");
    for (const { status, latest_charge: charge } of json.data as Intent[]) {
      assert.ok(status === "canceled" || charge?.refunded, status);
    }
  });

  test("whatever may be made says how it is taken back", () => {
    const nouns =
      "charges|coupons|customers|invoiceitems|invoices|payment_intents|products|promotion_codes|setup_intents|" +
      "test_helpers/test_clocks";
    const making = new RegExp(`^POST /v1/(?:${nouns})$`);
    const steps = plays.flatMap((play) => play.steps).filter(({ call }) => making.test(call));
    assert.ok(steps.length > 40);
    for (const { call, form, makes } of steps) assert.ok(makes, `${call} ${form}`);
  });

  test("a step about a refusal is refused in the words of its row", async () => {
    const refusals = allClaims().filter(({ kind }) => kind === "refusal");
    const rows = new Map(refusals.map(({ name, row }) => [name, row as Refusal]));
    const stripe = startStripe();
    const { confirmed } = await playOn(stripe);
    const asked = plays.flatMap(({ steps }) => steps).flatMap(({ about }) => about ?? []);
    assert.deepEqual(confirmed, asked);
    assert.ok(asked.length > 10);
    const messages = stripe.calls.map(({ body }) => String(Object(Object(body).error).message));
    for (const name of asked) {
      const parts = rows.get(name)?.message.split(/\{\w+\}/) ?? ["there is no such row"];
      assert.ok(
        messages.some((message) => parts.every((part) => message.includes(part))),
        name,
      );
    }
  });

  test("another word, a missing field, a new one and another status are told, call by call", async () => {
    const stripe = startStripe((seen) => {
      const { reason: _, ...body } = seen.body;
      if (seen.call === "POST /v1/refunds") return { ...seen, body: { ...body, colour: true } };
      if (seen.call.endsWith("/confirm")) return { ...seen, status: 409 };
      return { ...seen, body: { ...seen.body, ...(seen.body.status === "succeeded" && { status: "processing" }) } };
    });
    const { differences, alike, calls } = await playOn(stripe, refunded);
    assert.deepEqual(
      differences.map(({ call, path, stripe, sandbox }) => `${call} ${path}: ${stripe} | ${sandbox}`),
      [
        "POST /v1/payment_intents status: processing | succeeded",
        "GET /v1/payment_intents/{intent} status: processing | succeeded",
        "POST /v1/payment_intents/{intent}/confirm HTTP status: 409 | 400",
        "POST /v1/refunds colour: true | absent",
        "POST /v1/refunds reason: absent | null",
        "POST /v1/refunds colour: true | absent",
        "POST /v1/refunds colour: true | absent",
        "POST /v1/refunds reason: absent | requested_by_customer",
        "POST /v1/refunds colour: true | absent",
      ],
    );
    assert.deepEqual([calls, alike], [9, 2]);
  });

  test("what is asked of an earlier answer that is not there is told as not played", async () => {
    const stripe = startStripe((seen) =>
      seen.call === "POST /v1/payment_intents" ? { ...seen, status: 500, body: {} } : seen,
    );
    const { differences } = await playOn(stripe, refunded);
    const told = differences.find(({ call }) => call.endsWith("/cancel"));
    assert.deepEqual([told?.path, told?.stripe, told?.sandbox], ["HTTP status", "not played", "400"]);
  });

  test("no text of the account, no id and no address is told", async () => {
    const texts = { statement_descriptor: "ZWIRBEL", display_name: "Zwirbel's", contact: "zwirbel@zwirbel.example" };
    const stripe = startStripe((seen) => {
      const error = seen.body.error as Json | undefined;
      const message = `${error?.message} zwirbel@zwirbel.example of acct_1Zwirbel99`;
      const told = { ...texts, account: "acct_1Zwirbel99", ...(error && { error: { ...error, message } }) };
      return { ...seen, body: { ...seen.body, ...told } };
    });
    const { differences } = await playOn(stripe);
    assert.ok(differences.length > plays.length);
    const text = differences.map(({ path, stripe, sandbox }) => `${path} ${stripe} ${sandbox}`).join("\n");
    assert.ok(text.includes("a text"));
    assert.ok(!/zwirbel/i.test(text));
    assert.ok(!/\b(?:cus|pi|ch|pm|re|seti|acct)_(?!…)(?=\w*\d)\w{8}/.test(text));
  });

  test("lists of what no play has made are not looked into", async () => {
    const theirs = { object: "list", data: [{ id: "cus_1Zwirbel99", balance: 4_711 }], has_more: true, url: "/v1/own" };
    const stripe = startStripe((seen) =>
      /^GET [^_]*(?:search|events|charges)$/.test(seen.call) ? { ...seen, status: 200, body: theirs } : seen,
    );
    const { differences } = await playOn(stripe);
    assert.ok(differences.some(({ call, path }) => call === "GET /v1/events" && path === "HTTP status"));
    assert.deepEqual(
      differences.filter(({ path, stripe }) => !/^(?:HTTP status|object|error\.\w+)$/.test(path) || stripe === "4711"),
      [],
    );
  });

  test("told to end, it takes back what it made", async () => {
    const ended = new AbortController();
    const stripe = startStripe((seen) => {
      if (seen.call.endsWith("/capture")) ended.abort();
      return seen;
    });
    const played = await playOn(stripe, only("a hold, captured in part", "a setup"), ended.signal);
    assert.deepEqual([played.calls, played.left], [2, []]);
    assert.match(stripe.calls.at(-1)?.call ?? "", /\/cancel$/);
  });

  test("what cannot be taken back is named", async () => {
    const refused = { error: { type: "invalid_request_error" } };
    const stripe = startStripe((seen) =>
      seen.call.startsWith("DELETE") ? { ...seen, status: 403, body: refused } : seen,
    );
    const { left } = await playOn(stripe, only("a saved card"));
    assert.equal(left.length, 1);
    assert.match(String(left[0]), /^customer cus_\w+$/);
  });

  const ends: readonly (readonly [what: string, planted: Plant, code: string])[] = [
    ["a live answer", (seen) => ({ ...seen, body: { ...seen.body, livemode: true } }), "mode_mismatch"],
    ["a refused key", (seen) => ({ ...seen, status: 401 }), "stripe_key_rejected"],
    ["what is not JSON", (seen) => ({ ...seen, body: "<html>" }), "stripe_unreachable"],
  ];
  for (const [what, planted, code] of ends) {
    test(`${what} ends it`, async () => {
      const stripe = startStripe(planted);
      const { stopped, calls } = await playOn(stripe);
      assert.deepEqual([stopped?.code, calls], [code, 0]);
      assert.ok(stripe.calls.length <= 2, "the call, and what takes it back");
    });
  }
});

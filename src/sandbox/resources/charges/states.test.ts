// Every state of a charge and every call that may be made about it. Its status hardly moves, so a state is a status and
// the figures beside it. What a payment intent does to its charge is told where intents are.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { chargeMachine } from "./charge.ts";

type State = "paid" | "held" | "held by an intent" | "expired" | "refunded" | "disputed" | "failed" | "pending";

const never = "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";

async function charged(world: SandboxWorld, more: string): Promise<string> {
  const { json, error } = await world.call("POST", "/v1/charges", `amount=2000&currency=usd&${more}`);
  return String(json.id ?? error.charge);
}

async function ofIntent(world: SandboxWorld, more: string): Promise<string> {
  const { json } = await world.call("POST", "/v1/payment_intents", `amount=2000&confirm=true&${never}&${more}`);
  return String(json.latest_charge);
}

const roads: Readonly<Record<State, (world: SandboxWorld) => Promise<string>>> = {
  paid: (world) => charged(world, "source=tok_visa"),
  held: (world) => charged(world, "source=tok_visa&capture=false"),
  "held by an intent": (world) => ofIntent(world, "currency=usd&payment_method=pm_card_visa&capture_method=manual"),
  expired: async (world) => {
    const id = await roads.held(world);
    await world.clock.advance(8 * dayMs);
    return id;
  },
  refunded: async (world) => {
    const id = await roads.paid(world);
    await world.stripe.refunds.create({ charge: id });
    return id;
  },
  disputed: async (world) => {
    const id = await charged(world, "source=tok_createDispute");
    await world.clock.advance(dayMs);
    return id;
  },
  failed: (world) => charged(world, "source=tok_chargeDeclined"),
  pending: (world) => {
    const consent = "mandate_data[customer_acceptance][type]=offline";
    return ofIntent(world, `currency=eur&payment_method=pm_sepaDebit_success_de&${consent}`);
  },
};

const calls: Readonly<Record<string, (id: string) => [path: string, form: string]>> = {
  capture: (id) => [`/v1/charges/${id}/capture`, ""],
  refund: (id) => ["/v1/refunds", `charge=${id}`],
  "partial refund": (id) => ["/v1/refunds", `charge=${id}&amount=500`],
  update: (id) => [`/v1/charges/${id}`, "description=Tea"],
};

const refunds = "refund.created charge.refunded refund.updated charge.refund.updated";
const released = "refund.created charge.refunded";
const updates = "charge.updated";
const alreadyCaptured = /has already been captured/;
const alreadyRefunded = /has already been refunded/;
const chargedBack = /has been charged back/;
const mustCapture = /You must capture the PaymentIntent instead/;
const mustCancel = /You must cancel the PaymentIntent to reverse the authorization/;

/** The events that a call sends, or the words of its refusal. */
type Expected = readonly [capture: string | RegExp, refund: string | RegExp, part: string | RegExp, update: string];

const table: Readonly<Record<State, Expected>> = {
  paid: [alreadyCaptured, refunds, refunds, updates],
  held: ["charge.captured charge.updated", released, /cannot partially refund an uncaptured charge/, updates],
  "held by an intent": [mustCapture, mustCancel, mustCancel, updates],
  expired: [/the charge has expired/, /has a status of expired/, /has a status of expired/, updates],
  refunded: [alreadyCaptured, alreadyRefunded, alreadyRefunded, updates],
  disputed: [alreadyCaptured, chargedBack, chargedBack, updates],
  failed: [/has a status of failed/, /has a status of failed/, /has a status of failed/, updates],
  pending: [alreadyCaptured, released, released, updates],
};

suite("charges: every state, every call", () => {
  const seen = new Set<string>();
  for (const [state, expected] of Object.entries(table) as [State, Expected][]) {
    for (const [index, [name, callOf]] of Object.entries(calls).entries()) {
      const answer = expected[index]!; // One answer for each call.
      test(`${state} ${answer instanceof RegExp ? "refuses" : "takes"} ${name}`, async () => {
        const world = startWorld();
        const id = await roads[state](world);
        const { json: charge } = await world.call("GET", `/v1/charges/${id}`);
        seen.add(String(charge.status));
        const before = await world.eventTypes();
        const { status, error } = await world.call("POST", ...callOf(id));
        const sent = (await world.eventTypes()).slice(before.length).join(" ");
        if (typeof answer === "string") {
          assert.deepEqual([status, sent], [200, answer], JSON.stringify(error));
          return;
        }
        assert.deepEqual([status, error.type, sent], [400, "invalid_request_error", ""]);
        assert.match(String(error.message), answer);
        const { json: after } = await world.call("GET", `/v1/charges/${id}`);
        assert.deepEqual(after, charge, "a refusal changes nothing");
      });
    }
  }

  test("the states above are all that the machine knows", () => {
    const ends = Object.values(chargeMachine.actions).flatMap(({ to }) => Object.keys(to));
    assert.deepEqual([...seen].sort(), [...new Set(ends)].sort());
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { testPorts } from "#kit/create_ports.ts";
import { createWorld } from "./create_world.ts";
import { defineNoun, type StripeObject } from "./kernel/state/noun.ts";
import { defineResource } from "./kernel/state/resource.ts";

interface Ticket extends StripeObject {
  readonly object: "ticket";
  readonly coupon: string | null;
}

function createTicketWorld(coupon: string | null) {
  const coupons = defineNoun<StripeObject>({ object: "coupon", prefixes: [] });
  const tickets = defineNoun<Ticket>({ object: "ticket", prefixes: ["tkt"], expandable: { coupon } });
  const resources = [coupons, tickets].map((noun) => defineResource({ noun, routes: [] }));
  return createWorld({ ...testPorts({ seed: 7 }), resources }, { baseUrl: () => "http://localhost", publish() {} });
}

test("a field says whose id it holds: one of the manifests, or that the id tells it", () => {
  assert.equal(createTicketWorld("coupon").appearances.size, 2);
  assert.equal(createTicketWorld(null).appearances.size, 2);
});

test("a misspelt name of a noun is refused, not read by the id's beginning", () => {
  assert.throws(() => createTicketWorld("cupon"), /ticket\.coupon holds a cupon, of which there is no manifest/);
});

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { defineNoun, type StripeObject } from "../state/noun.ts";
import { defineResource } from "../state/resource.ts";
import { openWorld } from "../state/testing.ts";
import type { Unit } from "../state/unit.ts";
import { add } from "../state/writes.ts";
import { present as presentAsked } from "./expand.ts";

const present = (unit: Unit, answer: object, expand: readonly string[]) =>
  presentAsked(unit, answer, { expand, operation: null });

interface Ticket extends StripeObject {
  readonly object: "ticket";
  readonly coupon: string | null;
  readonly seller: string | null;
}

interface Coupon extends StripeObject {
  readonly object: "coupon";
  readonly percent_off: number;
}

const coupons = defineNoun<Coupon>({ object: "coupon", prefixes: [] });
const robots = defineNoun<StripeObject>({ object: "robot", prefixes: ["robot"] });
const tickets = defineNoun<Ticket>({
  object: "ticket",
  prefixes: ["tkt"],
  expandable: { coupon: "coupon", seller: null },
});

function soldTicket(coupon: string, seller: string) {
  const resources = [
    defineResource({ noun: coupons, routes: [] }),
    defineResource({ noun: robots, routes: [] }),
    defineResource({ noun: tickets, routes: [] }),
  ];
  const unit = openWorld(resources).next();
  // Ids of the caller's choice: one looks like a robot's.
  for (const id of ["SUMMER", "robot_1"]) add(unit, coupons, { id, object: "coupon", percent_off: 10 }, null);
  add(unit, robots, { id: "robot_1", object: "robot" }, null);
  return { unit, ticket: add(unit, tickets, { id: "tkt_1", object: "ticket", coupon, seller }, null) };
}

suite("expansion", () => {
  test("a field that names its noun finds any id in it, also one that looks like another noun's", () => {
    for (const id of ["SUMMER", "robot_1"]) {
      const { unit, ticket } = soldTicket(id, "robot_1");
      const shown = present(unit, ticket, ["coupon"]) as { coupon: unknown };
      assert.deepEqual(shown.coupon, { id, object: "coupon", percent_off: 10 });
    }
  });

  test("a field that holds several kinds finds them by their ids", () => {
    const { unit, ticket } = soldTicket("SUMMER", "robot_1");
    assert.deepEqual((present(unit, ticket, ["seller"]) as { seller: unknown }).seller, {
      id: "robot_1",
      object: "robot",
    });
  });

  test("an id that leads nowhere stays", () => {
    const { unit, ticket } = soldTicket("WINTER", "robot_9");
    assert.deepEqual(present(unit, ticket, ["coupon", "seller"]), ticket);
    // @ts-expect-error a field that the noun does not have
    defineNoun<Ticket>({ object: "ticket", prefixes: [], expandable: { cupon: "coupon" } });
  });
});

// Three toy nouns: an order owns its items, an item refers to a price, and an order lists its payments. Each noun has
// changed on its own; what an older version sees is made of all of that, at every level.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { listed, named, owned, referred } from "../state/embeds.ts";
import { shownNow } from "../state/emit.ts";
import { defineNoun, type StripeObject } from "../state/noun.ts";
import { defineResource } from "../state/resource.ts";
import type { Unit } from "../state/unit.ts";
import { previousAttributes } from "../store/previous.ts";
import { insert, newCollection, replace } from "../store/store.ts";
import { type Manifests, renderShown } from "./render.ts";

interface Price extends StripeObject {
  readonly amount: string;
}
interface Item extends StripeObject {
  readonly price: string;
  readonly period_end: number;
}
interface Order extends StripeObject {
  readonly items: { readonly data: readonly Item[] };
}

const prices = defineNoun<Price>({ object: "price", prefixes: ["price"] });
const items = defineNoun<Item>({ object: "item", prefixes: ["si"] });
const orders = defineNoun<Order>({ object: "order", prefixes: ["or"] });
const payments = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((n) => ({ id: `pay_${n}`, object: "payment" }));

const resources = [
  defineResource({
    noun: prices,
    routes: [],
    versions: [{ family: "basil", down: ({ amount, ...price }) => ({ ...price, cents: Number(amount) * 100 }) }],
  }),
  defineResource({
    noun: items,
    routes: [],
    embeds: [referred(items, "price", prices)],
    versions: [{ family: "clover", down: (item) => ({ ...item, plan: item.price }) }],
  }),
  defineResource({
    noun: orders,
    routes: [],
    embeds: [
      owned(orders, "items.data"),
      listed(orders, "payments", {
        before: "acacia",
        find: () => payments,
        urlOf: (id) => `/v1/orders/${id}/payments`,
      }),
      named(orders, "first", { before: "acacia", find: () => payments }),
    ],
    // The period of all stood on the order, until each item had its own.
    versions: [
      {
        family: "basil",
        removed: { discount: null },
        down: (order) => ({ ...order, period_end: (order.items as Order["items"]).data[0]?.period_end }),
      },
    ],
  }),
];
const manifests: Manifests = {
  appearances: new Map(resources.map((resource) => [resource.noun.object, resource])),
  embeds: Map.groupBy(
    resources.flatMap(({ embeds = [] }) => embeds),
    ({ on }) => on,
  ),
};

const price = (amount: string): Price => ({ id: "price_1", object: "price", amount });
const order = (period_end: number): Order => {
  return {
    id: "or_1",
    object: "order",
    items: { data: [{ id: "si_1", object: "item", price: "price_1", period_end }] },
  };
};

function startUnit() {
  const stored = newCollection([]);
  insert(stored, price("5"), 0);
  const unit = { world: manifests, account: { collections: new Map([["price", stored]]) } } as unknown as Unit;
  return { unit, stored }; // All that looking asks for.
}

suite("rendering", () => {
  test("what is owned and referred to is rendered at every level, each by its own noun's changes", () => {
    const { unit } = startUnit();
    const shown = shownNow(unit, order(7));
    const newest = { id: "price_1", object: "price", amount: "5" };
    const item = { id: "si_1", object: "item", price: newest, period_end: 7 };
    assert.deepEqual(renderShown(manifests, shown, "2026-10-28.endive"), {
      id: "or_1",
      object: "order",
      items: { data: [item] },
    });
    const older = { id: "price_1", object: "price", cents: 500 };
    assert.deepEqual(renderShown(manifests, shown, "2025-02-24.acacia"), {
      id: "or_1",
      object: "order",
      items: { data: [{ ...item, price: older, plan: older }] },
      discount: null,
      period_end: 7,
    });
  });

  test("a list shows ten and says whether there are more, a name is the id", () => {
    const { unit } = startUnit();
    const rendered = renderShown(manifests, shownNow(unit, order(7)), "2024-06-20") as Record<string, unknown>;
    const shown = { object: "list", data: payments.slice(0, 10), has_more: true, total_count: 11 };
    assert.deepEqual(rendered.payments, { ...shown, url: "/v1/orders/or_1/payments" });
    assert.equal(rendered.first, "pay_1");
  });

  test("what was looked at once shows the same when what it refers to has changed", () => {
    const { unit, stored } = startUnit();
    const before = shownNow(unit, order(7));
    const text = JSON.stringify(renderShown(manifests, before, "2024-06-20"));
    replace(stored, price("9"));
    assert.equal(JSON.stringify(renderShown(manifests, before, "2024-06-20")), text);
    assert.notEqual(JSON.stringify(renderShown(manifests, shownNow(unit, order(7)), "2024-06-20")), text);
  });

  test("the difference is that of both renderings: what has moved since is told where it was", () => {
    const { unit } = startUnit();
    const [before, after] = [shownNow(unit, order(7)), shownNow(unit, order(8))];
    const differenceIn = (version: string) => {
      const [was, is] = [before, after].map((shown) => renderShown(manifests, shown, version));
      return previousAttributes(was ?? {}, is ?? {}) as Record<string, unknown>;
    };
    assert.deepEqual(Object.keys(differenceIn("2026-10-28.endive")), ["items"]);
    assert.equal(differenceIn("2025-02-24.acacia").period_end, 7);
  });
});

// What is told is what happened, in its order, and stays as it was told.
import assert from "node:assert/strict";
import type { Answer } from "../core.ts";
import type { Seen } from "../seen.ts";

export function events({ news, events: all, invoices, subscriptions, intents }: Seen): void {
  for (const { id, type, data } of news) {
    const previous = data.previous_attributes;
    if (!type.endsWith(".updated") && previous === undefined) continue;
    if (!previous) continue; // Some say that something was updated without saying what, as documented.
    assert.notDeepEqual(previous, {}, `${id} ${type} says what has changed`);
    for (const [name, old] of Object.entries(previous))
      assert.notDeepEqual(old, data.object[name] ?? null, `${id} ${type}: ${name} has changed`);
  }
  const told = Map.groupBy(
    all.map(({ data, type }) => ({ type, object: data.object as Answer, previous: data.previous_attributes })),
    ({ object }) => object.id as string,
  );
  for (const object of [...invoices, ...subscriptions, ...intents.values()]) holdStatuses(told.get(object.id), object);
  for (const { id, status, billing_reason } of invoices) holdPaid(told.get(id), { id, status, billing_reason });
}

interface Told {
  readonly type: string;
  readonly object: Answer;
  readonly previous: Answer;
}

/** Each change of a status is told, with the status after it. */
function holdStatuses(told: readonly Told[] = [], { id, object, status }: Answer): void {
  assert.equal(told.at(-1)?.object.status, status, `${object} ${id}: its last event shows its status`);
  for (const [at, { type, previous }] of told.entries()) {
    const before = told[at - 1]?.object.status;
    if (previous?.status !== undefined && before !== undefined)
      assert.equal(previous.status, before, `${object} ${id}: ${type} comes from the status that was told before`);
  }
}

function holdPaid(told: readonly Told[] = [], { id, status }: Answer): void {
  const types = told.map(({ type }) => type);
  const count = (type: string) => types.filter((one) => one === type).length;
  assert.equal(count("invoice.paid"), status === "paid" ? 1 : 0, `${id} (${status}): paid is said once`);
  assert.equal(count("invoice.finalized"), status === "draft" ? 0 : 1, `${id} (${status}): finalized is said once`);
  assert.equal(count("invoice.created"), 1, `${id}: created is said once`);
  if (status === "paid")
    assert.ok(types.indexOf("invoice.finalized") < types.indexOf("invoice.paid"), `${id}: finalized, then paid`);
}

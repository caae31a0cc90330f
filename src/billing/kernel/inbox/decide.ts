// What to do about an object: apply the payload where that is proven safe, else look. "Newer than what is stored" is
// not "newest": losses, retries days late and ties within a second all lie. The rules: docs/design/events.md.
import { type Instant, secondMs } from "#kit/clock.ts";
import type { Kernel } from "../contract/context.ts";
import { canonicalJson } from "../contract/identity.ts";
import type { MirroredRow, Remote } from "../contract/manifest.ts";
import type { MirrorRow, ReceiptRow } from "../store/tables.ts";
import { apiVersion } from "../stripe/gateway.ts";
import { isUsable, type Listed } from "./bulk_looks.ts";
import { isOurs, type Situation } from "./situation.ts";

/** D: how far two instants of Stripe's may be apart and still be in doubt. */
export const doubtMs = 5 * secondMs;
/** F: below Stripe's first retry, so that a late delivery is never taken for a fresh one. */
export const freshnessMs = 120 * secondMs;

export type Plan =
  | { readonly kind: "foreign" | "seen" | "wait" }
  | { readonly kind: "apply"; readonly row: MirroredRow; readonly remote: Remote; readonly seenCreated: number }
  | { readonly kind: "look"; readonly remote: Remote; readonly row: MirroredRow; readonly begun: Instant }
  | { readonly kind: "deleted"; readonly begun: Instant }
  | { readonly kind: "missing" };

export async function decide(kernel: Kernel, situation: Situation, listed: Listed | undefined): Promise<Plan> {
  const { receipts, kind, id, mirror, payload } = situation;
  if (situation.isOurs === false) return { kind: situation.isInFlight ? "wait" : "foreign" };
  if (mirror && receipts.every((receipt) => isSeen(receipt, mirror))) return { kind: "seen" };
  const only = receipts.length === 1 ? receipts[0] : undefined;
  if (only && payload && !kernel.ports.maybe("inbox.force_look")) {
    const remote = payload as Remote;
    const row = kind.row(remote);
    if (row && isSafe(kernel, situation, { receipt: only, row })) {
      return { kind: "apply", row, remote, seenCreated: only.created };
    }
  }
  const look = isUsable(listed, situation) ? listed : await kernel.gateway.read(kind.path(id), { priority: "look" });
  const { remote, begunAt } = look;
  const begun = begunAt - secondMs;
  if (remote === null) return { kind: "missing" };
  if (situation.isOurs === undefined) {
    const isOwn = await kernel.sql.read("inbox.owner", (reader) => isOurs(kernel, reader, remote));
    if (!isOwn) return { kind: situation.isInFlight ? "wait" : "foreign" };
  }
  if (remote.deleted === true) return { kind: "deleted", begun };
  const row = kind.row(remote);
  if (!row) throw new Error(`A look at ${id} lacks what its row needs`);
  return { kind: "look", remote, row, begun };
}

/** Rule 3: what happened long enough before our last look began was in it. */
function isSeen(receipt: ReceiptRow, mirror: MirrorRow): boolean {
  return receipt.created * secondMs + secondMs + doubtMs < mirror.look_begun;
}

/** Rule 4, all of it. */
function isSafe(kernel: Kernel, situation: Situation, input: { receipt: ReceiptRow; row: MirroredRow }): boolean {
  const { receipt, row } = input;
  const { mirror } = situation;
  const createdMs = receipt.created * secondMs;
  const others = situation.openCreated.filter((created) => Math.abs(created * secondMs - createdMs) <= doubtMs);
  const before = mirror ? (JSON.parse(mirror.row) as MirroredRow) : null;
  return (
    receipt.kind === "event" &&
    receipt.api_version === apiVersion &&
    createdMs > (mirror?.seen_created ?? 0) * secondMs + doubtMs &&
    // A look takes a while: what it saw may be newer than an event made just after it began.
    createdMs > (mirror?.look_begun ?? 0) + doubtMs &&
    others.length <= 1 &&
    kernel.gateway.time.isKnown() &&
    kernel.gateway.time.now() - createdMs <= freshnessMs &&
    !situation.isInFlight &&
    mirror?.tombstone !== 1 &&
    !(before?.isFinal && !row.isFinal) &&
    !receipt.type.endsWith(".deleted")
  );
}

/** Rule 8: Stripe's reads may lag behind its own events. */
export function isLookDoubtful(situation: Situation, row: MirroredRow): boolean {
  const { mirror, payload, kind, receipts } = situation;
  if (!mirror || !payload || canonicalJson(JSON.parse(mirror.row)) !== canonicalJson(row)) return false;
  const isFresh = receipts.some((receipt) => receipt.kind === "event" && receipt.created > mirror.seen_created);
  const told = kind.row(payload as Remote);
  return isFresh && told !== undefined && canonicalJson(told) !== canonicalJson(row);
}

// What is known of an object when its receipts are worked: its row, its open receipts, what is in flight, whose it is.
import type { Kernel } from "../contract/context.ts";
import type { MirrorKind } from "../contract/manifest.ts";
import type { BillingTx, MirrorRow, ReceiptRow } from "../store/tables.ts";
import { payloadOf } from "./receipts.ts";

export interface Situation {
  readonly receipts: readonly ReceiptRow[];
  readonly kind: MirrorKind;
  readonly id: string;
  readonly mirror: MirrorRow | undefined;
  readonly payload: Readonly<Record<string, unknown>> | null;
  /** Unknown when the body has gone, so that only the object itself can tell. */
  readonly isOurs: boolean | undefined;
  readonly isInFlight: boolean;
  /** All open receipts of the object, due or not. */
  readonly openCreated: readonly number[];
}

export async function readSituation(kernel: Kernel, receipts: readonly ReceiptRow[]): Promise<Situation> {
  const newest = receipts.at(-1) as ReceiptRow;
  const kind = kernel.registry.kind(newest.object_kind ?? "");
  const id = newest.object_id;
  if (!kind || id === null) throw new Error(`No resource knows the object of ${newest.id}`);
  const newestEvent = receipts.findLast((receipt) => receipt.kind === "event");
  const payload = newestEvent ? payloadOf(newestEvent) : null;
  return kernel.sql.read("inbox.situation", async (reader) => {
    const mirror = await reader.selectFrom("mirror").selectAll().where("id", "=", id).executeTakeFirst();
    const open = await reader
      .selectFrom("receipts")
      .select("created")
      .where("object_id", "=", id)
      .where("state", "=", "open")
      .execute();
    const metadata = payload?.metadata as Record<string, unknown> | null | undefined;
    const touched = [id, newest.parent, mirror?.parent].filter((one) => typeof one === "string");
    const operation = String(metadata?.bursar_op ?? "");
    const flying = await reader
      .selectFrom("calls")
      .select("key")
      .where("state", "in", ["sent", "unknown", "finding"])
      .where((eb) => eb.or([eb("touches", "in", touched), eb("operation", "=", operation)]))
      .executeTakeFirst();
    const isKnownOurs = newestEvent === undefined || mirror !== undefined;
    return {
      receipts,
      kind,
      id,
      mirror,
      payload,
      isOurs: isKnownOurs || (payload ? await isOurs(kernel, reader, payload) : undefined),
      isInFlight: flying !== undefined,
      openCreated: open.map(({ created }) => created),
    };
  });
}

/** Whether this installation answers for the object. */
export async function isOurs(
  kernel: Kernel,
  db: Pick<BillingTx, "selectFrom">,
  remote: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const metadata = remote.metadata as Record<string, unknown> | null | undefined;
  if (metadata?.bursar_instance === kernel.instance) return true;
  const { customer, parent } = kernel.registry.belonging(remote);
  const known = [String(remote.id), parent].filter((id) => id !== null);
  const mirrored = await db.selectFrom("mirror").select("id").where("id", "in", known).executeTakeFirst();
  if (mirrored) return true;
  if (customer === null) return false;
  for (const manifest of kernel.registry.manifests) {
    if (await manifest.ownsCustomer?.(db, customer)) return true;
  }
  return false;
}

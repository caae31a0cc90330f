// A look for somebody who waits: the return page asks Stripe and does not only wait for the webhook.
import { secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import type { Kernel } from "../contract/context.ts";
import { writeObservation } from "./mirror.ts";

const triesMax = 3;

/** Reads the object and records it by its version; when others are faster every time, what they wrote is as new. */
export async function lookNow(kernel: Kernel, object: { kind: string; id: string }): Promise<void> {
  const kind = kernel.registry.kind(object.kind);
  if (!kind) throw new Error(`No resource knows ${object.kind}`);
  for (let tries = 0; tries < triesMax; tries++) {
    const stored = await kernel.sql.read("look.version", (reader) =>
      reader.selectFrom("mirror").select("version").where("id", "=", object.id).executeTakeFirst(),
    );
    const { remote, begunAt } = await kernel.gateway.read(kind.path(object.id), { priority: "command" });
    const row = remote && remote.deleted !== true ? kind.row(remote) : undefined;
    if (!remote || !row) throw problem("not_found", `Stripe has no ${object.kind} ${object.id} at the moment`);
    const lookBegun = begunAt - secondMs;
    const version = stored?.version ?? 0;
    const isWritten = await kernel.sql.write("look.written", (tx) =>
      writeObservation(kernel, tx, { kind, remote, row, version, lookBegun }),
    );
    if (!isWritten) continue;
    for (const topic of ["outbox", "operations", "inbox"]) kernel.sql.wake.notify(topic);
    return;
  }
}

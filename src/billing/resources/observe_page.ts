// A page of one of Stripe's lists becomes what is known of its objects: each is a look that began when the page was
// asked for.
import { secondMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import { fileLooks } from "../kernel/changes/looks.ts";
import { type Observation, writeObservations } from "../kernel/changes/observe.ts";
import type { MirrorKind } from "../kernel/contract/manifest.ts";
import type { Remote } from "../kernel/contract/reacting.ts";
import type { BillingCore } from "../kernel/core.ts";
import type { Page } from "../kernel/stripe/gateway.ts";

/**
 * Writes the objects of a page that are ours, whatever is known of them, in one transaction; then wake the workers. A
 * page does not say which versions were stored when it was made: what was written after it was asked for may be newer,
 * and is looked at alone, as is one of which the page does not show what its row needs.
 * @example for await (const page of core.kernel.gateway.pages(path, context)) await observePage(core, kind, page);
 */
export async function observePage({ kernel, sql }: BillingCore, kind: MirrorKind, page: Page): Promise<void> {
  const { items, begunAt } = page;
  const rows = await sql.read("page.versions", (reader) =>
    reader
      .selectFrom("mirror")
      .select(["id", "version", "updated_at"])
      .where(
        isAmong(
          reader,
          "id",
          items.map(({ id }) => id),
        ),
      )
      .execute(),
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  const lookBegun = begunAt - secondMs;
  const seen = items.map((remote): { remote: Remote; observation: Observation | undefined } => {
    const { version, updated_at } = stored.get(remote.id) ?? { version: 0, updated_at: 0 };
    const row = updated_at < lookBegun ? kind.row(remote) : undefined;
    return { remote, observation: row && { kind, remote, row, version, lookBegun } };
  });
  await sql.write("page.seen", async (tx) => {
    const observations = seen.flatMap(({ observation }) => observation ?? []);
    const written = await writeObservations(kernel, tx, observations);
    const left = seen.filter(({ remote }) => !written.has(remote.id));
    const objects = left.map(({ remote }) => ({ kind: kind.kind, id: remote.id, ...kind.belongsTo(remote) }));
    await fileLooks(kernel, tx, { objects, now: kernel.ports.clock.now() });
  });
}

// What was seen of schedules becomes facts: a change is planned, or it is not planned any more. Whoever planned it: the
// portal too makes a schedule of what is to come at the end of a period.
import { on } from "../../../kernel/contract/manifest.ts";
import type { News } from "../../../kernel/contract/reacting.ts";
import { isoOf } from "../../instants.ts";
import { isHistory, ownersOf } from "../../owners.ts";
import { oweClocks } from "../../test_clocks/index.ts";
import { isWithdrawn, type Planned, plannedOf, type ScheduleMirror } from "./schedules.ts";

export const onScheduleSeen = on("schedule.seen", async (reacting, news) => {
  const rows = news.map(({ data }) => data.after);
  await oweClocks(
    reacting,
    rows.map(({ testClock }) => testClock),
  );
  const owners = await ownersOf(
    reacting.tx,
    rows.map(({ customer }) => customer),
  );
  return news.flatMap(({ data: { before, after }, transition }): readonly News[] => {
    const owner = owners.get(after.customer);
    const { subscription: subject } = after;
    if (subject === null || (before === null && isHistory(after, owner))) return [];
    const common = { subscriptionId: subject, customerId: owner?.id ?? null };
    return toldOf(before, after).map(
      (one) => ({ ...one, subject, transition, data: { ...common, ...one.data } }) as News,
    );
  });
});

type Told = { readonly type: "subscription.change_scheduled" | "subscription.change_withdrawn"; readonly data: object };

function toldOf(before: ScheduleMirror | null, after: ScheduleMirror): Told[] {
  const [was, is] = [plannedOf(before), plannedOf(after)];
  const isNew = is !== null && JSON.stringify(is) !== JSON.stringify(was);
  const isOff = was !== null && is === null && isWithdrawn(was, after);
  return [
    ...(isNew ? [{ type: "subscription.change_scheduled", data: scheduledData(is) } as const] : []),
    ...(isOff ? [{ type: "subscription.change_withdrawn", data: {} } as const] : []),
  ];
}

function scheduledData({ at, items }: Planned) {
  return { changesAt: isoOf(at), items: items.map(({ price, quantity }) => ({ priceId: price, quantity })) };
}

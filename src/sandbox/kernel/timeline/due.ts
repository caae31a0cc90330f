// What is still to be done at the end of a journal: each filing and each stand as it was told last.
import type { PendingEntry, Stand, TimeNews } from "./pending.ts";

/** As journals said it that knew one timeline only, and a number in the place of a key. */
type OldNews = readonly ["pending", number, Pick<PendingEntry, "at" | "record">] | readonly ["done", number];

export interface Due {
  take(told: TimeNews): void;
  /** In the order of filing. */
  pending(): readonly PendingEntry[];
  readonly stands: ReadonlyMap<string | null, Stand>;
}

export function createDue(): Due {
  const filed = new Map<string, PendingEntry>();
  const stands = new Map<string | null, Stand>();
  const file = (entry: PendingEntry): void => {
    const place = placeOf(entry.timeline, entry.key);
    filed.delete(place); // What replaces a filing stands last.
    filed.set(place, entry);
  };
  return {
    stands,
    pending: () => [...filed.values()],
    take(told) {
      const news = isOld(told) ? renewed(told) : told;
      if (news[0] === "pending") file(news[1]);
      else if (news[0] === "done") filed.delete(placeOf(news[1], news[2]));
      else if (news[2]) stands.set(news[1], news[2]);
      else stands.delete(news[1]);
    },
  };
}

function placeOf(timeline: string | null, key: string): string {
  return `${timeline ?? ""} ${key}`;
}

function isOld(news: TimeNews | OldNews): news is OldNews {
  return typeof news[1] === "number";
}

function renewed(news: OldNews): TimeNews {
  const key = `#${news[1]}`;
  return news[0] === "pending" ? ["pending", { ...news[2], timeline: null, key }] : ["done", null, key];
}

export function isOfTime(entry: readonly [string, ...unknown[]]): entry is TimeNews {
  return entry[0] === "pending" || entry[0] === "done" || entry[0] === "timeline";
}

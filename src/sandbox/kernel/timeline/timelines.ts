// The timelines of one world: its own, and one for each test clock.
import type { Clock, Instant } from "#kit/clock.ts";
import type { Pace } from "./pace.ts";
import type { PendingEntry, Stand, TimeNews } from "./pending.ts";
import { createTimeline, frozenHand, type Hand, type OwnTimeline, runningHand, type Timeline } from "./timeline.ts";

export interface Timelines {
  readonly world: OwnTimeline;
  /** Null is the world's. */
  of(id: string | null): OwnTimeline | undefined;
  /** A test clock begins to stand at that instant. */
  open(id: string, now: Instant): Timeline;
  hasClocks(): boolean;
  /** What was filed on it is withdrawn. */
  close(id: string): void;
  /** Where those stand that say so themselves: the world's does while it is advanced. */
  stands(): Iterable<readonly [string | null, Stand]>;
  pending(): Iterable<PendingEntry>;
  /** The world's time goes on from there, if it has not come as far. */
  notBefore(instant: Instant): void;
  /** Nothing is filed any more, and there are no test clocks. */
  clear(): void;
  listen(listener: (news: TimeNews) => void): void;
}

export interface TimelinesParts {
  readonly clock: Clock;
  readonly pace: Pace;
  readonly flush: () => void;
}

export function createTimelines({ clock, pace, flush }: TimelinesParts): Timelines {
  let listener: (news: TimeNews) => void = () => {};
  const tell = (news: TimeNews): void => listener(news);
  const make = (id: string | null, hand: Hand) => createTimeline({ id, hand, clock, pace, tell, flush });
  const hand = runningHand(clock);
  const world = make(null, hand);
  const clocks = new Map<string, OwnTimeline>();
  return {
    world,
    of: (id) => (id === null ? world : clocks.get(id)),
    open(id, now) {
      const opened = make(id, frozenHand(now));
      clocks.set(id, opened);
      tell(["timeline", id, opened.stand()]);
      return opened;
    },
    hasClocks: () => clocks.size > 0,
    close(id) {
      const closed = clocks.get(id);
      if (!closed) return;
      for (const { key } of [...closed.pending()]) closed.withdraw(key);
      closed.clear();
      clocks.delete(id);
      tell(["timeline", id, null]);
    },
    *stands() {
      if (world.stand().target !== null) yield [null, world.stand()];
      for (const [id, one] of clocks) yield [id, one.stand()];
    },
    *pending() {
      yield* world.pending();
      for (const one of clocks.values()) yield* one.pending();
    },
    notBefore: hand.moveTo,
    clear() {
      world.clear();
      for (const one of clocks.values()) one.clear();
      clocks.clear();
    },
    listen(told) {
      listener = told;
    },
  };
}

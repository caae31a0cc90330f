// One line of time: the world's, or a test clock's. Work is filed on it for an instant and begun at that instant, in
// the order of time, then of filing. An advance goes from one due instant to the next without timers, and leaves none
// before what was begun there has come back: the answer to a delivery files its retry.
import type { Clock, Instant } from "#kit/clock.ts";
import { type Agenda, createAgenda } from "./agenda.ts";
import type { Pace } from "./pace.ts";
import type { PendingEntry, PendingRecord, Stand, TimeNews } from "./pending.ts";

export interface Timeline {
  /** Null is the world's. */
  readonly id: string | null;
  now(): Instant;
  /** Files work. What was filed under the key before is replaced; without a key it stands beside all other work. */
  at(instant: Instant, key: string | null, work: Work): void;
  withdraw(key: string): void;
  /** Resolves when it is there. It is taken up again by the next process if this one ends on the way. */
  advanceTo(instant: Instant): Promise<void>;
  /**
   * An advance does not leave its instant before this has settled. Work of this timeline is waited for without it; a
   * test clock waits so for a delivery, which is the world's.
   */
  hold(work: Promise<unknown>): void;
  nextAt(): Instant | undefined;
  stand(): Stand;
  pending(): Iterable<PendingEntry>;
}

export interface Work {
  /** As it is written down; null for what ends with the process. */
  readonly record: PendingRecord | null;
  /** `at` is the instant that it was due at. It calls `landed` once it is over: at once, or when an answer has come. */
  readonly begin: (at: Instant, landed: () => void) => void;
}

/** A timeline in the hands of whoever made it. */
export interface OwnTimeline extends Timeline {
  /** Begins what comes due as real time passes, until the signal is aborted. */
  loop(signal: AbortSignal): Promise<void>;
  /** Takes up an advance that another process was in the middle of. */
  goOn(from: Stand & { readonly target: Instant }): void;
  /** Forgets all work, and any advance. */
  clear(): void;
}

/** Where a timeline stands while nobody advances it. It never goes back. */
export interface Hand {
  now(): Instant;
  moveTo(instant: Instant): void;
  /** Goes to that instant by itself, where nothing else could happen before. Answers whether it went. */
  stride(instant: Instant): boolean;
}

/** Goes with a clock, as far ahead of it as it was moved. */
export function runningHand(clock: Pick<Clock, "now" | "stride">): Hand {
  let shift = 0;
  const now = (): Instant => clock.now() + shift;
  return {
    now,
    moveTo(instant) {
      shift += Math.max(0, instant - now());
    },
    stride: (instant) => clock.stride?.(instant - shift) ?? false,
  };
}

/** Stands still. */
export function frozenHand(start: Instant): Hand {
  let at = start;
  return {
    now: () => at,
    moveTo(instant) {
      at = Math.max(at, instant);
    },
    stride: () => false,
  };
}

export interface TimelineParts {
  readonly id: string | null;
  readonly hand: Hand;
  /** For waiting: how long real things take. */
  readonly clock: Pick<Clock, "sleep">;
  readonly pace: Pace;
  readonly tell: (news: TimeNews) => void;
  /** Writes down what was told. Once per slice, and before anything that was begun in it leaves. */
  readonly flush: () => void;
}

interface Filing {
  readonly at: Instant;
  readonly key: string;
  readonly work: Work;
}

interface Advance {
  at: Instant;
  target: Instant;
  readonly arrived: Promise<void>;
  readonly arrive: () => void;
}

/** A timeline as it stands. */
interface Line extends TimelineParts {
  readonly agenda: Agenda<Filing>;
  /** By key. What is in the air stands here too, until it has landed. */
  readonly filed: Map<string, Filing>;
  readonly air: Set<object>;
  advance: Advance | undefined;
  isInSlice: boolean;
  unnamed: number;
  /** Wakes the loop: something is filed in front, or an advance has ended. */
  ring: () => void;
  /** Wakes an advance: nothing is in the air any more. */
  cleared: () => void;
}

export function createTimeline(parts: TimelineParts): OwnTimeline {
  const line: Line = {
    ...parts,
    agenda: createAgenda(),
    filed: new Map(),
    air: new Set(),
    advance: undefined,
    isInSlice: false,
    unnamed: 0,
    ring: () => {},
    cleared: () => {},
  };
  return {
    id: line.id,
    now: () => nowOf(line),
    stand: () => standOf(line),
    at: (instant, key, work) => file(line, { at: instant, key: key ?? freeKey(line), work }),
    withdraw(key) {
      const filing = line.filed.get(key);
      if (filing) strike(line, filing);
    },
    advanceTo: (instant) => advanceTo(line, instant),
    hold(work) {
      const token = {};
      line.air.add(token);
      const end = () => land(line, token);
      work.then(end, end);
    },
    nextAt: () => line.agenda.first()?.at,
    *pending() {
      for (const { at, key, work } of line.filed.values()) {
        if (work.record) yield { at, timeline: line.id, key, record: work.record };
      }
    },
    async loop(signal) {
      while (!signal.aborted) {
        if (!line.advance && slice(line, () => nowOf(line)) === "used") await line.pace.turn();
        else await untilNext(line, signal);
      }
    },
    goOn: ({ now, target }) => void advanceTo(line, target, now),
    clear() {
      for (const filing of line.filed.values()) line.agenda.remove(filing);
      line.filed.clear();
      line.air.clear();
      endAdvance(line);
      line.cleared();
    },
  };
}

function nowOf({ advance, hand }: Line): Instant {
  return advance?.at ?? hand.now();
}

function standOf(line: Line): Stand {
  return { now: nowOf(line), target: line.advance?.target ?? null };
}

function freeKey(line: Line): string {
  while (line.filed.has(`#${line.unnamed}`)) line.unnamed++;
  return `#${line.unnamed}`;
}

function file(line: Line, filing: Filing): void {
  const { at, key, work } = filing;
  const before = line.filed.get(key);
  if (before) line.agenda.remove(before);
  line.filed.delete(key); // So that it stands last, as whoever reads it back will file it.
  line.filed.set(key, filing);
  line.agenda.add(filing);
  if (work.record) line.tell(["pending", { at, timeline: line.id, key, record: work.record }]);
  else if (before?.work.record) line.tell(["done", line.id, key]);
  if (line.agenda.first() === filing) line.ring();
}

/** It is over, or is not to be. What has replaced it meanwhile stays. */
function strike(line: Line, filing: Filing): void {
  if (line.filed.get(filing.key) !== filing) return;
  line.filed.delete(filing.key);
  line.agenda.remove(filing);
  if (filing.work.record) line.tell(["done", line.id, filing.key]);
}

function begin(line: Line, filing: Filing): void {
  line.agenda.remove(filing);
  line.air.add(filing);
  filing.work.begin(filing.at, () => {
    if (!line.air.has(filing)) return; // It belongs to a world that is gone.
    strike(line, filing);
    if (!line.isInSlice) line.flush();
    land(line, filing);
  });
}

function land(line: Line, token: object): void {
  if (line.air.delete(token) && line.air.size === 0) line.cleared();
}

/** Why a slice has ended: it is used up, what was begun is not over yet, or nothing more is due. */
type SliceEnd = "used" | "waits" | "rests";

/** Begins what is due until then, for one slice, and writes down what came of it. */
function slice(line: Line, until: () => Instant): SliceEnd {
  line.isInSlice = true;
  try {
    return beginDue(line, until);
  } finally {
    line.isInSlice = false;
    if (line.advance) line.tell(["timeline", line.id, standOf(line)]);
    line.flush();
  }
}

function beginDue(line: Line, until: () => Instant): SliceEnd {
  const { agenda, air, pace, advance } = line;
  for (;;) {
    const first = agenda.first();
    const isDue = first !== undefined && first.at <= until();
    if (first && !isDue && !advance && air.size === 0 && line.hand.stride(first.at)) continue;
    const leaves = advance && (!isDue || first.at > advance.at);
    if (leaves && air.size > 0) return "waits";
    if (!isDue) return "rests";
    if (leaves) advance.at = first.at;
    begin(line, first);
    const next = agenda.first();
    if (pace.isOver() && next && next.at <= until()) return "used"; // Else it has used nothing up.
  }
}

function advanceTo(line: Line, instant: Instant, from = nowOf(line)): Promise<void> {
  if (!line.advance) {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    line.advance = { at: from, target: from, arrived, arrive };
    void travel(line, line.advance);
  }
  const { advance } = line;
  advance.target = Math.max(advance.target, instant);
  return advance.arrived;
}

async function travel(line: Line, advance: Advance): Promise<void> {
  await Promise.resolve(); // Whoever asked for it goes on first.
  while (line.advance === advance) {
    const end = slice(line, () => advance.target);
    if (end === "waits") await new Promise<void>((resolve) => (line.cleared = resolve));
    if (end === "rests") return reach(line, advance.target);
    if (line.pace.isOver()) await line.pace.turn();
  }
}

function reach(line: Line, target: Instant): void {
  line.hand.moveTo(target);
  endAdvance(line);
  line.tell(["timeline", line.id, standOf(line)]);
  line.flush();
}

function endAdvance(line: Line): void {
  const { advance } = line;
  line.advance = undefined;
  advance?.arrive();
  line.ring();
}

async function untilNext(line: Line, signal: AbortSignal): Promise<void> {
  const early = new AbortController();
  const rung = new Promise<void>((resolve) => {
    line.ring = () => {
      early.abort(null); // Nobody reads why; without a reason an error with its stack is made each time.
      resolve();
    };
  });
  const stop = () => line.ring();
  signal.addEventListener("abort", stop, { once: true });
  const first = line.advance ? undefined : line.agenda.first();
  await (first ? line.clock.sleep(Math.max(0, first.at - nowOf(line)), early.signal) : rung);
  signal.removeEventListener("abort", stop);
}

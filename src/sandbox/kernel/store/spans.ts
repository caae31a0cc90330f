// When the objects of each stretch of a collection were created: from its earliest second to its latest. Seconds do not
// ascend (a tick is late, a test clock stands in 2020 or in 2030), so a `created` filter cannot start by bisection; it
// passes over the stretches that hold nothing of what is asked for, and looks at the others one by one. One object from
// another time costs its own stretch, and no more.

export interface CreatedRange {
  readonly gt?: number | undefined;
  readonly gte?: number | undefined;
  readonly lt?: number | undefined;
  readonly lte?: number | undefined;
}

export interface Spans {
  /** How many positions make a stretch. */
  readonly length: number;
  /** The first stretch that is held. */
  base: number;
  readonly earliest: number[];
  readonly latest: number[];
}

/** A look at 200,000 objects is 400 looks at stretches. */
const positionsPerStretch = 512;

export function newSpans(length = positionsPerStretch): Spans {
  return { length, base: 0, earliest: [], latest: [] };
}

/** What is taken back leaves its stretch as wide as it made it. */
export function widen({ length, base, earliest, latest }: Spans, position: number, created: number): void {
  const stretch = Math.floor(position / length) - base;
  earliest[stretch] = Math.min(earliest[stretch] ?? created, created);
  latest[stretch] = Math.max(latest[stretch] ?? created, created);
}

/** Nobody asks for positions before this one any more. */
export function forgetSpans(spans: Spans, position: number): void {
  const gone = Math.floor(position / spans.length) - spans.base;
  spans.earliest.splice(0, gone);
  spans.latest.splice(0, gone);
  spans.base += gone;
}

/** Where the stretch of this position begins and ends, if nothing in it can lie within the range. */
export function emptyStretch(
  spans: Spans,
  position: number,
  range: CreatedRange,
): readonly [number, number] | undefined {
  const { length, base, earliest, latest } = spans;
  const stretch = Math.floor(position / length);
  const first = earliest[stretch - base];
  const last = latest[stretch - base];
  if (first === undefined || last === undefined) return undefined;
  const isBefore = (range.gt !== undefined && last <= range.gt) || (range.gte !== undefined && last < range.gte);
  const isAfter = (range.lt !== undefined && first >= range.lt) || (range.lte !== undefined && first > range.lte);
  return isBefore || isAfter ? [stretch * length, (stretch + 1) * length] : undefined;
}

// What the run and its workers say to one another.

/** Reads a test file and plays each of its tests without a mutant. */
export interface Measure {
  readonly kind: "measure";
  readonly file: string;
}

/** Plays tests under a mutant until one fails. */
export interface Try {
  readonly kind: "try";
  readonly mutant: number;
  readonly tests: readonly Played[];
}

export interface Played {
  readonly file: string;
  /** Its place among the tests of its file. */
  readonly index: number;
  /** How often it asks for mutants when none is planted. */
  readonly asks: number;
}

export interface MeasuredTest extends Played {
  /** The place of the same test on PostgreSQL. */
  readonly twin: number | null;
  readonly name: string;
  /** Of the processor's time. */
  readonly ms: number;
  /** The mutants that it comes by, and how often. */
  readonly reached: readonly (readonly [mutant: number, times: number])[];
  readonly failure: string | null;
}

export interface Measured {
  readonly tests: readonly MeasuredTest[];
  /** The mutants that are asked for while modules are read: they are planted in a process of their own. */
  readonly atLoad: readonly number[];
}

/** `by`: the test that failed, by its place among those that were asked for; null: none did. */
export interface Tried {
  readonly by: number | null;
  readonly failure: string;
}

/** A test begins: its place among those that were asked for. */
export interface Begun {
  readonly begun: number;
}

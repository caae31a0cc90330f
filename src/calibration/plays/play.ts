// What is played on both sides: calls that cost nobody anything, each with what it may make and how that is taken back.

export type Call = `${"GET" | "POST" | "DELETE"} /v1/${string}`;

export interface Step {
  /** `POST /v1/customers/{customer}`: names in braces stand for ids of earlier answers. */
  readonly call: Call;
  readonly form?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What there is afterwards, unless it is refused. */
  readonly makes?: Made;
  /** What else of the answer later steps name, and where it stands. */
  readonly names?: Readonly<Record<string, string>>;
  /** The refusal that it asks for, by the name of its row. */
  readonly about?: string;
}

export interface Made {
  readonly name: string;
  /** Where its id stands in an answer; the first place that is there. */
  readonly at: readonly string[];
  /** The first call that is not refused takes it back. */
  readonly undo: readonly Step[];
}

export interface Play {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** All that a play may make, the last thing first. */
export function madeBy({ steps }: Play): Made[] {
  return [...new Set(steps.flatMap(({ makes }) => makes ?? []))].toReversed();
}

const formShownMax = 100; // Longer ones are one thing many times.

/** Every call of the plays, as a line each, in their order. */
export function callLines(plays: readonly Play[]): string[] {
  const line = ({ call, form = "" }: Step) => `${call}  ${form.slice(0, formShownMax)}`.trim();
  return plays.flatMap((play) => [
    `${play.name}:`,
    ...play.steps.map((step) => `  ${line(step)}`),
    ...madeBy(play).map(({ undo }) => `  afterwards ${undo.map(line).join("; if that is refused ")}`),
  ]);
}

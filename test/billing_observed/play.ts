// A play of what Stripe was seen to do: calls in their order, time that passes between them, and what is answered.
import type { SandboxOptions } from "../../src/sandbox/index.ts";

export type Address = `${"GET" | "POST" | "DELETE"} /v1/${string}`;

/** Part of an answer: what is named is compared, a pattern with the text that is there, a list with all of it. */
export type Shown = { readonly [name: string]: unknown };

export interface Call {
  /** `{invoice.id}` stands for what an earlier call has answered. */
  readonly call: Address;
  readonly form?: string;
  /** Another one than that of its play. */
  readonly version?: string;
  /** What later calls name its answer by. */
  readonly as?: string;
  readonly shows?: Shown;
  /** All of it. */
  readonly all?: Shown;
  /** Its status and its error, where it is refused. */
  readonly refused?: Shown & { readonly status: number };
}

/** Time passes until this second of Stripe's. */
export interface Passing {
  readonly until: number;
}

export type Step = Call | Passing;

/** How many observations of each kind. */
export type Seen = Readonly<Record<string, number>>;

export interface Play {
  readonly why: string;
  readonly sure: "documented" | "recorded";
  /** What it plays of what was seen. */
  readonly seen: Seen;
  /** That of the newest calls, if none is said. */
  readonly version?: string;
  /** What its account is set to. */
  readonly billing?: SandboxOptions["billing"];
  /** When it begins, in Stripe's seconds. */
  readonly start?: number;
  /** What `{customer}` pays with by default; null: with nothing. A Visa card, if nothing is said. */
  readonly card?: string | null;
  readonly steps: readonly Step[];
}

// One real body of Stripe's: which it was, what it held and of which types, and how the sandbox comes to the same.
import type { Answer, SandboxWorld } from "../../src/sandbox/testing.ts";

export interface RealBody {
  /** Object, state and version: `customer.created.2026-08-26.dahlia`. */
  readonly name: string;
  /** The paths of each type, parted by blanks; of lists, `[]` stands for each place. Printed by `scripts/shape.ts`. */
  readonly shape: Readonly<Record<string, string>>;
  /** Makes that state in a fresh sandbox, and answers the body. */
  readonly make: (maker: Maker) => Promise<unknown>;
}

/** Makes an object on the way to a body. */
export type Making = (maker: Maker) => Promise<Answer["json"]>;

/** Calls in the version of the body; what is refused throws. */
export interface Maker {
  readonly call: (method: string, path: string, form?: string) => Promise<Answer["json"]>;
  /** The newest event of a type. */
  readonly event: (type: string) => Promise<unknown>;
  readonly clock: SandboxWorld["clock"];
}

/** A difference that is known, and why it is one. */
export interface KnownDifference {
  readonly body: string;
  readonly path: string;
  readonly stripe: string;
  readonly sandbox: string;
  readonly why: string;
}

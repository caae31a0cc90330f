// What a row of verbs.table.ts says of a verb, and how a row of promises.test.ts follows from it.
import { isWholeRun } from "#kit/testing.ts";
import type { World } from "./index.ts";

export interface VerbRow {
  /** What must be there before. Answers the subject of the command. */
  prepare(world: World, name: string): Promise<string>;
  /** The public command; its outcome, or what it throws. */
  command(world: World, subject: string, attempt?: number): Promise<unknown>;
  /** Its call: the one request that is broken. */
  readonly request: string;
  /** What begins so is not its call: that of another step, or of another verb. */
  readonly beside?: string;
  /** How often Stripe did it. */
  effects(world: World, subject: string): Promise<number>;
  /** Whether a 402 is an outcome of the command (`declined`), or a failure like any other no. */
  readonly mayBeDeclined: boolean;
  /** What a command whose answer stays away says. */
  readonly whileOpen: "processing" | "stripe_unreachable" | "done";
  /** Given again after a no, it is another wish: Stripe is read, and what is left is planned anew. */
  readonly isPlannedAnew?: true;
}

/** Whether a request is the verb's call: `POST /v1/invoices/in_1/finalize` is not a `POST /v1/invoices`. */
export function isOf({ request, beside }: VerbRow, line: string): boolean {
  const isAnother = line.startsWith(`${request}/`) || (beside !== undefined && line.startsWith(beside));
  return line.startsWith(request) && !isAnother;
}

/** Four sweeps go over all verbs: of each `npm test` plays a quarter, each verb in one, and the whole run all. */
export function hasTurn(verb: number, sweep: 0 | 1 | 2 | 3): boolean {
  return isWholeRun || verb % 4 === sweep;
}

/** The same row for one world: `told` is what is told when Stripe says no to what was promised. */
export function promisedRow(row: VerbRow, told: readonly string[]) {
  const subjects = new WeakMap<World, string>();
  return {
    prepare: async (world: World) => void subjects.set(world, await row.prepare(world, "1")),
    command: (world: World) => row.command(world, subjects.get(world) ?? ""),
    request: row.request,
    told,
  };
}

// What the /-/ pages are given: they read the world as it is, and act through the API like anybody else.
import type { Instant } from "#kit/clock.ts";
import type { Faults } from "../../kernel/records/faults.ts";
import type { History } from "../../kernel/records/history.ts";
import type { Account } from "../../kernel/state/accounts.ts";
import type { Claim } from "../../kernel/state/claims.ts";
import type { AnyMachine } from "../../kernel/state/machine.ts";
import type { Noun, StripeObject } from "../../kernel/state/noun.ts";
import type { Resource } from "../../kernel/state/resource.ts";
import type { World } from "../../kernel/state/unit.ts";

/** One try of a delivery, as the pages show it. */
export interface AttemptRow {
  readonly at: Instant;
  readonly event: string;
  readonly endpoint: string;
  readonly number: number;
  readonly outcome: string;
  readonly answer: string;
}

export interface SecretRow {
  readonly text: string;
  readonly endsAt: Instant | null;
}

export type MachineRow = AnyMachine;

export interface OfferedRow {
  /** The account's payment method configuration. */
  readonly configuration: string;
  readonly types: readonly { readonly type: string; readonly name: string; readonly isOn: boolean }[];
}

export interface Inside {
  readonly world: World;
  /** The nouns that have pages of their own. */
  readonly payments: Noun;
  readonly events: Noun;
  readonly endpoints: Noun;
  readonly history: History;
  readonly faults: Faults;
  readonly machines: readonly MachineRow[];
  /** All that the sandbox holds to be true of Stripe. */
  readonly claims: () => readonly Claim[];
  /** "METHOD /v1/path/:id" of every route. */
  readonly operations: readonly string[];
  /** What Stripe serves from before its SDKs declared it, in the same form. */
  readonly oldAddresses: readonly string[];
  readonly attempts: () => readonly AttemptRow[];
  /** Gives a webhook endpoint a new signing secret, and answers it. Throws a Problem. */
  readonly rollSecret: (endpoint: string, oldEndsInMs: number) => string;
  /** Of a webhook endpoint, newest last. */
  readonly secretsOf: (endpoint: StripeObject) => readonly SecretRow[];
  /** The types of payment methods there are, and which of them an account offers. */
  readonly offered: (account: Account) => OfferedRow;
  /** By noun: what is told of an object of it. */
  readonly tells: ReadonlyMap<string, NonNullable<Resource["tells"]>>;
  /** From now on the key is refused. */
  readonly revoke: (key: string) => void;
  /** Only a page of this sandbox knows it: a write without it is refused. */
  readonly token: string;
  /** Undefined when this sandbox's clock cannot be moved. */
  readonly advance: ((ms: number) => Promise<void>) | undefined;
}

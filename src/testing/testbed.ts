// What a testbed offers, as types.
import type Stripe from "stripe";
import type { VirtualClock } from "#kit/clock.ts";
import type { TestPorts } from "#kit/create_ports.ts";
import type { Fetch } from "#kit/ports.ts";
import type { Billing, BillingOptions } from "../billing/index.ts";
import type { Sandbox, Settlement } from "../sandbox/index.ts";
import type { Duration } from "./duration.ts";
import type { FaultKind } from "./faults.ts";
import type { Incarnation } from "./incarnation.ts";
import type { Crossing } from "./network.ts";
import type { WebhookOptions } from "./webhook.ts";

export interface TestbedOptions {
  readonly seed: number;
  /** `sqlite:PATH` or `postgres://…`. Default: a SQLite file of its own, removed by close(). */
  readonly database?: string;
  /** The first instant. Default: 2026-11-02T09:00:00Z. */
  readonly start?: number;
  /** How long banks take: `"test"` (the default) as in Stripe's test mode, `"real"` as in life. */
  readonly settlement?: Settlement;
  /** What billing is made with, where it is to differ. */
  readonly billing?: Partial<BillingOptions>;
  /** False: no workers; what is due is worked by `billing.tick()` alone. */
  readonly isStarted?: boolean;
  /** Registers the host's handlers. Called for every incarnation of billing, before it starts. */
  readonly handlers?: (billing: Billing) => void;
  /** Sees every request between shop, browser, billing and Stripe, with its answer. */
  readonly watch?: (crossing: Crossing) => void;
  /**
   * Kills the first incarnation at its nth await, or at its first of that name; see `points`. It is started again at
   * the next call or advance.
   */
  readonly killAt?: number | string;
}

export interface Testbed {
  readonly ports: TestPorts;
  readonly clock: VirtualClock;
  readonly sandbox: Sandbox;
  /** Billing. A call that has to wait moves the clock; one that dies with its process is repeated on the next. */
  readonly billing: Billing;
  /** The official SDK with the secret key, as the shop's or an operator's program has it. */
  readonly stripe: Stripe;
  /** The official SDK with the publishable key: what a browser may do. */
  readonly browser: Stripe;
  /** The payer's browser: confirms the order's PaymentIntent with a test card. */
  pay(orderId: string, card: string): Promise<Stripe.PaymentIntent>;
  /** The network as the sender of that name sees it. */
  fetchAs(sender: string): Fetch;
  /** Cuts a sender ("stripe", "billing", "browser", "shop") off, or lets it back on. */
  plug(sender: string, isOpen: boolean): void;
  /** Requests of billing to Stripe so far, for a test to read and to empty: "POST /v1/refunds". */
  readonly requests: string[];
  /** Breaks billing's next `times` requests that begin so: `fail("POST /v1/refunds", "unheard")`. */
  fail(request: string, kind: FaultKind, times?: number): void;
  /** The network is whole again. */
  mend(): void;
  /** Sends billing a webhook, signed as Stripe or as somebody else would; answers the status. */
  deliver(event: unknown, options?: WebhookOptions): Promise<number>;
  /** Another process on the same database: its own connections and its own chance. Closed with the testbed. */
  twin(): Promise<Billing>;
  /** The ports of another process, which can be killed: at its nth await, or by `kill()`. */
  life(killAt?: number | string): Incarnation;
  /** Billing in such a life. */
  mortalTwin(killAt?: number | string): Promise<{ readonly billing: Billing; readonly life: Incarnation }>;
  /** Every log line so far, of billing and of the sandbox. */
  readonly log: readonly string[];
  /** The awaits of the current incarnation so far. */
  readonly points: readonly string[];
  readonly incarnation: number;
  /** Lets time pass; what is due in it happens at its instant. Costs what is due, not how long it is. */
  advance(duration: Duration): Promise<void>;
  /** Awaits something of this world's, moving the clock while it waits. */
  settle<T>(work: Promise<T>): Promise<T>;
  /** SIGKILL. */
  kill(): void;
  /** Starts billing again when it is dead. */
  restart(): Promise<void>;
  /** All rows of billing's tables, one line each, in a stable order. */
  dump(): Promise<string>;
  close(): Promise<void>;
}

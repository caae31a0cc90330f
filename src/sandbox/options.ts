// What createSandbox takes, and what it refuses before anything is opened.
import type { Ports } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import type { FaultRule } from "./kernel/records/faults.ts";
import type { SandboxLine } from "./kernel/records/history.ts";
import type { Settlement } from "./kernel/state/unit.ts";
import { assertVersion } from "./kernel/versions/families.ts";

export interface EndpointOption {
  /** The secret key whose account it belongs to. */
  readonly key: string;
  readonly url: string;
  /** `whsec_…`, known beforehand, so that nobody has to read it out of an answer. */
  readonly secret: string;
  readonly enabled_events?: readonly string[];
  readonly api_version?: string;
}

export type SandboxPorts = Pick<Ports, "clock" | "random" | "ids" | "fetch" | "log" | "run">;

/** Ports that are not given are the machine's own. */
export interface SandboxOptions extends Partial<SandboxPorts> {
  /** Where browsers reach it; `listen` sets it when it is not given. */
  readonly baseUrl?: string;
  readonly webhookEndpoints?: readonly EndpointOption[];
  /** `{ pk_test_a: "sk_test_b" }` for keys whose suffixes differ. */
  readonly keyPairs?: Readonly<Record<string, string>>;
  /** Only these secret keys are accounts. */
  readonly keys?: readonly string[];
  /** The API version of calls and endpoints that name none; the newest when it is not given. */
  readonly defaultVersion?: string;
  /** Versions that Stripe never gave out are read by their date instead of being refused. */
  readonly tolerateUnknownVersions?: boolean;
  readonly allowHosts?: readonly string[];
  /** Hosts beside loopback that deliveries may go to. */
  readonly deliverTo?: readonly string[];
  /**
   * Pauses before the second, third … try of a delivery: a list, or `"live"` (the default: three days, as what is
   * tested here is to run in live mode) or `"test"` (three more tries over a few hours).
   */
  readonly retryPausesMs?: readonly number[] | "live" | "test";
  /**
   * How long banks take: `"test"` (the default) as in Stripe's test mode, where a debit is paid after two seconds;
   * `"real"` as in life, where it is `processing` for six banking days. https://docs.stripe.com/payments/sepa-debit
   */
  readonly settlement?: Settlement;
  /** What goes wrong from the start: `[{ kind: "delivery_dropped", type: "charge.*", chance: 0.1 }]`. */
  readonly faults?: readonly FaultRule[];
  /** Faults of chance happen alike in every run with the same number; without it they come from the ports' chance. */
  readonly faultSeed?: number;
  /** A folder in which everything outlives the process, a kill included. */
  readonly dataFolder?: string | undefined;
  /** Told of every move, event and delivery. */
  readonly onLine?: (line: SandboxLine) => void;
}

/** Refuses what nobody could use, before anything is opened. */
export function assertOptions(options: SandboxOptions): void {
  const { defaultVersion, webhookEndpoints = [], tolerateUnknownVersions: tolerated = false } = options;
  const versions = [defaultVersion, ...webhookEndpoints.map(({ api_version }) => api_version)];
  const hint = "Name one as Stripe gave it out, or let it be read by its date: tolerateUnknownVersions.";
  for (const version of versions) {
    if (version !== undefined) asked(() => assertVersion(version, { tolerated }), hint);
  }
}

/** An option's refusal, in the words of whoever looked at it. */
export function asked<T>(look: () => T, hint: string): T {
  try {
    return look();
  } catch (cause) {
    throw problem("invalid_config", cause instanceof Error ? cause.message : String(cause), { hint, cause });
  }
}

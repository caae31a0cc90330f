// What createSandbox takes, and what it refuses before anything is opened.
import * as option from "#kit/options/options.ts";
import type { Ports } from "#kit/ports.ts";
import { isProblem, problem } from "#kit/problems.ts";
import type { FaultRule } from "./kernel/records/faults.ts";
import type { SandboxLine } from "./kernel/records/history.ts";
import type { BankCheck, BillingSettings, Settlement } from "./kernel/state/unit.ts";
import { assertVersion } from "./kernel/versions/families.ts";
import type { Seed } from "./kernel/wire/seed.ts";

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
  /** The API version of calls and endpoints that name none: an account's default. 2026-08-26.dahlia if not given. */
  readonly defaultVersion?: string;
  /** Versions that Stripe never gave out are read by their date instead of being refused. */
  readonly tolerateUnknownVersions?: boolean;
  /**
   * In the place of stripe-mock: placeholders such as `cus_123` are made on their first use, in a state that the call
   * can work with; any version is read by its date. What was changed stays so.
   */
  readonly stripeMock?: boolean;
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
  /**
   * What accounts are set to: `{ numbering: "account_level", retries: [3, 5, 7], afterRetries: "unpaid" }`. Without it
   * invoices are numbered by customer, taxes rounded on each line, failed payments tried again eight times within two
   * weeks, subscriptions canceled after that, and those whose payment is disputed left as they are.
   * https://docs.stripe.com/billing/revenue-recovery/smart-retries
   * `testClocks: "unlimited"` lets test clocks go as far as they like, and hold as much.
   */
  readonly billing?: Partial<BillingSettings>;
  /**
   * The types of payment methods that accounts offer from the beginning: `["card", "link", "klarna"]`. Without it card,
   * bancontact, ideal and sepa_debit. What an account offers is then changed as at Stripe:
   * https://docs.stripe.com/api/payment_method_configurations
   */
  readonly paymentMethodTypes?: readonly string[];
  /** Where accounts are: `"DE"`, whose currency is the euro. Without it they are in the United States. */
  readonly country?: string;
  /**
   * The checks whose failure declines a card although its bank approves: `["cvc_failure", "avs_failure"]`. Without it
   * none does, as at Stripe until a rule says so:
   * https://support.stripe.com/questions/charge-succeeded-despite-cvc-or-zip-check-mismatch
   */
  readonly declineOn?: readonly BankCheck[];
  /** What goes wrong from the start: `[{ kind: "delivery_dropped", type: "charge.*", chance: 0.1 }]`. */
  readonly faults?: readonly FaultRule[];
  /** Faults of chance happen alike in every run with the same number; without it they come from the ports' chance. */
  readonly faultSeed?: number;
  /** A folder in which everything outlives the process, a kill included. */
  readonly dataFolder?: string | undefined;
  /** Told of every move, event and delivery. */
  readonly onLine?: (line: SandboxLine) => void;
}

const bankChecks = ["avs_failure", "cvc_failure"] as const satisfies readonly BankCheck[];
const isListOfChecks = (value: unknown): boolean =>
  Array.isArray(value) && value.every((check) => bankChecks.some((known) => known === check));

const hosts: option.Option = { ...option.texts, says: "a list of host names" };

const sandboxOptions: option.OptionTable<SandboxOptions> = {
  ...option.portOptions,
  baseUrl: option.address,
  webhookEndpoints: option.list,
  keyPairs: option.textsByName,
  keys: option.texts,
  defaultVersion: option.text,
  tolerateUnknownVersions: option.flag,
  stripeMock: option.flag,
  allowHosts: hosts,
  deliverTo: hosts,
  retryPausesMs: option.either(option.oneOf("live", "test"), {
    says: "a list of milliseconds",
    isGood: (value) => Array.isArray(value) && value.every((ms) => typeof ms === "number" && ms >= 0),
  }),
  paymentMethodTypes: option.texts,
  country: option.text,
  declineOn: { says: `a list of ${bankChecks.join(" and ")}`, isGood: (value) => isListOfChecks(value) },
  settlement: option.oneOf("test", "real"),
  billing: option.object,
  faults: option.list,
  faultSeed: option.integer(0),
  dataFolder: option.text,
  onLine: option.callable,
};

export const usualBilling: BillingSettings = {
  numbering: "customer_level",
  taxRounding: "line_level",
  retries: "smart",
  afterRetries: "cancel",
  afterDispute: "leave",
  upcomingDays: 7,
  willBeDueDays: [],
  overdueDays: [],
  testClocks: "limited",
};

/** Each a whole number of days. */
function areDays(value: unknown, least: number): boolean {
  return Array.isArray(value) && value.every((days) => Number.isInteger(days) && days >= least && days <= 365);
}

const billingOptions: option.OptionTable<BillingSettings> = {
  numbering: option.oneOf("customer_level", "account_level"),
  taxRounding: option.oneOf("line_level", "invoice_level"),
  retries: option.either(option.oneOf("smart"), {
    says: "one to three numbers of days, each 1 to 60",
    isGood: (value) =>
      Array.isArray(value) && value.length > 0 && value.length <= 3 && value.every((days) => days >= 1 && days <= 60),
  }),
  afterRetries: option.oneOf("cancel", "unpaid", "past_due"),
  afterDispute: option.oneOf("leave", "cancel", "cancel_at_period_end"),
  upcomingDays: {
    says: "one of 3, 7, 15, 30, 45",
    isGood: (value) => [3, 7, 15, 30, 45].includes(value as number),
  },
  willBeDueDays: { says: "a list of days, each 1 to 365", isGood: (value) => areDays(value, 1) },
  overdueDays: { says: "a list of days, each 0 to 365", isGood: (value) => areDays(value, 0) },
  testClocks: option.oneOf("limited", "unlimited"),
};

const endpointOptions: option.OptionTable<EndpointOption> = {
  key: option.required(option.text),
  url: option.required(option.text),
  secret: option.required(option.text),
  enabled_events: option.texts,
  api_version: option.text,
};

/** Ports that a whole world hands over beside those that a sandbox takes. */
const ofOthers = ["maybe", "mortality", "unitMaxMs"];

/** Before anything is read of them. */
export function checkSandboxOptions(options: SandboxOptions): void {
  const isObject = typeof options === "object" && options !== null && !Array.isArray(options);
  const own = isObject
    ? Object.fromEntries(Object.entries(options).filter(([name]) => !ofOthers.includes(name)))
    : options;
  option.checkOptions("createSandbox", own, sandboxOptions);
  for (const rule of options.faults ?? []) check.fault(rule);
  if (options.billing !== undefined) option.checkOptions("billing", options.billing, billingOptions);
  for (const endpoint of options.webhookEndpoints ?? []) {
    option.checkOptions("An entry of webhookEndpoints", endpoint, endpointOptions);
  }
}

const listenOptions: option.OptionTable<{ port: number; host?: string; socketPath?: string }> = {
  port: option.required(option.integer(0, 65_535)),
  host: option.text,
  socketPath: option.text,
};

const seedOptions: option.OptionTable<Seed> = {
  key: option.required(option.text),
  path: option.required(option.text),
  id: option.required(option.text),
  params: option.object,
};

/** Its range is the fault's to say. */
const someNumber: option.Option = { says: "a number", isGood: (value) => typeof value === "number" };

const faultOptions: option.OptionTable<FaultRule> = {
  kind: option.required(option.text),
  method: option.text,
  path: option.text,
  type: option.text,
  times: someNumber,
  chance: someNumber,
  ms: someNumber,
};

/** The arguments of a sandbox's methods. */
export const check = {
  listen: (where: unknown) => option.checkOptions("listen", where, listenOptions),
  seed: (seed: unknown) => option.checkOptions("seed", seed, seedOptions),
  fault: (rule: unknown) => option.checkOptions("faults.add", rule, faultOptions),
  roll: (options: unknown) => option.checkOptions("rollSecret", options, { oldEndsInMs: option.number(0, Infinity) }),
  text: (name: string, value: unknown) => option.checkOption(name, value, option.required(option.text)),
  /** Its lines. */
  snapshot(given: unknown): string[] {
    const isIterable = typeof Object(given)[Symbol.iterator] === "function";
    const lines: unknown = isIterable ? [...(given as Iterable<unknown>)] : given;
    const isGood = (value: unknown) => Array.isArray(value) && value.every((line) => typeof line === "string");
    option.checkOption("snapshot", lines, { isRequired: true, says: "what snapshot() answered", isGood });
    return lines as string[];
  },
};

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
    if (isProblem(cause) && cause.hint !== undefined) throw cause;
    throw problem("invalid_config", cause instanceof Error ? cause.message : String(cause), { hint, cause });
  }
}

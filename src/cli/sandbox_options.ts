// What a sandbox can be told on the command line, for every command that starts one.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { BankCheck, BillingSettings, FaultRule, SandboxOptions, Settlement } from "../sandbox/index.ts";
import { collectFault } from "./faults.ts";
import { collect, settlementOption } from "./options.ts";

export interface SandboxFlags {
  readonly keys?: readonly string[];
  readonly account?: readonly string[];
  readonly apiVersion?: string;
  readonly unknownVersions: "refuse" | "tolerate";
  readonly stripeMock?: boolean;
  readonly data?: string;
  readonly paymentMethods?: readonly string[];
  readonly country?: string;
  readonly declineOn?: readonly BankCheck[];
  readonly fault?: readonly FaultRule[];
  readonly faultSeed?: number;
  readonly retries: "live" | "test";
  readonly settlement: Settlement;
  readonly billing?: Partial<BillingSettings>;
}

const option = (flags: string, env: string, what: string) => new Option(flags, what).env(env);

export function addSandboxOptions(command: Command): Command {
  return addAccountOptions(command)
    .addOption(
      option(
        "--unknown-versions <how>",
        "BURSAR_UNKNOWN_VERSIONS",
        "versions Stripe never gave out, read by their date",
      )
        .choices(["refuse", "tolerate"])
        .default("refuse"),
    )
    .addOption(
      option(
        "--stripe-mock",
        "BURSAR_STRIPE_MOCK",
        "in the place of stripe-mock: cus_123 and its likes are made on their first use",
      ),
    )
    .addOption(
      option("--data <folder>", "BURSAR_SANDBOX_DATA", "keep everything in this folder; without it a restart forgets"),
    )
    .addOption(
      option(
        "--fault <rules...>",
        "BURSAR_FAULTS",
        "what goes wrong on purpose: slow,path=/v1/refunds,ms=500,times=3",
      ).argParser(collectFault),
    )
    .addOption(
      option(
        "--fault-seed <number>",
        "BURSAR_FAULT_SEED",
        "makes faults of chance happen alike in every run",
      ).argParser(parseSeed),
    )
    .addOption(
      option("--retries <mode>", "BURSAR_RETRIES", "of webhooks: for three days, or three over a few hours")
        .choices(["live", "test"])
        .default("live"),
    )
    .addOption(settlementOption());
}

/** Which accounts there are, and how they are set up. */
function addAccountOptions(command: Command): Command {
  return command
    .addOption(
      option("--keys <keys...>", "BURSAR_SANDBOX_KEYS", "only these secret keys are accounts").argParser(collectKey),
    )
    .addOption(
      option(
        "--account <pairs...>",
        "BURSAR_SANDBOX_ACCOUNTS",
        "pk_test_a=sk_test_b, for keys of different endings",
      ).argParser(collectPair),
    )
    .addOption(
      option(
        "--api-version <version>",
        "BURSAR_API_VERSION",
        "Stripe-Version of calls that name none; else the one that a start prints",
      ),
    )
    .addOption(
      option(
        "--payment-methods <types...>",
        "BURSAR_PAYMENT_METHODS",
        "what accounts offer from the beginning: card,link,klarna",
      ).argParser(collectType),
    )
    .addOption(option("--country <code>", "BURSAR_COUNTRY", "where accounts are, which decides their currency: DE, GB"))
    .addOption(
      option(
        "--decline-on <checks...>",
        "BURSAR_DECLINE_ON",
        "decline cards that fail a check: cvc_failure,avs_failure",
      ).argParser(collectCheck),
    )
    .addOption(
      option(
        "--billing <settings...>",
        "BURSAR_BILLING",
        "what accounts are set to: numbering=account_level,retries=3+5+7,afterRetries=unpaid,afterDispute=cancel, …",
      ).argParser(collectBilling),
    );
}

/** The flags as createSandbox takes them. */
export function sandboxOptions(flags: SandboxFlags): SandboxOptions {
  const { keys, account, apiVersion, paymentMethods, country, declineOn, fault, faultSeed } = flags;
  return {
    ...(keys && { keys }),
    ...(account && { keyPairs: Object.fromEntries(account.map((pair) => pair.split("=") as [string, string])) }),
    ...(apiVersion && { defaultVersion: apiVersion }),
    tolerateUnknownVersions: flags.unknownVersions === "tolerate",
    ...(paymentMethods && { paymentMethodTypes: paymentMethods }),
    ...(country && { country }),
    ...(declineOn && { declineOn }),
    ...(flags.stripeMock && { stripeMock: true }),
    dataFolder: flags.data,
    ...(fault && { faults: fault }),
    ...(faultSeed !== undefined && { faultSeed }),
    retryPausesMs: flags.retries,
    settlement: flags.settlement,
    ...(flags.billing && { billing: flags.billing }),
  };
}

/** Settings of several numbers. */
const listed: readonly string[] = ["overdueDays", "retries", "willBeDueDays"];

/** `retries=3+5+7`, `upcomingDays=3`: what a setting may be is for the sandbox to say. */
function collectBilling(text: string, before: Partial<BillingSettings> | undefined): Partial<BillingSettings> {
  const settings = collect(text, undefined).map((part) => {
    const [name = "", value = ""] = part.split("=");
    if (!/^[\d.+-]+$/.test(value)) return [name, value];
    const numbers = value.split("+").map(Number);
    return [name, listed.includes(name) ? numbers : numbers[0]];
  });
  return { ...before, ...Object.fromEntries(settings) };
}

/** A repeatable option whose every value has to fit. */
function collecting(pattern: RegExp, what: string) {
  return (text: string, before: readonly string[] | undefined): readonly string[] => {
    const all = collect(text, before);
    const wrong = all.find((one) => !pattern.test(one));
    if (wrong !== undefined)
      throw new InvalidArgumentError(`${/_live_/.test(wrong) ? "A live key" : `"${wrong}"`} ${what}`);
    return all;
  };
}

const collectKey = collecting(/^(sk|rk)_test_\w+$/, "is not a key of a sandbox: one begins with sk_test_ or rk_test_.");
const collectType = collecting(/^[a-z\d_]+$/, "is not a type of payment methods: one reads us_bank_account.");
const collectCheck = collecting(/^(avs|cvc)_failure$/, "is not a check: there are cvc_failure and avs_failure.");
const collectPair = collecting(/^pk_test_\w+=sk_test_\w+$/, "is not a pair: it reads pk_test_shop=sk_test_mine.");
export const collectHost = collecting(
  /^[\w.-]+$|^\[[\da-f:]+\]$/i,
  "is not a host: give its name, without http:// and port.",
);

function parseSeed(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a seed: it is a whole number.`);
  return Number(text);
}

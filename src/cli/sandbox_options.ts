// What a sandbox can be told on the command line, for every command that starts one.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { FaultRule, SandboxOptions, Settlement } from "../sandbox/index.ts";
import { collectFault } from "./faults.ts";
import { collect, settlementOption } from "./options.ts";

export interface SandboxFlags {
  readonly keys?: readonly string[];
  readonly account?: readonly string[];
  readonly apiVersion?: string;
  readonly unknownVersions: "refuse" | "tolerate";
  readonly data?: string;
  readonly fault?: readonly FaultRule[];
  readonly faultSeed?: number;
  readonly retries: "live" | "test";
  readonly settlement: Settlement;
}

export function addSandboxOptions(command: Command): Command {
  const option = (flags: string, env: string, what: string) => new Option(flags, what).env(env);
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
        "--unknown-versions <how>",
        "BURSAR_UNKNOWN_VERSIONS",
        "versions Stripe never gave out, read by their date",
      )
        .choices(["refuse", "tolerate"])
        .default("refuse"),
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

/** The flags as createSandbox takes them. */
export function sandboxOptions(flags: SandboxFlags): SandboxOptions {
  const { keys, account, apiVersion, fault, faultSeed } = flags;
  return {
    ...(keys && { keys }),
    ...(account && { keyPairs: Object.fromEntries(account.map((pair) => pair.split("=") as [string, string])) }),
    ...(apiVersion && { defaultVersion: apiVersion }),
    tolerateUnknownVersions: flags.unknownVersions === "tolerate",
    dataFolder: flags.data,
    ...(fault && { faults: fault }),
    ...(faultSeed !== undefined && { faultSeed }),
    retryPausesMs: flags.retries,
    settlement: flags.settlement,
  };
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
const collectPair = collecting(/^pk_test_\w+=sk_test_\w+$/, "is not a pair: it reads pk_test_shop=sk_test_mine.");
export const collectHost = collecting(
  /^[\w.-]+$|^\[[\da-f:]+\]$/i,
  "is not a host: give its name, without http:// and port.",
);

function parseSeed(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a seed: it is a whole number.`);
  return Number(text);
}

// `bursar calibrate`: plays a fixed set of harmless calls on a Stripe account's test mode and on a sandbox, and writes
// down where they answer differently.
import { writeFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { systemPorts } from "#kit/create_ports.ts";
import { makePrivateFile } from "#kit/files/private.ts";
import { silentLog } from "#kit/log.ts";
import type { Fetch } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import { callLines, type Played, playAll, plays, type Sides } from "../../calibration/index.ts";
import { isLoopback } from "../addresses.ts";
import { isWanted, refuseUnasked } from "../given/ask.ts";
import { parseUrl } from "../options.ts";
import { isLiveKey, stripeApiBase } from "../refusals.ts";
import { untilSignal } from "../shutdown.ts";

interface CalibrateFlags {
  readonly key?: string;
  readonly apiVersion?: string;
  readonly out: string;
  readonly stripeBase: string;
  readonly yes?: boolean;
}

export function registerCalibrate(program: Command): void {
  const option = (flags: string, env: string, what: string) => new Option(flags, what).env(env);
  program
    .command("calibrate")
    .summary("hold the sandbox against a Stripe account in test mode")
    .description(
      "Plays a fixed set of calls on a Stripe account in test mode and on a sandbox of its own, and writes down " +
        "where they answer differently. It names every call first, asks, and takes back what it made.",
    )
    .addOption(option("--key <key>", "BURSAR_CALIBRATE_KEY", "secret key of the account's test mode, sk_test_…"))
    .addOption(
      option("--api-version <version>", "BURSAR_API_VERSION", "Stripe-Version of them all; else the sandbox's own"),
    )
    .addOption(
      option("--out <file>", "BURSAR_CALIBRATE_OUT", "where the differences are written").default("calibration.json"),
    )
    .addOption(
      option("--stripe-base <url>", "BURSAR_CALIBRATE_BASE", "another Stripe on this machine, to try it out")
        .default(stripeApiBase)
        .argParser(parseBase),
    )
    .addOption(option("--yes", "BURSAR_CALIBRATE_YES", "play without asking"))
    .addHelpText(
      "after",
      "\nPayments are made with test cards, and canceled or refunded; customers, products and coupons are deleted.\n" +
        "Webhook endpoints of the account's test mode hear of all that. Neither ids nor names nor addresses are\n" +
        "written, and no key.",
    )
    .action(calibrate);
}

async function calibrate({ key, out, stripeBase, yes, ...flags }: CalibrateFlags): Promise<void> {
  const stripeKey = checkedKey(key);
  // Loaded here, so that --help and the refusals need none of it.
  const { createSandbox } = await import("../../sandbox/index.ts");
  const ports = systemPorts({ log: silentLog() });
  const { apiVersion: defaultVersion } = flags;
  const sandbox = createSandbox({ ...ports, ...(defaultVersion && { defaultVersion }) });
  try {
    const apiVersion = sandbox.defaultVersion;
    process.stdout.write(`${[...callLines(plays), "", notice(stripeBase, apiVersion)].join("\n")}\n`);
    if (!yes) await askFirst();
    openFile(out);
    const ended = new AbortController();
    void untilSignal().then(() => ended.abort());
    const sides: Sides = {
      stripe: { fetch: patiently(ports.fetch), baseUrl: stripeBase, key: stripeKey, apiVersion },
      sandbox: { fetch: sandbox.fetch, baseUrl: "http://127.0.0.1", key: "sk_test_bursar", apiVersion },
    };
    const played = await playAll(sides, plays, ended.signal);
    const { calls, alike, confirmed, contradicted, differences } = played;
    const madeAt = new Date(ports.clock.now()).toISOString();
    const written = { apiVersion, madeAt, calls, alike, confirmed, contradicted, differences };
    writeFileSync(out, `${JSON.stringify(written, null, 2)}\n`);
    process.stdout.write(`${summaryOf(played, out)}\n`);
    if (played.stopped) throw played.stopped;
  } finally {
    await sandbox.close();
  }
}

/** Before anything is played: what was learnt must not be lost because it cannot be written. */
function openFile(out: string): void {
  try {
    makePrivateFile(out);
  } catch (cause) {
    throw problem("invalid_config", `${out} cannot be written.`, {
      hint: "Name a file in a folder that is there and that this user may write to, with --out.",
      cause,
    });
  }
}

/** Longer than Stripe takes for any of these calls. */
const answerMsMax = 60_000;

function patiently(fetch: Fetch): Fetch {
  return (input, init) => fetch(input, { ...init, redirect: "error", signal: AbortSignal.timeout(answerMsMax) });
}

/** No message repeats a key. */
function checkedKey(key: string | undefined): string {
  const hint = "Take the secret key of test mode, sk_test_…, from https://dashboard.stripe.com/test/apikeys.";
  if (!key) throw problem("invalid_config", "There is no key: name one with --key or BURSAR_CALIBRATE_KEY.", { hint });
  if (isLiveKey(key)) throw problem("mode_mismatch", "A live key is never used to calibrate.", { hint });
  if (/^(sk|rk)_test_\w+$/.test(key)) return key;
  throw problem("invalid_config", "The key is not a secret key of test mode.", { hint });
}

/** A key is sent to Stripe or stays on this machine. */
function parseBase(text: string): string {
  const base = parseUrl(text);
  if (base === stripeApiBase || isLoopback(new URL(base).hostname)) return base;
  throw new InvalidArgumentError(`"${text}" is neither ${stripeApiBase} nor on this machine.`);
}

function notice(base: string, apiVersion: string): string {
  return (
    `These calls are made under ${apiVersion} at ${base}, in test mode, and on a sandbox. Payments are by test ` +
    "cards, and are canceled or refunded; customers, products and coupons are deleted. Webhook endpoints of the " +
    "account's test mode hear of all that."
  );
}

async function askFirst(): Promise<void> {
  const hint = "Say --yes (BURSAR_CALIBRATE_YES=1) to play without being asked.";
  refuseUnasked(hint);
  if (!(await isWanted("Play them?"))) throw problem("invalid_config", "Nothing was played.", { hint });
}

function summaryOf({ calls, alike, confirmed, contradicted, left }: Played, out: string): string {
  const lines = [`${calls} calls, ${alike} answered alike; the differences are in ${out}.`];
  if (confirmed.length > 0) lines.push(`Refusals that Stripe says as the sandbox does: ${confirmed.join(", ")}.`);
  if (contradicted.length > 0) lines.push(`Refusals that Stripe says otherwise: ${contradicted.join(", ")}.`);
  if (left.length > 0) lines.push(`Could not be taken back, and is still in test mode: ${left.join(", ")}.`);
  return lines.join("\n");
}

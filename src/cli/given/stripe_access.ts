// How a command reaches Stripe: which one, under which key; said in the same options, refused in the same words. Keys
// come from the environment only: a command line can be read by everybody on the machine.
import { Option } from "commander";
import type { Ports } from "#kit/ports.ts";
import type { Billing } from "../../billing/api/index.ts";
import { makeFolder } from "../data_folder.ts";
import { databaseUrl, parseUrl, portDefaults } from "../options.ts";
import { accessRefusal, isLiveKey, type StripeAccess, stripeApiBase } from "../refusals.ts";

/** Keys that a sandbox takes for an account; they open nothing anywhere else. */
export const sandboxKeys = { secretKey: "sk_test_bursar", publishableKey: "pk_test_bursar" } as const;

export interface StripeFlags {
  readonly stripe: "sandbox" | "api";
  readonly stripeBase?: string;
}

export function stripeOption(): Option {
  return new Option("--stripe <which>", "a sandbox, or the real API")
    .env("BURSAR_STRIPE")
    .choices(["sandbox", "api"])
    .default("sandbox");
}

export function stripeBaseOption(): Option {
  return new Option(
    "--stripe-base <url>",
    `where Stripe answers; without it port ${portDefaults.sandbox} here, or ${stripeApiBase}`,
  )
    .env("BURSAR_STRIPE_BASE")
    .argParser(parseUrl);
}

export function stripeAccess({ stripe, stripeBase }: StripeFlags): StripeAccess {
  const isSandbox = stripe === "sandbox";
  return {
    stripe,
    stripeBase: stripeBase ?? (isSandbox ? `http://127.0.0.1:${portDefaults.sandbox}` : stripeApiBase),
    secretKey: process.env.STRIPE_SECRET_KEY ?? (isSandbox ? sandboxKeys.secretKey : ""),
  };
}

/** For a command that needs no more of Stripe than its key. Throws for what cannot be meant. */
export function commandAccess(flags: StripeFlags): StripeAccess {
  const access = stripeAccess(flags);
  const refusal = accessRefusal(access);
  if (refusal) throw refusal;
  return access;
}

export function whichStripe({ stripe, stripeBase, secretKey }: StripeAccess): string {
  if (stripe === "sandbox") return `Stripe: the sandbox at ${stripeBase}. No real money can move.`;
  return isLiveKey(secretKey)
    ? `Stripe: THE REAL ONE, LIVE MODE, at ${stripeBase}. Real money moves.`
    : `Stripe: the real one in test mode, at ${stripeBase}. No real money moves.`;
}

export interface DatabaseFlags {
  readonly data: string;
  readonly database?: string;
  readonly schema?: string;
}

/**
 * Billing for one command: without workers, webhooks, pages and endpoints, and so without what only those need. What
 * stands for it opens nothing, and nothing of it is stored.
 */
export async function openForCommand(
  access: StripeAccess,
  flags: DatabaseFlags,
  ports: Ports,
): Promise<{ billing: Billing; database: string }> {
  const database = databaseUrl({ ...flags, file: "billing.sqlite" });
  if (!flags.database) makeFolder(flags.data);
  const { secretKey, stripeBase } = access;
  const mode = isLiveKey(secretKey) ? "live" : "test";
  const stripe = { secretKey, publishableKey: `pk_${mode}_none`, webhookSecrets: ["whsec_none"], apiBase: stripeBase };
  const secret = Buffer.alloc(32).toString("hex");
  const { createBilling } = await import("../../billing/index.ts");
  const options = { stripe, database, schema: flags.schema, publicUrl: "https://none.invalid", secret };
  return { billing: await createBilling(options, ports), database };
}

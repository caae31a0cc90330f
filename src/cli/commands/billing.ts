// `bursar billing`: the production half alone, against a sandbox, or with `--stripe api` against Stripe itself.
// Keys come from the environment only: a command line can be read by everybody on the machine.
import { type Command, Option } from "commander";
import { systemPorts } from "#kit/create_ports.ts";
import type { Ports } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import type { Billing, BillingOptions } from "../../billing/api/index.ts";
import { type Listening, listenFetch } from "../addresses.ts";
import { makeFolder } from "../data_folder.ts";
import { devSecrets, keysFile } from "../dev_secrets.ts";
import {
  type DatabaseFlags,
  type StripeFlags,
  sandboxKeys,
  stripeAccess,
  stripeBaseOption,
  stripeOption,
  whichStripe,
} from "../given/stripe_access.ts";
import { type LogStyle, terminalLog } from "../lines/index.ts";
import {
  collect,
  databaseOption,
  databaseUrl,
  dataOption,
  isAskedFor,
  listOption,
  logOption,
  parseUrl,
  portOption,
  printableDatabase,
  schemaOption,
  verboseOption,
} from "../options.ts";
import { type StartSettings, startRefusal } from "../refusals.ts";
import { closeAll, untilSignal } from "../shutdown.ts";
import { registerWebhook } from "../webhook_endpoint.ts";

interface BillingFlags extends StripeFlags, DatabaseFlags {
  readonly port: number;
  readonly host: string;
  readonly publicUrl?: string;
  readonly returnOrigin?: readonly string[];
  readonly allowPrivateTargets?: boolean;
  readonly log: LogStyle;
  readonly verbose?: boolean;
}

export const webhookPath = "/webhooks/stripe";
export const stripeJsPath = "/v3/";

export function registerBilling(program: Command): void {
  program
    .command("billing")
    .summary("start billing alone")
    .description("Starts billing: webhook inbox, REST API and hosted pages, against a sandbox or Stripe itself.")
    .addOption(portOption("port to listen on", { flag: "--port", env: "BURSAR_BILLING_PORT", of: "billing" }))
    .addOption(new Option("--host <address>", "address to listen on").env("BURSAR_BILLING_HOST").default("127.0.0.1"))
    .addOption(
      new Option("--public-url <url>", "address under which browsers reach billing; the one it listens on without it")
        .env("BURSAR_PUBLIC_URL")
        .argParser(parseUrl),
    )
    .addOption(
      listOption("--return-origin <origins...>", "BURSAR_RETURN_ORIGINS", "origins customers may be sent back to"),
    )
    .addOption(stripeOption())
    .addOption(stripeBaseOption())
    .addOption(dataOption())
    .addOption(databaseOption())
    .addOption(schemaOption())
    .addOption(
      new Option("--allow-private-targets", "deliver to private and loopback addresses too; test mode only").env(
        "BURSAR_ALLOW_PRIVATE_TARGETS",
      ),
    )
    .addOption(logOption("json"))
    .addOption(verboseOption("lines with whole ids, not cut to the terminal"))
    .addHelpText("after", environmentHelp)
    .action(runBilling);
}

const environmentHelp = `
Keys, from the environment only:
  STRIPE_SECRET_KEY       sk_test_…, rk_test_…; live keys with --stripe api
  STRIPE_PUBLISHABLE_KEY  pk_… of the same account
  STRIPE_WEBHOOK_SECRET   whsec_…; several, separated by commas. With a sandbox billing registers itself without it
  BURSAR_SECRET           32 bytes in hex or base64, required in live mode: openssl rand -hex 32
  BURSAR_API_KEY          a REST key with every scope that works before any other was made: bk_test_…, bk_live_…`;

async function runBilling(flags: BillingFlags, command: Command): Promise<void> {
  const settings = startSettings(flags);
  const refusal = startRefusal(settings);
  if (refusal) throw refusal;
  const ports = systemPorts({
    log: terminalLog({
      style: flags.log,
      detail: flags.verbose ? "whole" : "short",
      write: (text) => void process.stdout.write(text),
      columns: () => process.stdout.columns,
    }).child({ half: "billing" }),
  });
  const signal = untilSignal();
  say(flags, whichStripe(settings));
  const door = openDoor();
  const listening = await listenFetch(
    { port: flags.port, host: flags.host, isFixed: isAskedFor(command, "port"), flag: "--port" },
    door,
  );
  const billing = await startBilling({ flags, settings, listening, ports }).catch(async (error: unknown) => {
    await listening.close();
    throw error;
  });
  door.open(billing);
  await signal;
  await closeAll([() => listening.close(), () => billing.close()]);
}

async function startBilling(given: {
  flags: BillingFlags;
  settings: StartSettings;
  listening: Listening;
  ports: Ports;
}): Promise<Billing> {
  const { flags, settings, listening, ports } = given;
  const publicUrl = flags.publicUrl ?? listening.url;
  const database = databaseUrl({ ...flags, file: "billing.sqlite" });
  if (!flags.database) makeFolder(flags.data);
  const { secretKey, publishableKey, stripeBase } = settings;
  const webhookSecrets = settings.webhookSecrets.length
    ? settings.webhookSecrets
    : [await registerWebhook({ fetch: ports.fetch, stripeBase, secretKey, url: `${publicUrl}${webhookPath}` })];
  // A sandbox needs no preparation: what is not given is made once and kept beside the database.
  const own = settings.stripe === "sandbox" ? devSecrets(flags.data, ports) : undefined;
  const options: BillingOptions = {
    stripe: {
      secretKey,
      publishableKey,
      webhookSecrets,
      apiBase: stripeBase,
      ...(settings.stripe === "sandbox" && { stripeJsUrl: `${stripeBase}${stripeJsPath}` }),
    },
    database,
    schema: flags.schema,
    publicUrl,
    returnOrigins: flags.returnOrigin ?? [],
    secret: settings.secret ?? own?.secret,
    allowPrivateTargets: settings.allowPrivateTargets,
    bootstrapKey: own?.apiKey ?? process.env.BURSAR_API_KEY,
  };
  // Loaded here, so that --help and the refusals need none of it.
  const { createBilling } = await import("../../billing/index.ts");
  const billing = await createBilling(options, ports);
  await billing.start();
  say(flags, `Billing on ${publicUrl}, database ${printableDatabase(database, flags.schema)}.`);
  if (own) say(flags, `REST API  ${howToCall(flags, publicUrl, own.apiKey)}`);
  if (flags.log === "json") ports.log.info("cli.ready", { url: publicUrl });
  return billing;
}

/** What a machine collects (`--log json`, and the stderr beside it) is read by others: the key stays out of it. */
function howToCall(flags: BillingFlags, publicUrl: string, apiKey: string): string {
  if (flags.log === "json") return `${publicUrl}/v1, with the key in ${keysFile(flags.data)} or of BURSAR_API_KEY`;
  return `curl ${publicUrl}/v1/orders -H "Authorization: Bearer ${apiKey}"`;
}

function startSettings(flags: BillingFlags): StartSettings {
  const { env } = process;
  const isSandbox = flags.stripe === "sandbox";
  return {
    ...stripeAccess(flags),
    publishableKey: env.STRIPE_PUBLISHABLE_KEY ?? (isSandbox ? publishableOf(env.STRIPE_SECRET_KEY) : ""),
    webhookSecrets: webhookSecrets(env.STRIPE_WEBHOOK_SECRET),
    publicUrl: flags.publicUrl ?? `http://${flags.host}:${flags.port}`,
    secret: env.BURSAR_SECRET,
    allowPrivateTargets: flags.allowPrivateTargets ?? isSandbox,
  };
}

/** In a sandbox the publishable key of sk_test_x is pk_test_x. */
function publishableOf(secretKey: string | undefined): string {
  const tail = /^(?:sk|rk)_test_(\S+)$/.exec(secretKey ?? "")?.[1];
  return tail ? `pk_test_${tail}` : sandboxKeys.publishableKey;
}

/** Set but empty is a mistake (a variable that was not filled in), and refused as one. */
function webhookSecrets(given: string | undefined): readonly string[] {
  if (given === undefined) return [];
  const secrets = collect(given, []);
  if (secrets.length > 0) return secrets;
  throw problem("invalid_config", "STRIPE_WEBHOOK_SECRET is set and empty, so nobody's webhook could be believed.", {
    hint: "Give it the endpoint's signing secret (whsec_…), or unset it.",
  });
}

export interface Door extends Pick<Billing, "fetch" | "takeWebhook"> {
  open(billing: Billing): void;
}

/** Answers 503 until billing is there, so that a port can be open and known before. */
export function openDoor(): Door {
  let billing: Billing | undefined;
  return {
    open: (given) => {
      billing = given;
    },
    takeWebhook: (incoming) => billing?.takeWebhook(incoming),
    fetch: async (request, env) =>
      billing
        ? billing.fetch(request, env)
        : new Response("Starting.\n", { status: 503, headers: { "retry-after": "1" } }),
  };
}

function say(flags: BillingFlags, text: string): void {
  (flags.log === "json" ? process.stderr : process.stdout).write(`${text}\n`);
}

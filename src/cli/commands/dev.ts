// `bursar dev` (and `npm start`): a whole world on loopback. A sandbox, billing, and a shop that sells three things.
// It always talks to its own sandbox; a key of the real Stripe in the environment is named and left alone.
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { type Command, Option } from "commander";
import { systemPorts } from "#kit/create_ports.ts";
import type { Log } from "#kit/log.ts";
import type { Shop } from "../../../examples/shop/shop.ts";
import type { BillingOptions } from "../../billing/api/index.ts";
import type { Settlement } from "../../sandbox/index.ts";
import { type Listening, listenFetch, listenServer, type Wanted } from "../addresses.ts";
import { takeFolder } from "../data_folder.ts";
import { type Banner, bannerText } from "../dev/banner.ts";
import { createSteps, isOwnDelivery, type Steps } from "../dev/steps.ts";
import { devSecrets, keysFile } from "../dev_secrets.ts";
import { sandboxKeys } from "../given/stripe_access.ts";
import { type LogStyle, terminalLog } from "../lines/index.ts";
import {
  dataOption,
  embeddedUrl,
  isAskedFor,
  logOption,
  ownDatabase,
  portOption,
  printableDatabase,
  settlementOption,
  verboseOption,
} from "../options.ts";
import { closeAll, untilSignal } from "../shutdown.ts";
import { registerWebhook } from "../webhook_endpoint.ts";
import { type Door, openDoor, stripeJsPath, webhookPath } from "./billing.ts";
import { listenSandbox, logTo } from "./sandbox.ts";

const billingFile = "billing.sqlite";
const shopFile = "shop.sqlite";
const sandboxFolder = "sandbox";

interface DevFlags {
  readonly sandboxPort: number;
  readonly billingPort: number;
  readonly shopPort: number;
  readonly data: string;
  readonly database?: string;
  readonly schema?: string;
  readonly fresh?: boolean;
  readonly settlement: Settlement;
  readonly log: LogStyle;
  readonly verbose?: boolean;
}

export function registerDev(program: Command): void {
  program
    .command("dev")
    .summary("start sandbox, billing and an example shop")
    .description(
      "Starts everything on this machine: a local Stripe, billing, and a shop to buy from. No account needed.",
    )
    .addOption(portOption("port of the example shop", { flag: "--shop-port", env: "BURSAR_SHOP_PORT", of: "shop" }))
    .addOption(portOption("port of billing", { flag: "--billing-port", env: "BURSAR_BILLING_PORT", of: "billing" }))
    .addOption(portOption("port of the sandbox", { flag: "--sandbox-port", env: "BURSAR_SANDBOX_PORT", of: "sandbox" }))
    .addOption(dataOption())
    .addOption(ownDatabase.databaseOption())
    .addOption(ownDatabase.schemaOption())
    .addOption(
      new Option("--fresh", "begin a new world: what the last one left in --data is deleted").env("BURSAR_FRESH"),
    )
    .addOption(settlementOption())
    .addOption(logOption("lines"))
    .addOption(verboseOption("a line for all that happens, not for each step of an order alone; none is cut"))
    .addHelpText(
      "after",
      "\nA port that is taken is replaced by a free one unless you named it. BURSAR_API_KEY sets the REST key.\n" +
        "STRIPE_SECRET_KEY and its siblings are never used here: dev always talks to its own sandbox.\n" +
        `Nor are ${ownDatabase.ignored.join(", ")}: dev has a database of its own.`,
    )
    .action(runDev);
}

async function runDev(flags: DevFlags, command: Command): Promise<void> {
  const signal = untilSignal();
  const closing: (() => unknown)[] = [];
  const output = heldOutput();
  try {
    const log = terminalLog({
      style: flags.log,
      detail: flags.verbose ? "whole" : "steps",
      write: output.write,
      columns: () => process.stdout.columns,
      isLeftOut: isOwnDelivery,
    });
    const say = (text: string) => (flags.log === "json" ? process.stderr : process.stdout).write(`${text}\n`);
    say("Stripe: always the sandbox, here. No account needed, no real money can move.");
    for (const name of ["STRIPE_SECRET_KEY", "STRIPE_API_KEY"].filter((one) => process.env[one])) {
      say(`${name} is set in your environment; it is not used and not sent anywhere.`);
    }
    for (const name of ownDatabase.ignored.filter((one) => process.env[one])) {
      say(`${name} is set in your environment; it is not used: this demonstration has a database of its own.`);
    }
    const world = await openWorld({ flags, command, log, closing });
    const { database, apiKey } = await startBilling({ flags, world, log, closing });
    say(bannerText(bannerOf({ flags, world, database, apiKey })));
    output.release();
    if (flags.log === "json") log.info("cli.ready", addressesOf(world));
  } catch (error) {
    output.release();
    await closeAll(closing);
    throw error;
  }
  await signal;
  await closeAll(closing);
}

/** Keeps lines back until released, so that the addresses come first and what happens after them. */
function heldOutput(): { write(text: string): void; release(): void } {
  let held: string[] | undefined = [];
  return {
    write: (text) => (held ? void held.push(text) : void process.stdout.write(text)),
    release() {
      for (const text of held ?? []) process.stdout.write(text);
      held = undefined;
    },
  };
}

interface World {
  readonly shop: Shop;
  readonly steps: Steps;
  readonly door: Door;
  readonly sandboxAt: Listening;
  readonly billingAt: Listening;
  readonly shopAt: Listening;
}

interface Given {
  readonly flags: DevFlags;
  readonly log: Log;
  /** What is opened here is added in front: the last opened is the first closed. */
  readonly closing: (() => unknown)[];
}

/** Opens all ports before billing starts, so that each part can be told where the others are. */
async function openWorld({ flags, command, log, closing }: Given & { command: Command }): Promise<World> {
  const wanted = (port: number, option: string, flag: string): Wanted => ({
    port,
    host: "127.0.0.1",
    isFixed: isAskedFor(command, option),
    flag,
  });
  const dataFolder = path.join(flags.data, sandboxFolder);
  // What billing and the shop remember of a Stripe that is gone is of no use to anybody.
  const isFresh = flags.fresh === true || !existsSync(dataFolder);
  const files = isEmbedded(flags) ? [billingFile, shopFile] : [shopFile];
  closing.unshift(takeFolder(flags.data, { emptied: isFresh ? files : [] }));
  if (isFresh) rmSync(dataFolder, { recursive: true, force: true });

  // Loaded here, so that --help and the refusals need none of it.
  const { createSandbox } = await import("../../sandbox/index.ts");
  const ports = systemPorts({ log: log.child({ half: "sandbox" }) });
  // Billing says each call itself, with more to it than the sandbox knows.
  const onLine = logTo(ports.log, { isQuiet: (line) => line.kind === "request" });
  const sandbox = createSandbox({ ...ports, onLine, settlement: flags.settlement, dataFolder });
  closing.unshift(() => sandbox.close());
  const sandboxAt = await listenSandbox(sandbox, wanted(flags.sandboxPort, "sandboxPort", "--sandbox-port"));
  closing.unshift(() => sandboxAt.close());
  sandbox.start();

  const { createShopServer } = await import("../../../examples/shop/server.ts");
  const { openShop } = await import("../../../examples/shop/shop.ts");
  const shopLog = log.child({ half: "shop" });
  const steps = createSteps();
  const shop = openShop(path.join(flags.data, shopFile), (orderId) => steps.packed(orderId, shopLog));
  closing.unshift(() => shop.close());

  const door = openDoor();
  const billingAt = await listenFetch(wanted(flags.billingPort, "billingPort", "--billing-port"), door);
  closing.unshift(() => billingAt.close());
  let shopUrl = "";
  const shopServer = createShopServer(shop, () => shopUrl);
  const shopAt = await listenServer(wanted(flags.shopPort, "shopPort", "--shop-port"), shopServer);
  shopUrl = shopAt.url;
  closing.unshift(() => shopAt.close());
  return { shop, steps, door, sandboxAt, billingAt, shopAt };
}

async function startBilling(given: Given & { world: World }): Promise<{ database: string; apiKey: string }> {
  const { flags, world, log, closing } = given;
  const ports = systemPorts({ log: log.child({ half: "billing" }) });
  const database = flags.database ?? embeddedUrl(flags.data, billingFile);
  const { apiKey, secret } = devSecrets(flags.data, ports);
  const stripeBase = world.sandboxAt.url;
  const url = `${world.billingAt.url}${webhookPath}`;
  const { secretKey } = sandboxKeys;
  const webhookSecret = await registerWebhook({ fetch: ports.fetch, stripeBase, secretKey, url, isOnlyOne: true });
  const options: BillingOptions = {
    stripe: {
      ...sandboxKeys,
      webhookSecrets: [webhookSecret],
      apiBase: stripeBase,
      stripeJsUrl: `${stripeBase}${stripeJsPath}`,
    },
    database,
    schema: flags.schema,
    publicUrl: world.billingAt.url,
    returnOrigins: [world.shopAt.url],
    secret,
    allowPrivateTargets: true,
    bootstrapKey: apiKey,
  };
  const [{ connectBilling }, { factTypes }] = await Promise.all([
    import("../../../examples/shop/billing.ts"),
    import("../../billing/index.ts"),
  ]);
  const billing = await connectBilling(world.shop, options, ports);
  // Nobody is let in any more before billing itself is closed; the doors' own closing later finds them closed.
  closing.unshift(
    () => world.shopAt.close(),
    () => world.billingAt.close(),
    () => billing.close(),
  );
  world.steps.listenTo(billing, factTypes, ports.log);
  world.door.open(billing);
  return { database: printableDatabase(database, flags.schema), apiKey };
}

const addressesOf = ({ shopAt, billingAt, sandboxAt }: World) => ({
  shop: shopAt.url,
  billing: billingAt.url,
  sandbox: sandboxAt.url,
});

function bannerOf(given: { flags: DevFlags; world: World; database: string; apiKey: string }): Banner {
  const { flags, world, database, apiKey } = given;
  const isForMachines = flags.log === "json";
  return {
    ...addressesOf(world),
    stripeKey: sandboxKeys.secretKey,
    database,
    data: flags.data,
    rest: isForMachines ? { keysFile: keysFile(flags.data) } : { key: apiKey },
    command: process.env.npm_lifecycle_event === "start" ? "npm start --" : "bursar dev",
    below: flags.verbose ? "All that happens is said below." : "Each step is a line below; --verbose says more.",
  };
}

const isEmbedded = (flags: DevFlags): boolean => flags.database === undefined;

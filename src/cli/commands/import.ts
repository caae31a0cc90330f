// `bursar import`: takes in what an account has at Stripe already, on the first day with Bursar.
import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { problem } from "#kit/problems.ts";
import type { Billing, IdSource, ImportReport } from "../../billing/api/index.ts";
import {
  commandAccess,
  type DatabaseFlags,
  openForCommand,
  type StripeFlags,
  stripeBaseOption,
  stripeOption,
  whichStripe,
} from "../given/stripe_access.ts";
import { progressTo } from "../lines/index.ts";
import { databaseOption, dataOption, printableDatabase, schemaOption } from "../options.ts";
import { untilSignal } from "../shutdown.ts";

interface ImportFlags extends StripeFlags, DatabaseFlags {
  readonly idFrom?: string;
  readonly ids?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function registerImport(program: Command): void {
  program
    .command("import")
    .summary("take in an account that is at Stripe already")
    .description(
      "Takes in the customers of a Stripe account, under your own ids, and what hangs on them. It only reads at " +
        "Stripe. Stopped, or killed, it goes on when it is given again; given once more it finds nothing new.",
    )
    .addOption(
      new Option("--id-from <where>", "where your id of a Customer stands: metadata:NAME")
        .env("BURSAR_IMPORT_ID_FROM")
        .argParser(parseIdFrom),
    )
    .addOption(
      new Option("--ids <file>", "a file of them instead: CSV, stripe_customer_id,host_id in its first line").env(
        "BURSAR_IMPORT_IDS",
      ),
    )
    .addOption(new Option("--dry-run", "read and report, take nothing in").env("BURSAR_IMPORT_DRY_RUN"))
    .addOption(new Option("--json", "the report as data").env("BURSAR_IMPORT_JSON"))
    .addOption(stripeOption())
    .addOption(stripeBaseOption())
    .addOption(dataOption())
    .addOption(databaseOption())
    .addOption(schemaOption())
    .addHelpText("after", afterHelp)
    .action(runImport);
}

const afterHelp = `
The key comes from the environment only: STRIPE_SECRET_KEY, sk_test_… or rk_test_…; live keys with --stripe api. A
restricted key needs to read what it lists: customers, payment methods, charges, disputes, products, prices, events.
The database is that of bursar billing, which may run meanwhile, or begin afterwards.

Exit codes: 0 it went through, whatever it says of customers that could not be placed; 1 it could not be done.`;

/** Of the option's own kind; the name is checked by the import. */
function parseIdFrom(text: string): string {
  const name = /^metadata:(.+)$/.exec(text)?.[1];
  if (name !== undefined) return name;
  throw new InvalidArgumentError(`"${text}" is not metadata:NAME, such as metadata:user_id.`);
}

async function runImport(flags: ImportFlags): Promise<void> {
  const idFrom = idSource(flags);
  const access = commandAccess(flags);
  const ports = systemPorts({ log: silentLog() });
  // What a program reads is the report alone.
  const say = (text: string) => void (flags.json ? process.stderr : process.stdout).write(`${text}\n`);
  say(whichStripe(access));
  const { billing, database } = await openForCommand(access, flags, ports);
  try {
    say(`Database ${printableDatabase(database, flags.schema)}. Nothing is written at Stripe.`);
    const report = await importInto(billing, idFrom, flags);
    process.stdout.write(`${flags.json ? JSON.stringify(report, null, 2) : `\n${report.text}`}\n`);
  } finally {
    await billing.close();
  }
}

function idSource({ idFrom, ids }: ImportFlags): IdSource {
  if ((idFrom === undefined) === (ids === undefined)) {
    throw problem("invalid_config", "Say where your ids of the customers stand.", {
      hint: "--id-from metadata:NAME (BURSAR_IMPORT_ID_FROM), or --ids FILE (BURSAR_IMPORT_IDS): one of them.",
    });
  }
  return idFrom === undefined ? { csv: readIdsFile(ids ?? "") } : { metadata: idFrom };
}

function readIdsFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw problem("invalid_config", `${file} cannot be read.`, {
      hint: "Name a file of ids with --ids (BURSAR_IMPORT_IDS).",
      cause,
    });
  }
}

async function importInto(billing: Billing, idFrom: IdSource, { dryRun = false }: ImportFlags): Promise<ImportReport> {
  const progress = progressTo(process.stderr);
  const stopped = new AbortController();
  const stop = problem("unavailable", "Stopped before the end.", {
    hint: "Nothing is lost: the same command goes on where it stood.",
  });
  void untilSignal().then(() => stopped.abort(stop));
  try {
    return await billing.import({ idFrom, dryRun, onProgress: progress.hear, signal: stopped.signal });
  } finally {
    progress.end();
  }
}

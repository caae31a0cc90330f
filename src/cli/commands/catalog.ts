// `bursar catalog`: shows what of Stripe is not as a catalog in a file says, and makes it so.
//
// Exit codes: 0 there is nothing to do, or it was done; 1 it could not be; and of plan 2: there is something to do. So
// a command line that is not understood is 1 here (decision 50).
import { Argument, type Command, Option } from "commander";
import { secondMs } from "#kit/clock.ts";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import type { Ports } from "#kit/ports.ts";
import { isProblem, problem } from "#kit/problems.ts";
import type { Billing, Catalog, CatalogPlan, CatalogProgress, Outcome } from "../../billing/api/index.ts";
import { isWanted, refuseUnasked } from "../given/ask.ts";
import { readCatalogFile } from "../given/catalog_file.ts";
import {
  commandAccess,
  type DatabaseFlags,
  openForCommand,
  type StripeFlags,
  stripeBaseOption,
  stripeOption,
  whichStripe,
} from "../given/stripe_access.ts";
import { databaseOption, dataOption, printableDatabase, schemaOption } from "../options.ts";

interface CatalogFlags extends StripeFlags, DatabaseFlags {
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly wait: number;
}

const waitSeconds = 300;
const unasked = "Say --yes (BURSAR_CATALOG_YES) to apply without being asked, as a deploy does.";

export function registerCatalog(program: Command): void {
  program
    .command("catalog")
    .summary("show what Stripe lacks of a catalog, and apply it")
    .description(
      "plan: shows what of Stripe is not as the catalog in FILE says. apply: makes it so, one change after another. " +
        "FILE is a module whose default or catalog export is of defineCatalog(), or JSON; catalog.ts or " +
        "bursar.catalog.ts without it.",
    )
    .addArgument(new Argument("<what>", "plan or apply").choices(["plan", "apply"]))
    .argument("[file]", "where the catalog stands: .ts, .mts, .js, .mjs or .json")
    .addOption(stripeOption())
    .addOption(stripeBaseOption())
    .addOption(dataOption())
    .addOption(databaseOption())
    .addOption(schemaOption())
    .addOption(new Option("--json", "the plan, or the outcome, as data").env("BURSAR_CATALOG_JSON"))
    .addOption(new Option("--yes", "apply without asking, as a deploy does").env("BURSAR_CATALOG_YES"))
    .addOption(
      new Option("--wait <seconds>", "how long apply waits for Stripe, and for another deploy")
        .env("BURSAR_CATALOG_WAIT")
        .default(waitSeconds)
        .argParser(Number),
    )
    .addHelpText("after", afterHelp)
    .action(runCatalog);
}

const afterHelp = `
The key comes from the environment only: STRIPE_SECRET_KEY, sk_test_… or rk_test_…; live keys with --stripe api.
The database is that of bursar billing.

Exit codes: 0 nothing is to be done, or it was done; 1 it could not be; 2 plan found something to do.`;

interface Session {
  readonly billing: Billing;
  readonly catalog: Catalog;
  readonly flags: CatalogFlags;
  readonly ports: Ports;
  /** For people: beside the data, where there is data. */
  say(text: string): void;
}

async function runCatalog(what: "plan" | "apply", named: string | undefined, flags: CatalogFlags): Promise<void> {
  // A question is asked where people read, and the data is for a program.
  if (what === "apply" && flags.json && !flags.yes) {
    throw problem("invalid_config", "With --json nobody is asked.", { hint: unasked });
  }
  const say = (text: string) => void (flags.json ? process.stderr : process.stdout).write(`${text}\n`);
  if (!(flags.wait >= 0)) throw problem("invalid_config", "--wait is a number of seconds.");
  if (what === "apply" && !flags.yes) refuseUnasked(unasked);
  const access = commandAccess(flags);
  say(whichStripe(access));
  const { file, catalog } = await readCatalogFile(named);
  const ports = systemPorts({ log: silentLog() });
  const { billing, database } = await openForCommand(access, flags, ports);
  try {
    say(`Catalog: ${file}, database ${printableDatabase(database, flags.schema)}.`);
    const session = { billing, catalog, flags, ports, say };
    const shown = what === "plan" ? await showPlan(session) : await apply(session);
    if (flags.json) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  } catch (error) {
    throw isProblem(error, "invalid_params") ? ofFile(file, error.message, error.hint) : error;
  } finally {
    await billing.close();
  }
}

function ofFile(file: string, message: string, hint: string | undefined) {
  return problem("invalid_params", `${file}: ${message}`, { hint });
}

async function showPlan({ billing, catalog, say, flags }: Session): Promise<CatalogPlan> {
  const plan = await billing.catalog.plan(catalog);
  if (!flags.json) say(`\n${plan.text}`);
  if (!isDone(plan)) process.exitCode = 2;
  return plan;
}

function isDone({ changes, isApplied }: CatalogPlan): boolean {
  return changes.length === 0 && isApplied;
}

/** What was agreed on is applied, and nothing else: when Stripe was changed meanwhile, it is shown and asked again. */
async function apply(session: Session): Promise<Outcome<CatalogPlan>> {
  const { billing, catalog, flags, say } = session;
  for (;;) {
    const plan = await billing.catalog.plan(catalog);
    say(`\n${plan.text}`);
    if (plan.changes.length > 0 && !flags.yes && !(await isWanted(question(plan)))) {
      throw problem("invalid_config", "Nothing was applied.", { hint: unasked });
    }
    try {
      const outcome = await applyPatiently(session, flags.yes ? undefined : plan.digest);
      if (outcome.outcome === "done") say(doneText(outcome.value));
      return outcome;
    } catch (error) {
      if (flags.yes || !isProblem(error, "conflict")) throw error;
      say(`${error.message}. This is what is left:`);
    }
  }
}

async function applyPatiently({ billing, catalog, flags, ports, say }: Session, ifPlan: string | undefined) {
  const untilMs = ports.clock.monotonicMs() + flags.wait * secondMs;
  const changed = new Map<string, CatalogProgress["change"]>();
  const onChange = ({ change, n, of }: CatalogProgress) => {
    changed.set(`${n} of ${of}`, change);
    say(`  ${n} of ${of}  ${change.action} ${change.kind} ${change.name}`);
  };
  for (let isFirst = true; ; isFirst = false) {
    // After the first time it is our own run, or another one, that is brought to its end; then what is left is done.
    const outcome = await billing.catalog.apply(catalog, { ...(isFirst && ifPlan && { ifPlan }), onChange });
    if (outcome.outcome !== "processing") return outcome;
    if (ports.clock.monotonicMs() > untilMs) {
      throw problem("unavailable", `Operation ${outcome.operationId} has not ended after ${flags.wait} seconds.`, {
        hint:
          "It goes on by itself while billing runs; apply the catalog again to see what is left. --wait " +
          "(BURSAR_CATALOG_WAIT) is how long it is waited for.",
      });
    }
    say(`Waiting for operation ${outcome.operationId}: Stripe has not answered yet, or another deploy is at work.`);
    await ports.clock.sleep(secondMs);
  }
}

function doneText({ namespace, changes }: CatalogPlan): string {
  const count = changes.length === 1 ? "1 change" : `${changes.length} changes`;
  return `\nDone: ${count}. Stripe is as the catalog ${namespace} says.`;
}

function question({ changes }: CatalogPlan): string {
  return changes.length === 1 ? "Apply this change?" : `Apply these ${changes.length} changes?`;
}

// `bursar adopt`: says what a database is that was moved or copied, once, before billing starts on it again.
import { type Command, Option } from "commander";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { databaseOption, databaseUrl, dataOption, printableDatabase, schemaOption } from "../options.ts";

interface AdoptFlags {
  readonly as: "moved" | "copy";
  readonly data: string;
  readonly database?: string;
  readonly schema?: string;
}

export function registerAdopt(program: Command): void {
  program
    .command("adopt")
    .summary("say that billing's database was moved or copied")
    .description("Makes a moved or copied database usable where it is now. Run it once, while billing does not run.")
    .addOption(
      new Option(
        "--as <what>",
        "moved: the original is gone, go on here. copy: the original lives on, send nothing of it",
      )
        .env("BURSAR_ADOPT_AS")
        .choices(["moved", "copy"])
        .makeOptionMandatory(),
    )
    .addOption(dataOption())
    .addOption(databaseOption())
    .addOption(schemaOption())
    .action(adopt);
}

async function adopt(flags: AdoptFlags): Promise<void> {
  const database = databaseUrl({ ...flags, file: "billing.sqlite" });
  const { adoptDatabase } = await import("../../billing/index.ts");
  const ports = systemPorts({ log: silentLog() });
  const { instance } = await adoptDatabase({ database, schema: flags.schema, as: flags.as }, ports);
  const what = flags.as === "moved" ? "goes on as" : "is an installation of its own now:";
  process.stdout.write(`${printableDatabase(database, flags.schema)} ${what} ${instance}.\n`);
}

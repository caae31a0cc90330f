// The `bursar` command. Each verb is one file in commands/; this one knows how they fail.
// Exit codes: 0 done, 1 it could not be done, 2 the command line was not understood, or as a command says.
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { isProblem } from "#kit/problems.ts";
import { inWords } from "#kit/words.ts";
import { wordsOf } from "./options.ts";

/** In the order of the help. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  dev: async () => (await import("./commands/dev.ts")).registerDev,
  sandbox: async () => (await import("./commands/sandbox.ts")).registerSandbox,
  billing: async () => (await import("./commands/billing.ts")).registerBilling,
  exec: async () => (await import("./commands/exec.ts")).registerExec,
  calibrate: async () => (await import("./commands/calibrate.ts")).registerCalibrate,
  catalog: async () => (await import("./commands/catalog.ts")).registerCatalog,
  import: async () => (await import("./commands/import.ts")).registerImport,
  adopt: async () => (await import("./commands/adopt.ts")).registerAdopt,
};

export async function main(argv: readonly string[]): Promise<number> {
  const program = await createProgram(argv[0]);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return Number(process.exitCode ?? 0); // exec hands on its program's.
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 || argv.length === 0 ? 0 : misuse(argv[0]);
    const running = program.commands.find((command) => command.name() === argv[0]);
    process.stderr.write(`${inWords(describeFailure(error), wordsOf(running))}\n`);
    return 1;
  }
}

/** Where 2 is an answer, a command line that is not understood must not look like it. */
function misuse(command: string | undefined): number {
  return command === "catalog" ? 1 : 2;
}

/** The command that is named is loaded alone; the help, and a misspelt name, need all. */
export async function createProgram(name = ""): Promise<Command> {
  const program = new Command("bursar")
    .description("The billing backend between an existing system and Stripe, and a local Stripe to prove it against.")
    .version(packageVersion(), "-v, --version")
    .showHelpAfterError("(add --help for what there is)")
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ sortSubcommands: false });
  const named = Object.hasOwn(commands, name) ? commands[name] : undefined;
  for (const load of named ? [named] : Object.values(commands)) (await load())(program);
  return program;
}

/** What went wrong and what to do; the stack only for what nobody foresaw. */
function describeFailure(error: unknown): string {
  if (isProblem(error)) return `bursar: ${error.message}${error.hint ? `\n  ${error.hint}` : ""}`;
  return `bursar: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function packageVersion(): string {
  const manifest: { version?: string } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return manifest.version ?? "0.0.0";
}

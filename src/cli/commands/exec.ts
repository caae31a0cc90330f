// `bursar exec -- <command>`: runs a Node program whose code has api.stripe.com in it against a sandbox of its own.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { problem } from "#kit/problems.ts";
import { isNodeProgram } from "../node_program.ts";
import { addSandboxOptions, type SandboxFlags, sandboxOptions } from "../sandbox_options.ts";

export function registerExec(program: Command): void {
  const command = program
    .command("exec")
    .summary("run a Node program against a sandbox of its own")
    .description("Runs a Node program; what it sends to api.stripe.com is answered by a sandbox of its own.")
    .argument("<command...>", "the program and its arguments, after --");
  addSandboxOptions(command)
    .addHelpText(
      "after",
      "\n  bursar exec -- node server.js\n  bursar exec --data ./var/stripe -- npm test\n\n" +
        "Every other way to stripe.com is shut for the program and for the Node programs that it starts.\n" +
        "It does not start beside a live key (sk_live_, rk_live_) in the environment.\n\n" +
        "Programs in other languages are not rerouted. In their environment BURSAR_EXEC_URL is the address to use:\n" +
        `${sdkLines.map((line) => `  ${line}`).join("\n")}\n`,
    )
    .action(runExec);
}

async function runExec([command = "", ...rest]: string[], flags: SandboxFlags): Promise<void> {
  refuseLiveKeys(process.env);
  // Loaded here, so that --help and the refusals need none of it.
  const { createSandbox } = await import("../../sandbox/index.ts");
  const sandbox = createSandbox({ ...systemPorts({ log: silentLog() }), ...sandboxOptions(flags) });
  const { url } = await sandbox.listen({ port: 0 });
  try {
    const onStart = () => {
      if (!isNodeProgram(command, process.env)) process.stderr.write(foreignNotice(command, url));
    };
    process.exitCode = await run(command, rest, { env: { ...process.env, ...guardedEnv(process.env, url) }, onStart });
  } finally {
    await sandbox.close();
  }
}

/**
 * How each official SDK is told another address. None of them reads one from the environment by itself
 * (https://github.com/stripe: stripe-php issue 463, stripe-go issue 532, stripe-java's Stripe.overrideApiBase, the wiki
 * of stripe-dotnet; Python's is played by test/sdks).
 */
const sdkLines = [
  'Python  stripe.api_base = os.environ["BURSAR_EXEC_URL"]',
  'Ruby    Stripe.api_base = ENV["BURSAR_EXEC_URL"]',
  'PHP     \\Stripe\\Stripe::$apiBase = getenv("BURSAR_EXEC_URL");',
  'Java    Stripe.overrideApiBase(System.getenv("BURSAR_EXEC_URL"));',
  "Go      stripe.SetBackend(stripe.APIBackend, …) with that URL in its BackendConfig",
  ".NET    new StripeClient(key, apiBase: …)",
];

function foreignNotice(command: string, url: string): string {
  return [
    `bursar exec: ${command} is not a Node program, so what it sends to Stripe itself is NOT rerouted; Node programs ` +
      "that it starts are.",
    `  Tell its SDK the sandbox's address, ${url}, which is BURSAR_EXEC_URL in its environment:`,
    ...sdkLines.map((line) => `    ${line}`),
    "",
  ].join("\n");
}

/** A program that holds a live key is one mistake away from real money. */
function refuseLiveKeys(env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(env)) {
    if (!/\b(sk|rk)_live_/.test(value ?? "")) continue;
    throw problem("mode_mismatch", `${name} holds a live key of Stripe's; exec starts nothing beside one.`, {
      hint: `Unset ${name}, or give it a test key, then run the command again.`,
    });
  }
}

/**
 * Node loads the guard before the program, and so do the Node programs that it starts. By --require: threads whose code
 * is a text leave --import out.
 */
function guardedEnv(env: NodeJS.ProcessEnv, url: string): Record<string, string> {
  const here = fileURLToPath(import.meta.url);
  const guard = path.join(path.dirname(here), `../exec_guard${path.extname(here)}`);
  return { BURSAR_EXEC_URL: url, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ""} --require=${JSON.stringify(guard)}`.trim() };
}

/** Answers the program's exit code, as a shell has it: 128 and the signal's number when one ended it. */
function run(
  command: string,
  values: readonly string[],
  { env, onStart }: { env: NodeJS.ProcessEnv; onStart: () => void },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, values, { stdio: "inherit", env }).once("spawn", onStart);
    // A terminal's Ctrl-C reaches the program too; a SIGTERM reaches this process alone. The sandbox outlives both.
    const ignore = () => {};
    const handDown = () => child.kill("SIGTERM");
    process.on("SIGINT", ignore).on("SIGTERM", handDown);
    const done = () => process.off("SIGINT", ignore).off("SIGTERM", handDown);
    child.once("error", (cause) => {
      done();
      const hint = "Is it installed, and spelt as here? Everything after -- is the program and its arguments.";
      reject(problem("invalid_config", `The program ${command} could not be started.`, { hint, cause }));
    });
    child.once("exit", (code, signal) => {
      done();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

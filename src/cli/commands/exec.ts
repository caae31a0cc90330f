// `bursar exec -- <command>`: runs a Node program whose code has api.stripe.com in it against a sandbox of its own.
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { problem } from "#kit/problems.ts";

export function registerExec(program: Command): void {
  program
    .command("exec")
    .summary("run a Node program against a sandbox of its own")
    .description("Runs a Node program; what it sends to api.stripe.com is answered by a sandbox of its own.")
    .argument("<command...>", "the program and its arguments, after --")
    .action(runExec);
}

async function runExec([command = "", ...rest]: string[]): Promise<void> {
  refuseLiveKeys(process.env);
  // Loaded here, so that --help and the refusals need none of it.
  const { createSandbox } = await import("../../sandbox/index.ts");
  const sandbox = createSandbox(systemPorts({ log: silentLog() }));
  const { url } = await sandbox.listen({ port: 0 });
  try {
    process.exitCode = await run(command, rest, { ...process.env, ...guardedEnv(process.env, url) });
  } finally {
    await sandbox.close();
  }
}

/** A program that holds a live key is one mistake away from real money. */
export function refuseLiveKeys(env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(env)) {
    if (!/\b(sk|rk)_live_/.test(value ?? "")) continue;
    throw problem("mode_mismatch", `${name} holds a live key of Stripe's; exec starts nothing beside one.`, {
      hint: `Unset ${name}, or give it a test key, then run the command again.`,
    });
  }
}

/** Node loads the guard before the program, and so do the Node programs that it starts. */
export function guardedEnv(env: NodeJS.ProcessEnv, url: string): Record<string, string> {
  const here = fileURLToPath(import.meta.url);
  const guard = new URL(`../exec_guard${path.extname(here)}`, import.meta.url);
  return { BURSAR_EXEC_URL: url, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ""} --import=${guard.href}`.trim() };
}

function run(command: string, values: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, values, { stdio: "inherit", env });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

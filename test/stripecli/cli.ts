// Runs the official Stripe CLI as its package brings it, in a home of its own, against a sandbox's TCP port or socket.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { until } from "#kit/testing.ts";

/** The binary lies in a package of its own for each platform; undefined where npm has none. */
export function findBinary(): string | undefined {
  const name = process.platform === "win32" ? "stripe.exe" : "stripe";
  const folder = path.resolve(
    import.meta.dirname,
    `../../node_modules/@stripe/cli-${process.platform}-${process.arch}`,
  );
  const binary = path.join(folder, "bin", name);
  return existsSync(binary) ? binary : undefined;
}

/** How a CLI finds the sandbox. */
export type Door = { readonly socketPath: string } | { readonly apiBase: string };

export interface Finished {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly text: string;
}

export interface Background {
  readonly text: () => string;
  /** Resolves with the match once the output has it. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

export interface Cli {
  readonly home: string;
  run(...args: string[]): Promise<Finished>;
  start(...args: string[]): Background;
  close(): Promise<void>;
}

const patienceMs = 20_000;
const pollMs = 20;

export function openCli(binary: string, key: string, door: Door): Cli {
  const home = mkdtempSync(path.join(tmpdir(), "bursar-stripecli-"));
  const running = new Set<Background>();
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_CONFIG_HOME: home,
    STRIPE_API_KEY: key,
    STRIPE_CLI_TELEMETRY_OPTOUT: "1",
    STRIPE_NO_AUTO_UPDATE: "1",
    ...("socketPath" in door && { STRIPE_CLI_UNIX_SOCKET: door.socketPath }),
  };
  const base = "apiBase" in door ? ["--api-base", door.apiBase] : [];
  const launch = (args: readonly string[]) =>
    collect(spawn(binary, [...args, ...base], { env, cwd: home, stdio: ["ignore", "pipe", "pipe"] }));
  return {
    home,
    async run(...args) {
      const { child, text, ended } = launch(args);
      const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      const code = await ended;
      clearTimeout(timer);
      return { code, text: text() };
    },
    start(...args) {
      const { child, text, ended } = launch(args);
      const background: Background = {
        text,
        until: (pattern) =>
          eventually(
            `${pattern} in the output`,
            () => {
              const found = pattern.exec(text());
              if (!found && child.exitCode !== null) throw new Error(`The CLI ended without ${pattern}: ${text()}`);
              return found ?? undefined;
            },
            text,
          ),
        async stop() {
          running.delete(background);
          child.kill("SIGKILL");
          await ended;
        },
      };
      running.add(background);
      return background;
    },
    async close() {
      for (const background of running) await background.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Asks again until there is something. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  explain: () => string = () => "",
): Promise<T> {
  let found: T | undefined;
  const isThere = async () => {
    found = await look();
    return found !== undefined;
  };
  await until(() => `${what}. ${explain()}`, isThere, { pauseMs: pollMs, maxMs: patienceMs });
  return found as T; // Without one, it is not here.
}

function collect(child: ChildProcess): { child: ChildProcess; text: () => string; ended: Promise<number | null> } {
  let text = "";
  const add = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { child, text: () => text, ended };
}

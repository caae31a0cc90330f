// For this folder's tests: `bursar dev` as a process, and a customer of its shop.
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { until as untilHolds } from "#kit/testing.ts";

const bin = fileURLToPath(new URL("../../bin/bursar.js", import.meta.url));

/** Somebody with a browser's cookie. */
export async function newCustomer(shop: string) {
  const first = await fetch(shop);
  await first.text();
  const headers = { cookie: first.headers.get("set-cookie")?.split(";")[0] ?? "" };
  const post = (route: string, form: Record<string, string>) =>
    fetch(shop + route, { method: "POST", headers, body: new URLSearchParams(form), redirect: "manual" });
  return {
    page: async (route: string) => (await fetch(shop + route, { headers })).text(),
    /** Puts one product in the cart, orders it, and answers where the shop sends the customer. */
    async order(product: string): Promise<string> {
      await post("/cart", { product });
      const answer = await post("/orders", {});
      assert.equal(answer.status, 303, await answer.text());
      return answer.headers.get("location") ?? "";
    },
  };
}

/** Starts the command as a process of its own; what it still runs at the end of the test is killed. */
export function startBursar(
  t: TestContext,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  { command = [process.execPath, bin], cwd }: { command?: readonly string[]; cwd?: string | undefined } = {},
) {
  const [program = "", ...before] = command;
  // A process group of its own, so that a signal reaches what npx started too, as a terminal's Ctrl-C does.
  const child = spawn(program, [...before, ...argv], {
    cwd,
    env: { ...strangersEnvironment(), ...env },
    detached: true,
  });
  const signalAll = (signal: NodeJS.Signals) => process.kill(-(child.pid ?? Number.NaN), signal);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  let isOver = false;
  // Not before everything that it started has let go of its output.
  const ended = once(child, "close").then(([code]) => {
    isOver = true;
    return code as number | null;
  });
  t.after(() => {
    if (!isOver) signalAll("SIGKILL");
  });
  const { output, errors } = collect(child);
  return {
    output,
    errors,
    /** The exit code, once it and everything that it started is gone. */
    ended,
    /** What somebody types. */
    write: (text: string) => child.stdin.write(text),
    /** Signals the one process alone, as a supervisor does. */
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    /** Waits for the pattern in what it prints and answers its first group. */
    async find(pattern: RegExp): Promise<string> {
      await until(String(pattern), async () => {
        assert.ok(isRunning(), `it ended: ${output()}${errors()}`);
        return pattern.test(output());
      });
      return pattern.exec(output())?.[1] ?? "";
    },
    async end(signal: NodeJS.Signals): Promise<number | null> {
      signalAll(signal);
      return ended;
    },
  };
}

/**
 * Runs the program that follows in a terminal of 80 columns; SIGINT is Ctrl-C in it. Node cannot make a terminal, and
 * Python can on every Unix.
 */
const terminalProgram = `
import fcntl, os, pty, signal, struct, sys, termios, threading
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGINT, lambda *_: os.write(terminal, b"\\x03"))
def typed():
    while chunk := os.read(0, 65536):
        os.write(terminal, chunk)
threading.Thread(target=typed, daemon=True).start()
try:
    while chunk := os.read(terminal, 65536):
        os.write(1, chunk)
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;
/** The command for `startBursar`, or undefined where there is no Python. */
export function inTerminal(): readonly string[] | undefined {
  if (spawnSync("python3", ["-c", "import fcntl, pty, termios"]).status !== 0) return undefined;
  return ["python3", "-c", terminalProgram, process.execPath, bin];
}

/** This process's environment with nothing of ours in it. */
export function strangersEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(BURSAR_|STRIPE_|DATABASE_URL)/.test(name));
  return Object.fromEntries(kept);
}

/** Starts `bursar dev` on free ports and waits for its banner. */
export async function startDev(
  t: TestContext,
  given: {
    data?: string;
    env?: NodeJS.ProcessEnv;
    command?: readonly string[];
    cwd?: string;
    more?: readonly string[];
  } = {},
) {
  const { data = newFolder(t), env = {}, more = [], ...where } = given;
  const argv = ["dev", "--sandbox-port", "0", "--billing-port", "0", "--shop-port", "0", "--data", data, ...more];
  const dev = startBursar(t, argv, env, where);
  await dev.find(/(Ctrl-C) ends it/);
  const address = (name: string) => dev.find(new RegExp(`${name} +(http://\\S+)`));
  const [shop, billing, sandbox] = [await address("Shop"), await address("Billing"), await address("Sandbox")];
  const key = await dev.find(/Bearer (bk_test_[\w-]+)/);
  const json = async <T>(url: string, init: RequestInit) => (await (await fetch(url, init)).json()) as T;
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  /** A GET, or a POST of the body. */
  const rest = <T>(route: string, body?: object) =>
    json<T>(billing + route, { headers, ...(body && { method: "POST", body: JSON.stringify(body) }) });
  return {
    ...dev,
    rest,
    shop,
    billing,
    sandbox,
    /** Ports of this world, for a start that goes on in it. */
    ports: [shop, billing, sandbox].flatMap((url, index) => [
      `--${["shop", "billing", "sandbox"][index]}-port`,
      new URL(url).port,
    ]),
    /** Confirms the order's PaymentIntent as Stripe.js would, but with our own account's key. */
    async payAtStripe(orderId: string, card = "pm_card_visa"): Promise<void> {
      const isGood = card === "pm_card_visa";
      const order = await rest<{ stripe: { paymentIntentId: string } }>(`/v1/orders/${orderId}`);
      const paid = await json<{ status?: string; error?: { type: string } }>(
        `${sandbox}/v1/payment_intents/${order.stripe.paymentIntentId}/confirm`,
        {
          method: "POST",
          headers: { authorization: "Bearer sk_test_bursar" },
          body: new URLSearchParams({ payment_method: card, return_url: "http://127.0.0.1" }),
        },
      );
      assert.equal(paid.status ?? paid.error?.type, isGood ? "succeeded" : "card_error", JSON.stringify(paid));
    },
  };
}

function collect(child: ChildProcessWithoutNullStreams) {
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += stripVTControlCharacters(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  return { output: () => output, errors: () => errors };
}

/** Of another process, which has its own to do. */
export function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  return untilHolds(what, holds, { pauseMs: 50 });
}

/**
 * The links of the folder's documents that lead nowhere: to a file that is not there, or to a heading that is not.
 * What is written in backticks is code and not a link.
 */
export function brokenLinks(folder: string, documents: readonly string[]): string[] {
  const text = (document: string) => readFileSync(path.join(folder, document), "utf8").replace(/^```.*?^```$/gms, "");
  return documents.flatMap((document) =>
    Array.from(text(document).matchAll(/\]\(([^)\s]+)\)/g), ([, link = ""]) => link)
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [name = "", anchor] = link.split("#");
        const target = name === "" ? document : path.join(path.dirname(document), name);
        if (!existsSync(path.join(folder, target))) return true;
        return anchor !== undefined && !anchorsOf(text(target)).includes(anchor);
      })
      .map((link) => `${document}: ${link}`),
  );
}

/** As GitHub and npm make them of headings. */
function anchorsOf(text: string): string[] {
  return Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

export function newFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-dev-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// `bursar sandbox`: the local Stripe alone, for whatever program is to be developed or tested against it.
import { type Command, Option } from "commander";
import { systemPorts } from "#kit/create_ports.ts";
import type { Log } from "#kit/log.ts";
import type { Sandbox, SandboxLine } from "../../sandbox/index.ts";
import { openPort, openSocket, type Wanted } from "../addresses.ts";
import { type LogStyle, terminalLog } from "../lines/index.ts";
import {
  isAskedFor,
  logOption,
  parseLoopbackHost,
  parseUrl,
  portDefaults,
  portOption,
  verboseOption,
} from "../options.ts";
import { addSandboxOptions, collectHost, type SandboxFlags, sandboxOptions } from "../sandbox_options.ts";
import { closeAll, untilSignal } from "../shutdown.ts";
import { testCardLines } from "../test_cards.ts";

interface Flags extends SandboxFlags {
  readonly port: number;
  readonly host: string;
  readonly baseUrl?: string;
  readonly socket?: string;
  readonly allowHost?: readonly string[];
  readonly deliverTo?: readonly string[];
  readonly log: LogStyle;
  readonly verbose?: boolean;
}

export function registerSandbox(program: Command): void {
  const command = program
    .command("sandbox")
    .summary("start the local Stripe alone")
    .description("Starts a local Stripe: the same API, cards, 3-D Secure, events and signatures, and no account.")
    .addOption(portOption("port to listen on", { flag: "--port", env: "BURSAR_SANDBOX_PORT", of: "sandbox" }))
    .addOption(
      new Option("--host <address>", "loopback address to listen on")
        .env("BURSAR_SANDBOX_HOST")
        .default("127.0.0.1")
        .argParser(parseLoopbackHost),
    )
    .addOption(
      new Option("--base-url <url>", "where browsers reach it, when that is not where it listens")
        .env("BURSAR_SANDBOX_URL")
        .argParser(parseUrl),
    )
    .addOption(new Option("--socket <path>", "a unix socket to listen on as well").env("BURSAR_SANDBOX_SOCKET"))
    .addOption(
      new Option("--allow-host <names...>", "Host names to answer to beside loopback")
        .env("BURSAR_ALLOW_HOSTS")
        .argParser(collectHost),
    )
    .addOption(
      new Option("--deliver-to <hosts...>", "hosts beside loopback to send webhooks to")
        .env("BURSAR_DELIVER_TO")
        .argParser(collectHost),
    );
  addSandboxOptions(command)
    .addOption(logOption("lines"))
    .addOption(verboseOption("lines with whole ids, not cut to the terminal"))
    .addHelpText(
      "after",
      "\nPoint any official SDK at it (host, port, protocol http), or try:\n" +
        `  ${exampleCall(`http://127.0.0.1:${portDefaults.sandbox}`)}\n\n` +
        "The page /-/faults lists the faults there are, /-/endpoints rolls a webhook endpoint's secret,\n" +
        "/-/keys revokes a key. Each page has a JSON twin: /-/faults.json.\n\n" +
        "Calls that name no Stripe-Version get the account's default. A newer one, --api-version 2026-10-28.endive,\n" +
        "refuses payment_method_types as Stripe does, and with it the Stripe CLI's triggers.",
    )
    .action(runSandbox);
}

async function runSandbox(flags: Flags, command: Command): Promise<void> {
  const write = (text: string) => void process.stdout.write(text);
  const detail = flags.verbose ? "whole" : "short";
  const log = terminalLog({ style: flags.log, detail, write, columns: () => process.stdout.columns });
  const ports = systemPorts({ log: log.child({ half: "sandbox" }) });
  const signal = untilSignal();
  // Loaded here, so that --help and the refusals need none of it.
  const { createSandbox } = await import("../../sandbox/index.ts");
  const sandbox = createSandbox({
    ...ports,
    ...sandboxOptions(flags),
    onLine: logTo(ports.log),
    ...(flags.baseUrl && { baseUrl: flags.baseUrl }),
    ...(flags.allowHost && { allowHosts: flags.allowHost }),
    ...(flags.deliverTo && { deliverTo: flags.deliverTo }),
  });
  try {
    const wanted = { port: flags.port, host: flags.host, isFixed: isAskedFor(command, "port"), flag: "--port" };
    const listening = await listenSandbox(sandbox, wanted);
    if (flags.socket) await openSocket(flags.socket, (path) => sandbox.listenOnSocket(path));
    sandbox.start();
    if (flags.log === "lines") write(`${banner(listening.url, sandbox.defaultVersion)}\n\n`);
    else ports.log.info("cli.ready", { url: listening.url, apiVersion: sandbox.defaultVersion });
    await signal;
  } finally {
    await closeAll([() => sandbox.close()]);
  }
}

/** Hands what happens in the sandbox to a log, under one name per kind of thing. */
export function logTo(log: Log, { isQuiet = () => false }: { isQuiet?: (line: SandboxLine) => boolean } = {}) {
  return (line: SandboxLine): void => {
    if (!isQuiet(line)) log.info(`sandbox.${line.kind}`, { object: line.id, text: line.text });
  };
}

export function listenSandbox(sandbox: Sandbox, wanted: Wanted): ReturnType<Sandbox["listen"]> {
  return openPort(wanted, (port) => sandbox.listen({ port, host: wanted.host }));
}

function banner(url: string, version: string): string {
  return [
    `A local Stripe on ${url}. No account, no real money; any key that begins with sk_test_ is an account of its own.`,
    "",
    `  API        ${url}/v1/…`,
    `  Stripe.js  ${url}/v3/`,
    `  inside     ${url}/-/`,
    `  version    ${version}, for calls that name none (--api-version)`,
    `  try        ${exampleCall(url)}`,
    "",
    ...testCardLines(),
    "",
    "Ctrl-C ends it.",
  ].join("\n");
}

const exampleCall = (url: string): string =>
  `curl ${url}/v1/payment_intents -u sk_test_mine: -d amount=2000 -d currency=eur`;

// Options that several commands share. Every one has an environment variable, which --help names.
import path from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { readAddress } from "#kit/sql/postgres/address.ts";
import type { Words } from "#kit/words.ts";
import type { Settlement } from "../sandbox/index.ts";
import { isLoopback } from "./addresses.ts";
import type { LogStyle } from "./lines/index.ts";

/** Where the halves live unless told otherwise; when one is taken and was not asked for, a free port is used. */
export const portDefaults = { sandbox: 12111, billing: 12112, shop: 12113 } as const;

interface Port {
  readonly flag: string;
  readonly env: string;
  readonly of: keyof typeof portDefaults;
}

/** `portOption("port of billing", { flag: "--billing-port", env: "BURSAR_BILLING_PORT", of: "billing" })` */
export function portOption(what: string, { flag, env, of }: Port): Option {
  const option = new Option(`${flag} <number>`, `${what}; 0 takes any free one`);
  return option.env(env).default(portDefaults[of]).argParser(parsePort);
}

export function dataOption(): Option {
  return new Option("--data <folder>", "folder of the embedded databases").env("BURSAR_DATA").default("./var");
}

export function databaseOption(): Option {
  return databaseFlag(
    "sqlite:PATH or postgres://… (also DATABASE_URL); a file in --data without it",
    "BURSAR_DATABASE",
  );
}

export function schemaOption(): Option {
  return schemaFlag("BURSAR_SCHEMA");
}

/** For a demonstration: a database that the environment names for all programs is meant for something that matters. */
export const ownDatabase = {
  databaseOption: () => databaseFlag("sqlite:PATH or postgres://…; a file in --data without it", "BURSAR_DEV_DATABASE"),
  schemaOption: () => schemaFlag("BURSAR_DEV_SCHEMA"),
  /** What it leaves alone. */
  ignored: ["DATABASE_URL", "BURSAR_DATABASE", "BURSAR_SCHEMA"],
} as const;

function databaseFlag(what: string, env: string): Option {
  return new Option("--database <url>", what).env(env).argParser(parseDatabase);
}

function schemaFlag(env: string): Option {
  return new Option(
    "--schema <name>",
    "schema of the tables on PostgreSQL, made at the first start; ?schema= of the URL without it, else bursar",
  ).env(env);
}

/** A repeatable option; its variable holds a comma-separated list. */
export function listOption(flags: string, env: string, what: string): Option {
  return new Option(flags, what).env(env).argParser(collect);
}

export function logOption(value: LogStyle): Option {
  return new Option("--log <style>", "lines for people or JSON for machines")
    .env("BURSAR_LOG")
    .choices(["lines", "json"])
    .default(value);
}

export function verboseOption(what: string): Option {
  return new Option("--verbose", what).env("BURSAR_VERBOSE");
}

export function settlementOption(): Option {
  const choices: readonly Settlement[] = ["test", "real"];
  return new Option("--settlement <pace>", "how long banks take: as in Stripe's test mode, or the days of real life")
    .env("BURSAR_SETTLEMENT")
    .choices(choices)
    .default(choices[0]);
}

/** True when the user named the value, by flag or by environment; then no other one may be taken instead. */
export function isAskedFor(command: Command, option: string): boolean {
  return command.getOptionValueSource(option) !== "default";
}

/** The database's URL: as asked for, else DATABASE_URL, else a file in the data folder. */
export function databaseUrl(options: { database?: string; data: string; file: string }): string {
  if (options.database) return options.database;
  const exported = process.env.DATABASE_URL;
  if (exported) return parseDatabase(exported);
  return embeddedUrl(options.data, options.file);
}

export function embeddedUrl(data: string, file: string): string {
  return `sqlite:${path.join(data, file)}`;
}

/** The URL without the password that may be in it, and the schema. */
export function printableDatabase(database: string, schema: string | undefined): string {
  if (database.startsWith("sqlite:")) return database;
  const address = readAddress(database, schema);
  const url = new URL(address.url);
  if (url.password) url.password = "…";
  return `${url.href} (schema ${address.schema})`;
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError(`"${text}" is not a port: it is a whole number from 0 to 65535.`);
  }
  return Number(text);
}

function parseDatabase(text: string): string {
  if (/^sqlite:.+/.test(text) || (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text))) return text;
  throw new InvalidArgumentError("A database is sqlite:PATH, sqlite::memory: or postgres://user@host/name.");
}

export function parseUrl(text: string): string {
  const isHttp = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isHttp) throw new InvalidArgumentError(`"${text}" is not an address: it begins with http:// or https://.`);
  return text.replace(/\/+$/, "");
}

export function parseLoopbackHost(text: string): string {
  if (!isLoopback(text)) throw new InvalidArgumentError(`"${text}" is not this machine: use 127.0.0.1 or ::1.`);
  return text;
}

/** Collects a repeatable option; the environment variable holds a comma-separated list. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [
    ...(before ?? []),
    ...text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
  ];
}

/** Where a flag is not called as the option is. */
const flagsOfOptions: Readonly<Record<string, string>> = {
  apiBase: "stripeBase",
  returnOrigins: "returnOrigin",
  dataFolder: "data",
  faults: "fault",
  paymentMethodTypes: "paymentMethods",
};

/** Keys come from the environment only. */
const variables: Readonly<Record<string, string>> = {
  secretKey: "STRIPE_SECRET_KEY",
  publishableKey: "STRIPE_PUBLISHABLE_KEY",
  webhookSecrets: "STRIPE_WEBHOOK_SECRET",
  secret: "BURSAR_SECRET",
  bootstrapKey: "BURSAR_API_KEY",
  'adoptDatabase({ as: "moved" })': "`bursar adopt --as moved`",
  'adoptDatabase({ as: "copy" })': "`bursar adopt --as copy`",
};

/** How the command line calls what the library names: for the command that runs, or for none of them. */
export function wordsOf(command: Command | undefined): Words {
  return (name) => {
    if (Object.hasOwn(variables, name)) return variables[name];
    const flag = command?.options.find((option) => option.attributeName() === (flagsOfOptions[name] ?? name));
    if (!flag?.long) return undefined;
    return flag.envVar ? `${flag.long} (${flag.envVar})` : flag.long;
  };
}

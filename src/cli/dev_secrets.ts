// Keys of a development world: made at random on its first start, kept in its data folder, worth nothing elsewhere.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { privateMode } from "#kit/files/private.ts";
import type { Ports } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import { makeFolder } from "./data_folder.ts";

export interface DevSecrets {
  /** A REST key of billing, `bk_test_…`. */
  readonly apiKey: string;
  /** What BURSAR_SECRET is in production. */
  readonly secret: string;
}

export const keysFile = (folder: string) => path.join(folder, "dev_keys.json");

export function devSecrets(folder: string, ports: Pick<Ports, "random">): DevSecrets {
  const file = keysFile(folder);
  const given = { apiKey: process.env.BURSAR_API_KEY, secret: process.env.BURSAR_SECRET };
  const kept = existsSync(file) ? readKept(file) : makeKept(file, ports);
  return { apiKey: given.apiKey || kept.apiKey, secret: given.secret || kept.secret };
}

function readKept(file: string): DevSecrets {
  try {
    const kept: Partial<DevSecrets> = JSON.parse(readFileSync(file, "utf8"));
    if (kept.apiKey?.startsWith("bk_test_") && kept.secret) return { apiKey: kept.apiKey, secret: kept.secret };
  } catch {
    // Falls through to the same refusal: a file that is not JSON and one that lacks a key are mended alike.
  }
  throw problem("invalid_config", `${file} holds no keys that can be read.`, {
    hint: "Delete the file; new keys are made at the next start.",
  });
}

function makeKept(file: string, ports: Pick<Ports, "random">): DevSecrets {
  const random = ports.random("dev_keys");
  const text = (encoding: "base64url" | "hex") => Buffer.from(random.bytes(32)).toString(encoding);
  const made: DevSecrets = { apiKey: `bk_test_${text("base64url")}`, secret: text("hex") };
  makeFolder(path.dirname(file));
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: privateMode });
  return made;
}

// A database for each target of each round, made before and dropped after.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";

export interface BenchDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const serverUrl = process.env.DATABASE_URL ?? "postgres://root@127.0.0.1:5432/test";

export async function hasPostgres(): Promise<boolean> {
  try {
    await onServer("select 1");
    return true;
  } catch {
    return false;
  }
}

export async function makeDatabase(engine: "sqlite" | "postgres" | "none"): Promise<BenchDatabase> {
  if (engine === "none") return { url: "", drop: async () => {} };
  if (engine === "sqlite") {
    const folder = mkdtempSync(path.join(tmpdir(), "bursar-bench-"));
    return { url: `sqlite:${folder}/billing.db`, drop: async () => rmSync(folder, { recursive: true }) };
  }
  const name = `bursar_bench_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await onServer(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`drop database ${name} with (force)`) };
}

async function onServer(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

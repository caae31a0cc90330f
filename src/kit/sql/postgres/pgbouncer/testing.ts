// For tests: a PgBouncer of one's own before the server.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { freePort } from "#kit/testing.ts";

const nobody = 65_534; // PgBouncer does not run as root

/**
 * The database's address behind a PgBouncer in transaction mode that ends with the test; undefined without one. A
 * simulated process hears answers in the order of its questions, so it wants a connection for each of its units at
 * once: with fewer, those that have one wait for those that wait for one.
 */
export async function behindPgBouncer(
  t: TestContext,
  databaseUrl: string,
  { connectionsMax = 3 }: { readonly connectionsMax?: number } = {},
): Promise<string | undefined> {
  const binary = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin"]
    .map((folder) => path.join(folder, "pgbouncer"))
    .find((file) => existsSync(file));
  if (!binary) return void t.skip("PgBouncer is not installed");
  const isRoot = process.getuid?.() === 0;
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-pgbouncer-"));
  const file = path.join(folder, "pgbouncer.ini");
  const port = await freePort();
  writeFileSync(file, configuration(new URL(databaseUrl), port, connectionsMax), { mode: 0o600 });
  if (isRoot) for (const each of [folder, file]) chownSync(each, nobody, nobody);
  const child = spawn(binary, [file], {
    stdio: ["ignore", "ignore", "pipe"],
    ...(isRoot && { uid: nobody, gid: nobody }),
  });
  const ended = once(child, "exit");
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true });
  });
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    if (line.includes("process up")) break;
  }
  if (child.exitCode !== null) throw new Error(`PgBouncer did not start:\n${said.join("\n")}`);
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  return url.href;
}

/** A few connections to the server for everybody, used in turn: what is said on one is not remembered on the next. */
function configuration(server: URL, port: number, connectionsMax: number): string {
  const { hostname, port: serverPort, username, password } = server;
  const login = [`user=${username || "postgres"}`, ...(password ? [`password=${decodeURIComponent(password)}`] : [])];
  return [
    "[databases]",
    `* = host=${hostname} port=${serverPort || 5432} ${login.join(" ")}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    `default_pool_size = ${connectionsMax}`,
    "server_round_robin = 1",
    "",
  ].join("\n");
}

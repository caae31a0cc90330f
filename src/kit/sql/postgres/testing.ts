// For tests: a PgBouncer of one's own before the server, and what another program would notice of us in its database.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import pg from "pg";
import { freePort } from "#kit/testing.ts";
import { administer } from "../testing.ts";

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

/** A user whom the server lets in, or turns away as it does when it has too many connections. */
export async function createGuest(databaseUrl: string) {
  const { pathname } = new URL(databaseUrl);
  const name = `bursar_test_guest_${process.pid}_${Math.round(performance.now())}`;
  const administerAs = (statements: string) => administer(databaseUrl, statements);
  await administerAs(
    `create role ${name} login password 'guest'; grant create on database ${pathname.slice(1)} to ${name}`,
  );
  const url = new URL(databaseUrl);
  [url.username, url.password] = [name, "guest"];
  return {
    url: url.href,
    /** No new connection is let in, and those that there are end. */
    async turnAway() {
      await administerAs(`alter role ${name} connection limit 0`);
      await administerAs(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${name}'`);
    },
    letIn: () => administerAs(`alter role ${name} connection limit -1`),
    leave: () => administerAs(`drop owned by ${name} cascade; drop role ${name}`),
  };
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

/** All in a schema: relations, columns, types, constraints, and the rows with the transaction that wrote them. */
export async function everythingIn(databaseUrl: string, schema: string): Promise<unknown> {
  const here = `(select oid from pg_namespace where nspname = '${schema}')`;
  const catalog = await administer(
    databaseUrl,
    `select oid, relname, relkind, relfilenode, relacl::text from pg_class where relnamespace = ${here} order by 1;
     select attrelid, attname, atttypid, attnotnull from pg_attribute join pg_class on pg_class.oid = attrelid
       where relnamespace = ${here} order by 1, 2;
     select oid, typname, typtype from pg_type where typnamespace = ${here} order by 1;
     select oid, conname, pg_get_constraintdef(oid) as text from pg_constraint where connamespace = ${here} order by 1`,
  );
  const relations = (catalog[0]?.rows ?? []) as { relname: string; relkind: string }[];
  const tables = relations.filter(({ relkind }) => relkind === "r").map(({ relname }) => relname);
  const rows = await Promise.all(
    tables.map(async (table) => {
      const [content] = await administer(databaseUrl, `select xmin::text, * from ${schema}."${table}" order by ctid`);
      return [table, content?.rows] as const;
    }),
  );
  return { catalog: catalog.map((each) => each.rows), rows: Object.fromEntries(rows) };
}

/** A session of another program that has just done something and stays. */
export async function longSession(databaseUrl: string, { name, doing }: { name: string; doing: string }) {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: name });
  client.on("error", () => {}); // its statement tells
  await client.connect();
  await client.query(doing);
  return { end: () => client.end() };
}
/** Ends all connections of whoever has opened that schema; answers how many there were. */
export async function cutConnections(url: string): Promise<number> {
  const name = `bursar/${new URL(url).searchParams.get("schema")}`;
  const [ended] = await administer(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`,
  );
  return ended?.rows.length ?? 0;
}

// For tests: what another program would notice of us in its database, and does to us.
import pg from "pg";
import { createIds } from "#kit/ids.ts";
import { systemRandom } from "#kit/random.ts";
import { administer } from "../testing.ts";

/** A user whom the server lets in, or turns away as it does when it has too many connections. */
export async function createGuest(databaseUrl: string) {
  const { pathname } = new URL(databaseUrl);
  const name = `bursar_test_guest_${createIds(systemRandom()).text(16).toLowerCase()}`;
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

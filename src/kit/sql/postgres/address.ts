// Where an installation lives on a PostgreSQL server: a database, and a schema of its own within it.
import { problem } from "../../problems.ts";

export interface PostgresAddress {
  /** For pg: without our own parameter. */
  readonly url: string;
  readonly schema: string;
}

const schemaDefault = "bursar";
/** 50 characters, so that names made of it (a channel, an application name) stay within PostgreSQL's 63. */
const schemaPattern = /^[a-z_][a-z0-9_]{0,49}$/;
/** Everybody's, and the server's own. */
const notOurs = /^(public|information_schema|pg_.*)$/;

/** @param named the schema that an option names; it goes before `?schema=` of the URL, which other programs set too. */
export function readAddress(url: string, named: string | undefined): PostgresAddress {
  const [base = "", query = ""] = url.split("?", 2);
  const parameters = new URLSearchParams(query);
  const asked = parameters.get("schema");
  const schema = named ?? asked ?? schemaDefault;
  refuseBadName(schema);
  if (asked === null) return { url, schema };
  parameters.delete("schema");
  return { url: parameters.size > 0 ? `${base}?${parameters}` : base, schema };
}

function refuseBadName(schema: string): void {
  if (schemaPattern.test(schema) && !notOurs.test(schema)) return;
  throw problem("invalid_config", `Bursar's tables cannot live in the schema "${schema}"`, {
    hint:
      "It is one of their own: up to 50 lower-case letters, digits and underscores, neither public nor pg_…. " +
      "Name it by `schema`, which goes before ?schema= of the URL.",
  });
}

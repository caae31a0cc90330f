// Where the host's id of a Customer comes from, as its caller says.
import type Stripe from "stripe";
import { shown } from "#kit/options/options.ts";
import { problem } from "#kit/problems.ts";
import { type IdSource, type ImportReason, idPattern, idSays, metadataKeyMax } from "../../api/index.ts";
import { sha256Of } from "../../kernel/contract/context.ts";
import type { Remote } from "../../kernel/contract/reacting.ts";
import { checkFields, checkText, type Fields } from "../input.ts";
import { mark } from "../marks.ts";
import { type IdsOfFile, readIds } from "./csv.ts";

export interface SaidId {
  readonly id: string | null;
  readonly reason: ImportReason | null;
  readonly detail: string | null;
}

export interface Ids {
  /** The same source has the same name. Of two functions nobody can tell. */
  readonly name: string;
  /** The Customers that it names itself, in order. */
  readonly named: readonly string[];
  claim(remote: Remote): Promise<SaidId>;
}

type Named = { readonly metadata?: string; readonly csv?: string };
const fields: Fields<Named> = { metadata: true, csv: true };

export function idsOf(source: IdSource): Ids {
  if (typeof source === "function") return ofFunction(source);
  const { metadata, csv } = checkFields<Named>("idFrom", source, fields);
  if ((metadata === undefined) === (csv === undefined)) {
    throw problem("invalid_params", "idFrom is `metadata`, `csv` or a function: one of them", {
      hint: 'Say where your ids stand: { metadata: "user_id" }.',
      details: { field: "idFrom" },
    });
  }
  return metadata === undefined ? ofFile(csv) : ofMetadata(metadata);
}

function ofFunction(source: Extract<IdSource, (...given: never) => unknown>): Ids {
  const claim = async (remote: Remote) => claimOf(await source(remote as unknown as Stripe.Customer), "Your function");
  return { name: "function", named: [], claim };
}

function ofMetadata(given: string): Ids {
  const name = checkText("idFrom.metadata", given, metadataKeyMax) ?? "";
  return {
    name: `metadata:${name}`,
    named: [],
    claim: async (remote) => claimOf(mark(remote, name), `metadata.${name}`),
  };
}

function ofFile(given: string | undefined): Ids {
  if (typeof given !== "string") throw problem("invalid_params", "idFrom.csv is the text of a file");
  const ids: IdsOfFile = readIds(given);
  return {
    name: `file:${sha256Of(Buffer.from(given, "utf8"))}`,
    named: [...ids.keys()].sort(),
    async claim({ id: stripeId }) {
      const [id, ...others] = ids.get(stripeId) ?? [];
      if (others.length === 0) return claimOf(id, "The file");
      const detail = `The file says that it is ${[id, ...others].join(" and ")}`;
      return { id: null, reason: "named_twice", detail };
    },
  };
}

function claimOf(said: unknown, who: string): SaidId {
  if (said === null || said === undefined || said === "") {
    return { id: null, reason: "no_id", detail: `${who} says no id of yours` };
  }
  if (typeof said === "string" && idPattern.test(said)) return { id: said, reason: null, detail: null };
  return { id: null, reason: "bad_id", detail: `${who} says ${shown(String(said))}, and an id is ${idSays}` };
}

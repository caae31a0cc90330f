// Which user each Customer is, as a file says it: CSV with its columns' names in the first line. Quoted fields may hold
// commas, quotes (doubled) and line ends. https://www.rfc-editor.org/rfc/rfc4180
import { problem } from "#kit/problems.ts";

/** In characters: some millions of lines. */
const csvMax = 256 * 1024 * 1024;

const columns = ["stripe_customer_id", "host_id"] as const;

/** By Stripe's id, each id of the host's that some line says it is. */
export type IdsOfFile = ReadonlyMap<string, ReadonlySet<string>>;

export function readIds(csv: string): IdsOfFile {
  if (csv.length > csvMax) throw invalid(`has more than ${csvMax} characters`, "Give it in several files.");
  const [head, ...rows] = recordsOf(csv);
  const names = head?.fields.map((name) => name.trim().toLowerCase()) ?? [];
  const [customerAt = -1, hostAt = -1] = columns.map((column) => names.indexOf(column));
  if (customerAt < 0 || hostAt < 0) {
    throw invalid("does not begin with its columns' names", `Its first line is ${columns.join(",")}.`);
  }
  const ids = new Map<string, Set<string>>();
  for (const { fields, line } of rows) {
    const [customer = "", host = ""] = [fields[customerAt], fields[hostAt]].map((field) => field?.trim());
    if (fields.length !== names.length) {
      throw invalid(`has ${fields.length} columns in line ${line}`, `Its first line has ${names.length}.`);
    }
    if (!/^cus_\w+$/.test(customer)) {
      throw invalid(`has no Customer's id in line ${line}`, "It begins with cus_.");
    }
    if (host === "") throw invalid(`has no id of yours in line ${line}`, "Leave out who is none of your users.");
    ids.set(customer, (ids.get(customer) ?? new Set()).add(host));
  }
  return ids;
}

function invalid(what: string, hint: string) {
  return problem("invalid_params", `The file of ids ${what}`, { hint, details: { field: "idFrom.csv" } });
}

interface CsvRecord {
  readonly fields: readonly string[];
  /** Where it begins; the first is 1. */
  readonly line: number;
}

/** Empty lines are none. */
function* recordsOf(csv: string): Generator<CsvRecord> {
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|\r|$)/gy;
  field.lastIndex = csv.startsWith("\uFEFF") ? 1 : 0;
  let fields: string[] = [];
  let [line, begun] = [1, 1];
  while (field.lastIndex < csv.length || fields.length > 0) {
    const found = field.exec(csv);
    if (!found) throw invalid(`has a quote out of its place in line ${line}`, 'A quote within a field is written "".');
    const [, text = "", end = ""] = found;
    fields.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
    line += (text.match(/\r\n|\r|\n/g)?.length ?? 0) + (end === "," ? 0 : 1);
    if (end === ",") continue;
    if (fields.length > 1 || fields[0] !== "") yield { fields, line: begun };
    [fields, begun] = [[], line];
  }
}

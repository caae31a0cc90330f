// What the schemas cannot say by themselves is added to the document: the refusals each operation may answer with, an
// id that looks like one of its noun, and what the nouns are.
import type { RestApp } from "../context.ts";
import { describedNouns, refusals } from "./described.table.ts";

type Document = ReturnType<RestApp["getOpenAPI31Document"]>;
type DescribedCall = NonNullable<NonNullable<Document["paths"]>[string]["get"]>;

const methods = ["get", "post", "delete"] as const;

export function described(document: Document): Document {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => (item[method] ? [{ path, method, operation: item[method] }] : [])),
  );
  for (const { path, method, operation } of operations) {
    addRefusals(operation, { hasId: path.includes("{id}"), hasBody: method === "post" });
    nameIds(operation);
  }
  const tags = Object.entries(describedNouns).map(([name, { description }]) => ({ name, description }));
  return { ...document, tags };
}

function addRefusals(operation: DescribedCall, { hasId, hasBody }: { hasId: boolean; hasBody: boolean }): void {
  const left = new Set([...(hasBody ? [] : ["409", "413", "415"]), ...(hasId || hasBody ? [] : ["404"])]);
  const responses = operation.responses as Record<string, object>;
  for (const [status, description] of Object.entries(refusals)) {
    if (!left.has(status)) responses[status] ??= { ...responses.default, description };
  }
}

function nameIds(operation: DescribedCall): void {
  const example = describedNouns[operation.tags?.[0] ?? ""]?.example;
  operation.parameters = operation.parameters?.map((parameter) => {
    if (!("in" in parameter) || parameter.in !== "path" || parameter.name !== "id") return parameter;
    return { ...parameter, schema: { ...parameter.schema, example } };
  });
}

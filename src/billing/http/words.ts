// What REST calls things: a method of the TypeScript API is a route, `orders.create()` is POST /v1/orders, and what is
// given to it stands in the path, the query or the body. An option is called by both of its names: a caller does not
// know whether a program or the command line has started Bursar.
import type { Words } from "#kit/words.ts";

const nouns =
  "access|catalog|customers|methods|orders|refunds|subscriptions|invoices|inbox|operations|flags|deliveries";
/** `orders.capture("order_1", { amount })`: what is given may be left out. */
const method = new RegExp(`^(${nouns})\\.(\\w+)\\((?:"([^"]+)")?(?:, )?(?:\\{ (.+) \\})?\\)$`);
const fieldOfBody = /^\w+: .+$/;
const verbs: Readonly<Record<string, string>> = { create: "POST", ensure: "POST", list: "GET" };

/** Of a customer, and not of a kind by themselves. */
const methods: Readonly<Record<string, string>> = {
  list: "GET /v1/customers/{id}/methods",
  collect: "POST /v1/customers/{id}/methods",
  setDefault: "POST /v1/customers/{id}/methods/{methodId}/default",
  settled: "POST /v1/customers/{id}/collections/{collectionId}/settled",
  remove: "DELETE /v1/customers/{id}/methods/{methodId}",
};

const options: Readonly<Record<string, string>> = {
  secret: "secret of createBilling(), or BURSAR_SECRET of bursar billing",
  returnOrigins: "returnOrigins of createBilling(), or --return-origin (BURSAR_RETURN_ORIGINS) of bursar billing",
  allowPrivateTargets:
    "allowPrivateTargets of createBilling(), or --allow-private-targets (BURSAR_ALLOW_PRIVATE_TARGETS) of bursar " +
    "billing",
};

export const restWords: Words = (name) => {
  if (Object.hasOwn(options, name)) return options[name];
  const [, noun, verb = "", id, given] = method.exec(name) ?? [];
  if (noun === undefined) return fieldOfBody.test(name) ? name : undefined;
  const route = routeOf(noun, verb).replace("{id}", id ?? "{id}");
  if (given === undefined) return route;
  return route.startsWith("GET ") ? `${route}?${given.replaceAll(", ", "&")}` : `${route} with ${given}`;
};

function routeOf(noun: string, verb: string): string {
  // One of a kind: it is named by no id.
  if (noun === "methods") return methods[verb] ?? `POST /v1/customers/{id}/methods/{methodId}/${verb}`;
  if (noun === "access") return "GET /v1/customers/{id}/access_grants";
  if (noun === "catalog") return verb === "get" ? "GET /v1/catalog" : `POST /v1/catalog/${verb}`;
  if (verb === "discard") return "DELETE /v1/invoices/{id}";
  if (verb === "undoChange") return "POST /v1/subscriptions/{id}/undo_change";
  if (verb === "addTaxId") return "POST /v1/customers/{id}/tax_ids";
  if (verb === "removeTaxId") return "DELETE /v1/customers/{id}/tax_ids/{taxId}";
  const path = `/v1/${noun === "inbox" ? "receipts" : noun}`;
  if (verb === "get") return `GET ${path}/{id}`;
  if (verb === "update") return `POST ${path}/{id}`;
  return verbs[verb] ? `${verbs[verb]} ${path}` : `POST ${path}/{id}/${verb}`;
}

// /v1/customers. Creating twice is once: the id is the host's. The audit keeps no name and no address.
import { createRoute, z } from "@hono/zod-openapi";
import type { Customer } from "../../api/index.ts";
import {
  countryPattern,
  emailPattern,
  filterMax,
  localePattern,
  nameMax,
  phoneMax,
  taxExempts,
  textMax,
} from "../../api/index.ts";
import * as rest from "./context.ts";
import { strict } from "./strict.ts";
import { TaxIdSchema, taxIdJson } from "./tax_ids.ts";

const tags = ["customers"];
const part = z.string().min(1).max(textMax).optional();
const AddressSchema = strict({
  line1: part,
  line2: part,
  city: part,
  state: part,
  postalCode: part,
  country: z.string().regex(countryPattern, "A code of two letters such as DE").optional().openapi({ example: "DE" }),
}).openapi("Address");
const CustomerSchema = z
  .object({
    id: z.string(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    address: AddressSchema.nullable(),
    locale: z.string().nullable(),
    taxExempt: z.enum(taxExempts),
    currency: z.string().nullable().openapi({ description: "What they are billed in, once they have been" }),
    metadata: z.record(z.string(), z.string()),
    taxIds: z.array(TaxIdSchema),
    stripeCustomerId: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi("Customer");
/** Null empties, as leaving out does not. */
const profile = {
  email: z.string().regex(emailPattern, "An e-mail address").nullable().optional().openapi({ format: "email" }),
  name: z.string().min(1).max(nameMax).nullable().optional(),
  phone: z.string().min(1).max(phoneMax).nullable().optional(),
  address: AddressSchema.nullable().optional(),
  locale: z
    .string()
    .regex(localePattern, "A language such as de or pt-BR")
    .nullable()
    .optional()
    .openapi({ example: "de" }),
  taxExempt: z.enum(taxExempts).nullable().optional(),
  metadata: rest.MetadataSchema.optional(),
};
const EnsureCustomerSchema = strict({
  id: rest.IdSchema.openapi({ example: "user_42" }),
  ...profile,
  attempt: rest.AttemptSchema,
}).openapi("EnsureCustomer");
const UpdateCustomerSchema = strict({ ...profile, attempt: rest.AttemptSchema }).openapi("UpdateCustomer");

/** `tier:gold`. A value may hold colons. */
const MetadataFilterSchema = z
  .string()
  .regex(/^[^:]+:[\s\S]+$/, "A name, a colon, a value")
  .max(filterMax)
  .transform((text): Record<string, string> => {
    const colon = text.indexOf(":");
    return { [text.slice(0, colon)]: text.slice(colon + 1) };
  })
  .optional();

const ensureCustomer = createRoute({
  operationId: "ensureCustomer",
  method: "post",
  path: "/v1/customers",
  tags,
  summary: "Make sure that a customer exists",
  request: {
    headers: rest.CommandHeaders,
    body: rest.jsonBody(EnsureCustomerSchema, { id: "user_42", email: "ada@shop.example", name: "Ada" }),
  },
  responses: rest.answers(200, "The customer", CustomerSchema),
});
const linkCustomer = createRoute({
  operationId: "linkCustomer",
  method: "post",
  path: "/v1/customers/{id}/link",
  tags,
  summary: "Link a Customer that Stripe has already",
  description: "What Stripe knows of it is taken over. One customer has one Customer at Stripe, for ever.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({
        stripeCustomerId: z.string().min(1).max(filterMax).openapi({ example: "cus_RkT2vW9qYb4Lxa" }),
        attempt: rest.AttemptSchema,
      }).openapi("LinkCustomer"),
      { stripeCustomerId: "cus_RkT2vW9qYb4Lxa" },
    ),
  },
  responses: rest.answers(200, "The customer", CustomerSchema),
});
const updateCustomer = createRoute({
  operationId: "updateCustomer",
  method: "post",
  path: "/v1/customers/{id}",
  tags,
  summary: "Change what is known of a customer",
  description: "What is left out stays; null empties. Metadata is merged, and an empty text takes an entry away.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(UpdateCustomerSchema, {
      phone: "+49 30 901820",
      address: { line1: "Torstrasse 1", city: "Berlin", postalCode: "10119", country: "DE" },
      locale: "de",
      metadata: { tier: "gold" },
    }),
  },
  responses: rest.answers(200, "The customer", CustomerSchema),
});
const listCustomers = createRoute({
  operationId: "listCustomers",
  method: "get",
  path: "/v1/customers",
  tags,
  summary: "List customers, newest first",
  request: {
    query: rest.PageQuery.extend({
      email: rest.FilterSchema.openapi({ description: "In any case" }),
      name: rest.FilterSchema.openapi({ description: "In any case" }),
      stripeId: rest.FilterSchema.openapi({ description: "cus_…: of today, or of one that is gone at Stripe" }),
      metadata: MetadataFilterSchema.openapi({ description: "A name and its value", example: "tier:gold" }),
    }),
  },
  responses: rest.answers(200, "A page of customers", rest.pageOf(CustomerSchema, "CustomerPage")),
});
const getCustomer = createRoute({
  operationId: "getCustomer",
  method: "get",
  path: "/v1/customers/{id}",
  tags,
  summary: "Read a customer",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The customer", CustomerSchema),
});

function customerJson(customer: Customer): z.infer<typeof CustomerSchema> {
  const { address, metadata, taxIds, createdAt } = customer;
  return {
    ...customer,
    address: address && { ...address },
    metadata: { ...metadata },
    taxIds: taxIds.map(taxIdJson),
    createdAt: createdAt.toISOString(),
  };
}

export function mountCustomers(app: rest.RestApp, context: rest.RestContext): void {
  const { customers } = context.api;
  app.openapi(ensureCustomer, async (c) => {
    rest.requireScope(c, "write");
    const body = c.req.valid("json");
    const customer = await rest.runCommand(context, c, {
      verb: "customers.ensure",
      subject: body.id,
      work: () => customers.ensure(body),
      after: ({ stripeCustomerId }) => ({ stripeCustomerId }),
    });
    return c.json(customerJson(customer), 200);
  });
  app.openapi(linkCustomer, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const customer = await rest.runCommand(context, c, {
      verb: "customers.link",
      subject: id,
      work: () => customers.link({ id, ...c.req.valid("json") }),
      after: ({ stripeCustomerId }) => ({ stripeCustomerId }),
    });
    return c.json(customerJson(customer), 200);
  });
  app.openapi(updateCustomer, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const customer = await rest.runCommand(context, c, {
      verb: "customers.update",
      subject: id,
      work: () => customers.update(id, c.req.valid("json")),
      after: ({ stripeCustomerId }) => ({ stripeCustomerId }),
    });
    return c.json(customerJson(customer), 200);
  });
  app.openapi(listCustomers, async (c) => {
    rest.requireScope(c, "read");
    const { metadata, ...query } = c.req.valid("query");
    const page = await customers.list({ ...query, ...(metadata && { metadata }) });
    return c.json({ data: page.data.map(customerJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(getCustomer, async (c) => {
    rest.requireScope(c, "read");
    return c.json(customerJson(await customers.get(c.req.valid("param").id)), 200);
  });
}

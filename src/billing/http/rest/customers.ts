// /v1/customers. Creating twice is once: the id is the host's. The audit keeps no name and no address.
import { createRoute, z } from "@hono/zod-openapi";
import type { Customer } from "../../api/index.ts";
import { emailPattern, nameMax } from "../../api/index.ts";
import * as rest from "./context.ts";
import { strict } from "./strict.ts";

const tags = ["customers"];
const CustomerSchema = z
  .object({
    id: z.string(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    stripeCustomerId: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi("Customer");
const EnsureCustomerSchema = strict({
  id: rest.IdSchema.openapi({ example: "user_42" }),
  email: z.string().regex(emailPattern, "An e-mail address").optional().openapi({ format: "email" }),
  name: z.string().min(1).max(nameMax).optional(),
  attempt: rest.AttemptSchema,
}).openapi("EnsureCustomer");

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
const listCustomers = createRoute({
  operationId: "listCustomers",
  method: "get",
  path: "/v1/customers",
  tags,
  summary: "List customers, newest first",
  request: {
    query: rest.PageQuery.extend({
      email: rest.FilterSchema.openapi({ description: "In any case" }),
      stripeId: rest.FilterSchema.openapi({ description: "cus_…" }),
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

const customerJson = (customer: Customer) => ({ ...customer, createdAt: customer.createdAt.toISOString() });

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
  app.openapi(listCustomers, async (c) => {
    rest.requireScope(c, "read");
    const page = await customers.list(c.req.valid("query"));
    return c.json({ data: page.data.map(customerJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(getCustomer, async (c) => {
    rest.requireScope(c, "read");
    return c.json(customerJson(await customers.get(c.req.valid("param").id)), 200);
  });
}

// Customers, as Stripe was recorded.
import type { RealBody } from "./shape.ts";

export const customerBodies: readonly RealBody[] = [
  {
    name: "customer.created.2026-03-25.dahlia",
    shape: {
      string: "id object email invoice_prefix name tax.automatic_tax tax.provider tax_exempt",
      null: `
        address currency customer_account default_source description discount invoice_settings.custom_fields
        invoice_settings.default_payment_method invoice_settings.footer invoice_settings.rendering_options
        phone shipping tax.ip_address tax.location test_clock`,
      number: "balance created next_invoice_sequence",
      boolean: "delinquent livemode",
      object: "invoice_credit_balance",
      map: "metadata",
      list: "preferred_locales",
    },
    make: ({ call }) =>
      call("POST", "/v1/customers", "email=a@example.com&name=Ada&expand[]=tax&expand[]=invoice_credit_balance"),
  },
  {
    name: "customer.created.2026-08-26.dahlia",
    shape: {
      string: "id object description email invoice_prefix tax_exempt",
      null: `
        address currency customer_account default_source discount invoice_settings.custom_fields
        invoice_settings.default_payment_method invoice_settings.footer invoice_settings.rendering_options
        name phone shipping test_clock`,
      number: "balance created next_invoice_sequence",
      boolean: "delinquent livemode",
      map: "metadata",
      list: "preferred_locales",
    },
    make: ({ call }) => call("POST", "/v1/customers", "email=a@example.com&description=of+a+test"),
  },
  {
    name: "customer.custom_invoice_prefix.2026-08-26.dahlia",
    shape: {
      string: "id object email invoice_prefix tax_exempt",
      null: `
        address currency customer_account default_source description discount invoice_settings.custom_fields
        invoice_settings.default_payment_method invoice_settings.footer invoice_settings.rendering_options
        name phone shipping test_clock`,
      number: "balance created next_invoice_sequence",
      boolean: "delinquent livemode",
      map: "metadata",
      list: "preferred_locales",
    },
    make: ({ call }) => call("POST", "/v1/customers", "email=a@example.com&invoice_prefix=P626092001"),
  },
  {
    name: "customer.with_credit_balance.2026-08-26.dahlia",
    shape: {
      string: `
        id object currency description email invoice_prefix invoice_settings.default_payment_method
        tax_exempt`,
      null: `
        address customer_account default_source discount invoice_settings.custom_fields
        invoice_settings.footer invoice_settings.rendering_options name phone shipping test_clock`,
      number: "balance created next_invoice_sequence",
      boolean: "delinquent livemode",
      map: "metadata",
      list: "preferred_locales",
    },
    make: async ({ call }) => {
      const form = "email=a@example.com&description=a&payment_method=pm_card_visa";
      const { id } = await call("POST", "/v1/customers", form);
      const { data } = await call("GET", `/v1/customers/${id}/payment_methods`);
      const [method] = data as { id: string }[];
      await call("POST", `/v1/customers/${id}`, `invoice_settings[default_payment_method]=${method?.id}`);
      await call("POST", `/v1/customers/${id}/balance_transactions`, "amount=-334&currency=usd");
      return call("GET", `/v1/customers/${id}`);
    },
  },
  {
    name: "event.customer.deleted.2026-08-26.dahlia",
    shape: {
      string: `
        id object api_version data.object.id data.object.object data.object.email data.object.invoice_prefix
        data.object.tax_exempt request.id type`,
      number: "created data.object.balance data.object.created data.object.next_invoice_sequence pending_webhooks",
      null: `
        data.object.address data.object.currency data.object.customer_account data.object.default_source
        data.object.description data.object.discount data.object.invoice_settings.custom_fields
        data.object.invoice_settings.default_payment_method data.object.invoice_settings.footer
        data.object.invoice_settings.rendering_options data.object.name data.object.phone
        data.object.shipping data.object.test_clock request.idempotency_key`,
      boolean: "data.object.delinquent data.object.livemode livemode",
      map: "data.object.metadata",
      list: "data.object.preferred_locales",
    },
    make: async ({ call, event }) => {
      const { id } = await call("POST", "/v1/customers", "email=a@example.com");
      await call("DELETE", `/v1/customers/${id}`);
      return event("customer.deleted");
    },
  },
  {
    name: "list.empty.2026-08-26.dahlia",
    shape: {
      string: "object url",
      list: "data",
      boolean: "has_more",
    },
    make: ({ call }) => call("GET", "/v1/customers", "email=nobody@example.com"),
  },
];

// Tax rates, as Stripe was recorded.
import type { Making, RealBody } from "./shape.ts";

function taxRate(form: string): Making {
  return ({ call }) => call("POST", "/v1/tax_rates", form);
}

export const taxRateBodies: readonly RealBody[] = [
  {
    name: "tax_rate.minimal.2026-08-26.dahlia",
    shape: {
      string: "id object display_name rate_type",
      boolean: "active inclusive livemode",
      null: "country description flat_amount jurisdiction jurisdiction_level state tax_type",
      number: "created effective_percentage percentage",
      map: "metadata",
    },
    make: taxRate("display_name=probe&inclusive=false&percentage=10"),
  },
  {
    name: "tax_rate.inclusive_vat.2026-08-26.dahlia",
    shape: {
      string: "id object display_name jurisdiction rate_type tax_type",
      boolean: "active inclusive livemode",
      null: "country description flat_amount jurisdiction_level state",
      number: "created effective_percentage percentage",
      map: "metadata",
    },
    make: taxRate("display_name=VAT&percentage=20&inclusive=true&tax_type=vat&jurisdiction=DE"),
  },
  {
    name: "tax_rate.exclusive_us.2026-08-26.dahlia",
    shape: {
      string: "id object country display_name jurisdiction rate_type state",
      boolean: "active inclusive livemode",
      number: "created effective_percentage percentage",
      null: "description flat_amount jurisdiction_level tax_type",
      map: "metadata",
    },
    make: taxRate("display_name=CA&jurisdiction=US-CA&percentage=8.875&inclusive=false&country=US&state=CA"),
  },
  {
    name: "event.tax_rate.updated.2026-08-26.dahlia",
    shape: {
      string: `
        id object api_version data.object.id data.object.object data.object.description
        data.object.display_name data.object.rate_type request.id request.idempotency_key type`,
      number: "created data.object.created data.object.effective_percentage data.object.percentage pending_webhooks",
      boolean: `
        data.object.active data.object.inclusive data.object.livemode data.previous_attributes.active
        livemode`,
      null: `
        data.object.country data.object.flat_amount data.object.jurisdiction data.object.jurisdiction_level
        data.object.state data.object.tax_type data.previous_attributes.description`,
      map: "data.object.metadata",
    },
    make: async (maker) => {
      const { id } = await taxRate("display_name=probe&inclusive=false&percentage=10")(maker);
      await maker.call("POST", `/v1/tax_rates/${id}`, "active=false&description=archived");
      return maker.event("tax_rate.updated");
    },
  },
];

// Products, as Stripe was recorded.
import type { Making, RealBody } from "./shape.ts";

const product: Making = ({ call }) => call("POST", "/v1/products", "name=A+product");

export const productBodies: readonly RealBody[] = [
  {
    name: "product.minimal.2026-08-26.dahlia",
    shape: {
      string: "id object name type",
      boolean: "active livemode",
      list: "attributes images marketing_features",
      number: "created updated",
      null: `
        default_price description package_dimensions shippable statement_descriptor tax_code tax_details
        unit_label url`,
      map: "metadata",
    },
    make: product,
  },
  {
    name: "product.full.2026-08-26.dahlia",
    shape: {
      string: `
        id object description images[] marketing_features[].name name statement_descriptor tax_code
        tax_details.tax_code type unit_label url`,
      boolean: "active livemode shippable",
      list: "attributes",
      number: `
        created package_dimensions.height package_dimensions.length package_dimensions.weight
        package_dimensions.width updated`,
      null: "default_price tax_details.performance_location",
      map: "metadata",
    },
    make: ({ call }) =>
      call(
        "POST",
        "/v1/products",
        "name=Full&shippable=true&statement_descriptor=P7+DESC&unit_label=widget&url=https://example.com/full&" +
          "tax_code=txcd_10103000&description=d&images[]=https://example.com/i.png&marketing_features[0][name]=one&" +
          "package_dimensions[height]=1&package_dimensions[length]=2&package_dimensions[weight]=3&" +
          "package_dimensions[width]=4",
      ),
  },
  {
    name: "product.default_price_data.2026-08-26.dahlia",
    shape: {
      string: "id object default_price name type",
      boolean: "active livemode",
      list: "attributes images marketing_features",
      number: "created updated",
      null: "description package_dimensions shippable statement_descriptor tax_code tax_details unit_label url",
      map: "metadata",
    },
    make: ({ call }) =>
      call(
        "POST",
        "/v1/products",
        "name=Priced&default_price_data[currency]=usd&default_price_data[unit_amount]=1500&" +
          "default_price_data[recurring][interval]=month",
      ),
  },
  {
    name: "product.with_metadata.masked-2026-05",
    shape: {
      string: "id object name type",
      boolean: "active livemode",
      list: "attributes images marketing_features",
      number: "created updated",
      null: `
        default_price description package_dimensions shippable statement_descriptor tax_code tax_details
        unit_label url`,
      map: "metadata",
    },
    make: ({ call }) => call("POST", "/v1/products", "name=A&metadata[plan]=a"),
  },
  {
    name: "product.deleted.2026-08-26.dahlia",
    shape: {
      string: "id object",
      boolean: "deleted",
    },
    make: async (maker) => {
      const { id } = await product(maker);
      return maker.call("DELETE", `/v1/products/${id}`);
    },
  },
  {
    name: "event.product.created.2026-08-26.dahlia",
    shape: {
      string: `
        id object api_version data.object.id data.object.object data.object.name data.object.type request.id
        request.idempotency_key type`,
      number: "created data.object.created data.object.updated pending_webhooks",
      boolean: "data.object.active data.object.livemode livemode",
      list: "data.object.attributes data.object.images data.object.marketing_features",
      null: `
        data.object.default_price data.object.description data.object.package_dimensions
        data.object.shippable data.object.statement_descriptor data.object.tax_code data.object.tax_details
        data.object.unit_label data.object.url`,
      map: "data.object.metadata",
    },
    make: async (maker) => {
      await product(maker);
      return maker.event("product.created");
    },
  },
  {
    name: "event.product.updated.2026-08-26.dahlia",
    shape: {
      string: `
        id object api_version data.object.id data.object.object data.object.description data.object.name
        data.object.type request.id request.idempotency_key type`,
      number: "created data.object.created data.object.updated pending_webhooks",
      boolean: "data.object.active data.object.livemode livemode",
      list: "data.object.attributes data.object.images data.object.marketing_features",
      null: `
        data.object.default_price data.object.package_dimensions data.object.shippable
        data.object.statement_descriptor data.object.tax_code data.object.tax_details data.object.unit_label
        data.object.url data.previous_attributes.description`,
      map: "data.object.metadata data.previous_attributes.metadata",
    },
    make: async (maker) => {
      const { id } = await product(maker);
      await maker.call("POST", `/v1/products/${id}`, "description=d&metadata[a]=1");
      return maker.event("product.updated");
    },
  },
  {
    name: "event.product.deleted.2026-08-26.dahlia",
    shape: {
      string: `
        id object api_version data.object.id data.object.object data.object.description data.object.name
        data.object.type request.id type`,
      number: "created data.object.created data.object.updated pending_webhooks",
      boolean: "data.object.active data.object.livemode livemode",
      list: "data.object.attributes data.object.images data.object.marketing_features",
      null: `
        data.object.default_price data.object.package_dimensions data.object.shippable
        data.object.statement_descriptor data.object.tax_code data.object.tax_details data.object.unit_label
        data.object.url request.idempotency_key`,
      map: "data.object.metadata",
    },
    make: async (maker) => {
      const { id } = await maker.call("POST", "/v1/products", "name=A&description=d");
      await maker.call("DELETE", `/v1/products/${id}`);
      return maker.event("product.deleted");
    },
  },
];

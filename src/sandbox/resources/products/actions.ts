// What happens to a product. Its first price is made, and its default checked, by prices, which know both.
import { hidden } from "../../kernel/state/noun.ts";
import { signal } from "../../kernel/state/reactions.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, among, change, erase, read } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, given, hash, text, textOrNull, texts } from "../../kernel/words/params.ts";
import { shortDescriptor } from "../../kernel/words/texts.ts";
import { checkCode } from "../tax_codes/index.ts";
import { productDefaults } from "./defaults.table.ts";
import { type DeletedProduct, type Product, products } from "./product.ts";
import { rows } from "./refusals.table.ts";

/** `defaultPrice`: the id of the price that is made with it. */
export function makeProduct(unit: Unit, params: Params, defaultPrice: string | null = null): Product {
  return add(unit, products, shapeOf(unit, params, defaultPrice), "product.created");
}

/**
 * What an amount alone is billed for: the one product of that name, which is not active and of which no event tells
 * (recorded).
 */
export function productBilledAs(unit: Unit, name: string): Product {
  const known = among(unit, products, "hidden.billedAs", name)[0];
  if (known) return known;
  const shape = shapeOf(unit, { name, active: false }, null);
  return add(unit, products, { ...shape, [hidden]: { billedAs: name } }, null);
}

function shapeOf(unit: Unit, params: Params, defaultPrice: string | null): Product {
  const name = text(params, "name");
  if (name === undefined) throw missingParameter("name");
  return {
    id: newId(unit, params),
    object: "product",
    active: boolean(params, "active") ?? true,
    attributes: texts(params, "attributes") ?? [],
    created: unit.created,
    default_price: defaultPrice,
    description: text(params, "description") ?? null,
    images: imagesOf(params) ?? [],
    livemode: false,
    marketing_features: featuresOf(params) ?? [],
    metadata: { ...mergeMetadata({}, params.metadata) },
    name,
    package_dimensions: dimensionsOf(params) ?? null,
    shippable: boolean(params, "shippable") ?? null,
    statement_descriptor: descriptorOf(params) ?? null,
    ...taxOf(unit, params, { tax_code: null, tax_details: null }),
    type: (text(params, "type") ?? "service") as Product["type"],
    unit_label: text(params, "unit_label") ?? null,
    updated: unit.created,
    url: text(params, "url") ?? null,
    ...oldFields(params),
  };
}

/** `defaultPrice`: already found to be one of its own; undefined leaves the one it has. */
export function changeProduct(unit: Unit, before: Product, params: Params, defaultPrice?: string | null): Product {
  const or = <T>(sent: T | undefined, kept: T): T => (sent === undefined ? kept : sent);
  const changes = {
    active: boolean(params, "active") ?? before.active,
    attributes: texts(params, "attributes") ?? before.attributes,
    default_price: or(defaultPrice, before.default_price),
    description: or(textOrNull(params, "description"), before.description),
    images: or(imagesOf(params), before.images),
    marketing_features: or(featuresOf(params), before.marketing_features),
    metadata: { ...mergeMetadata(before.metadata, params.metadata) },
    name: text(params, "name") ?? before.name,
    package_dimensions: or(dimensionsOf(params), before.package_dimensions),
    shippable: boolean(params, "shippable") ?? before.shippable,
    statement_descriptor: or(descriptorOf(params), before.statement_descriptor),
    ...taxOf(unit, params, before),
    unit_label: or(textOrNull(params, "unit_label"), before.unit_label),
    updated: unit.created,
    url: or(textOrNull(params, "url"), before.url),
    ...oldFields(params),
  };
  return change(unit, products, before, changes, "product.updated");
}

/** The event shows it inactive (recorded). */
export function removeProduct(unit: Unit, product: Product): DeletedProduct {
  const gone = change(unit, products, product, { active: false, updated: unit.created }, null);
  erase(unit, products, gone, "product.deleted");
  signal(unit, products, "delete", product, gone);
  return { id: product.id, object: "product", deleted: true };
}

function newId(unit: Unit, params: Params): string {
  const own = text(params, "id");
  if (own === undefined) return unit.world.ids.next("prod", 14);
  if (read(unit, products, own)) throw refusal(rows.productExists);
  return own;
}

/** Shown by those only who have them. */
function oldFields(params: Params) {
  return given({ caption: text(params, "caption"), deactivate_on: texts(params, "deactivate_on") });
}

const imagesMax = productDefaults.images.value;
const featuresMax = productDefaults.marketingFeatures.value;

function imagesOf(params: Params): Product["images"] | undefined {
  return params.images === undefined ? undefined : [...(atMost(texts(params, "images"), "images", imagesMax) ?? [])];
}

function featuresOf({ marketing_features: sent }: Params): Product["marketing_features"] | undefined {
  if (sent === undefined) return undefined;
  if (!Array.isArray(sent)) return [];
  return atMost(sent, "marketing_features", featuresMax).map((one: Params) => ({ name: text(one, "name") ?? "" }));
}

function atMost<L extends readonly unknown[] | undefined>(list: L, param: string, limit: number): L {
  if (list && list.length > limit) throw refusal(common.listTooLong, { param, limit }, { param });
  return list;
}

/** Whole, as the schema has seen; null unsets. */
function dimensionsOf(params: Params): Product["package_dimensions"] | undefined {
  if (params.package_dimensions === undefined) return undefined;
  const sent = hash(params, "package_dimensions");
  const side = (name: string) => Number(sent?.[name]);
  if (!sent) return null;
  return { height: side("height"), length: side("length"), weight: side("weight"), width: side("width") };
}

/** https://docs.stripe.com/api/products/create#create_product-statement_descriptor */
function descriptorOf(params: Params): string | null | undefined {
  const sent = shortDescriptor(params);
  if (sent === undefined || sent === null) return sent;
  if (/[<>\\"']/.test(sent) || !/\p{L}/u.test(sent)) throw refusal(rows.descriptorInvalid);
  return sent;
}

type Taxed = Pick<Product, "tax_code" | "tax_details">;

/** The code stands at two places, and may be sent at either (recorded). */
function taxOf(unit: Unit, params: Params, before: Taxed): Taxed {
  const details = hash(params, "tax_details");
  const isSent = params.tax_code !== undefined || params.tax_details !== undefined;
  if (!isSent) return { tax_code: before.tax_code ?? null, tax_details: before.tax_details };
  const place = details?.tax_code === undefined ? params : details;
  const param = place === params ? "tax_code" : "tax_details[tax_code]";
  const sent = textOrNull(place, "tax_code");
  const code = sent === undefined ? (before.tax_code ?? null) : sent;
  if (code !== null) checkCode(unit, code, param);
  const location = text(details ?? {}, "performance_location") ?? before.tax_details?.performance_location ?? null;
  const tax_details = code === null && location === null ? null : { performance_location: location, tax_code: code };
  return { tax_code: code, tax_details };
}

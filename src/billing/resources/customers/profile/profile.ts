// What a host says of a customer, as it stands in our row, as Stripe is told it, and whether Stripe has it so. In a row
// null is what nobody has said, which Stripe is not told either; what was emptied is an empty text, an empty address.
import { type Address, addressParts, type TaxExempt } from "../../../api/index.ts";
import type { Remote } from "../../../kernel/contract/reacting.ts";
import { orNull, record, type Shaped, text, texts } from "../../../kernel/contract/shape.ts";
import type { FormValue } from "../../../kernel/stripe/form.ts";
import type { CustomerRow } from "../tables.ts";

/** Of a wish: what was known of the customer when it was written down. */
export const profileShapes = {
  email: orNull(text),
  name: orNull(text),
  phone: orNull(text),
  address: orNull(texts),
  locale: orNull(text),
  taxExempt: orNull(text),
  metadata: orNull(texts),
};
const profileShape = record(profileShapes);
export type Profile = Shaped<typeof profileShape>;
/** Of some of its fields, what they become. */
export type ProfileChanges = Partial<Profile>;

export function profileOf(row: CustomerRow): Profile {
  const { email, name, phone, locale, tax_exempt: taxExempt } = row;
  const address = row.address === null ? null : texts.read(JSON.parse(row.address), "address");
  const metadata = metadataOf(row);
  const said = Object.keys(metadata).length === 0 ? null : metadata;
  return { email, name, phone, address, locale, taxExempt, metadata: said };
}

export function metadataOf({ metadata }: Pick<CustomerRow, "metadata">): Readonly<Record<string, string>> {
  return texts.read(JSON.parse(metadata), "metadata");
}

type ProfileColumns = Pick<CustomerRow, Exclude<keyof Profile, "taxExempt"> | "tax_exempt">;

/** The columns after these changes. */
export function columnsAfter(before: ProfileColumns, changes: ProfileChanges): ProfileColumns {
  const { email, name, phone, locale, taxExempt, address, metadata } = changes;
  const sorted = (values: Readonly<Record<string, string>>) =>
    JSON.stringify(Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))));
  return {
    email: email ?? before.email,
    name: name ?? before.name,
    phone: phone ?? before.phone,
    locale: locale ?? before.locale,
    tax_exempt: taxExempt ?? before.tax_exempt,
    address: address ? sorted(address) : before.address,
    metadata: metadata ? sorted(merged(metadataOf(before), metadata)) : before.metadata,
  };
}

/** To take away what is not there changes nothing. */
function merged(before: Readonly<Record<string, string>>, changes: Readonly<Record<string, string>>) {
  const real = Object.entries(changes).filter(([name, value]) => value !== "" || Object.hasOwn(before, name));
  return { ...before, ...Object.fromEntries(real) };
}

/** Nothing is known of them. */
export const unsaid: ProfileColumns = {
  email: null,
  name: null,
  phone: null,
  address: null,
  locale: null,
  tax_exempt: null,
  metadata: "{}",
};

/** As parameters of a Customer. */
export function profileParams(profile: Profile): Record<string, FormValue> {
  const { email, name, phone, address, locale, taxExempt, metadata } = profile;
  return {
    email: email ?? undefined,
    name: name ?? undefined,
    phone: phone ?? undefined,
    address: address === null ? undefined : isEmpty(address) ? "" : addressParams(address),
    preferred_locales: locale === null ? undefined : locale === "" ? "" : [locale],
    tax_exempt: taxExempt ?? undefined,
    metadata: metadata === null ? undefined : { ...metadata },
  };
}

/** Of one who is new there is nothing to empty. */
export function newProfileParams(profile: Profile): Record<string, FormValue> {
  return Object.fromEntries(Object.entries(profileParams(profile)).filter(([, value]) => value !== ""));
}

/** What stands at Stripe, as columns. The marks are ours, and what the host may not say it is not told either. */
export function columnsOf(remote: {
  readonly email: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly address: Readonly<Record<string, string | null>> | null;
  readonly preferred_locales: readonly string[] | null;
  readonly tax_exempt: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}): ProfileColumns {
  const { email, name, phone, preferred_locales, tax_exempt: taxExempt, address } = remote;
  const parts = addressParts.flatMap((part) => {
    const value = address?.[stripeName(part)];
    return value ? [[part, value] as const] : [];
  });
  const metadata = Object.fromEntries(Object.entries(remote.metadata).filter(([key]) => !key.startsWith("bursar_")));
  return columnsAfter(unsaid, {
    email,
    name,
    phone,
    locale: preferred_locales?.[0] ?? null,
    taxExempt: taxExempt === "none" ? null : taxExempt,
    address: parts.length === 0 ? null : Object.fromEntries(parts),
    metadata,
  });
}

/** Every part: one that is not named would stay as it was. */
function addressParams(address: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(addressParts.map((part) => [stripeName(part), address[part] ?? ""]));
}

function stripeName(part: (typeof addressParts)[number]): string {
  return part === "postalCode" ? "postal_code" : part;
}

/** Whether the Customer is as it was to be told. */
export function holdsProfile(remote: Remote, profile: Profile): boolean {
  const { email, name, phone, address, locale, taxExempt, metadata } = profile;
  const at = (value: unknown) => (typeof value === "string" ? value : "");
  const there = (remote.address ?? {}) as Record<string, unknown>;
  const [preferred = ""] = (remote.preferred_locales ?? []) as readonly string[];
  const texts = (remote.metadata ?? {}) as Record<string, unknown>;
  const plain = { email, name, phone };
  return (
    Object.entries(plain).every(([field, value]) => value === null || at(remote[field]) === value) &&
    (address === null || addressParts.every((part) => at(there[stripeName(part)]) === (address[part] ?? ""))) &&
    (locale === null || preferred === locale) &&
    (taxExempt === null || at(remote.tax_exempt) === taxExempt) &&
    Object.entries(metadata ?? {}).every(([key, value]) => at(texts[key]) === value)
  );
}

/** As a caller sees them. */
export function viewProfile(row: CustomerRow) {
  const { address } = profileOf(row);
  return {
    email: row.email || null,
    name: row.name || null,
    phone: row.phone || null,
    address: address === null || isEmpty(address) ? null : (address as Address),
    locale: row.locale || null,
    taxExempt: (row.tax_exempt ?? "none") as TaxExempt,
    metadata: withoutEmpty(metadataOf(row)),
  };
}

export function withoutEmpty(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== ""));
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

// Stripe's rules for metadata: at most 50 keys of 40 characters with values of 500, always texts. Sent keys merge; an
// empty value deletes its key; an empty `metadata` deletes all. https://docs.stripe.com/metadata

import { commonDefaults } from "./defaults.table.ts";
import { common } from "./errors.table.ts";
import { refusal } from "./errors.ts";
import { setOwn } from "./form.ts";

export type Metadata = Readonly<Record<string, string>>;

const keysMax = commonDefaults.metadataKeys.value;
const keyLengthMax = commonDefaults.metadataKeyLength.value;
const valueLengthMax = commonDefaults.metadataValueLength.value;

/** `mergeMetadata({ a: "1" }, { a: "", b: "2" })` is `{ b: "2" }`. `undefined` changes nothing. */
export function mergeMetadata(before: Metadata, sent: unknown): Metadata {
  if (sent === undefined) return before;
  if (sent === null || sent === "" || typeof sent !== "object") return {};
  const merged: Record<string, string> = { ...before };
  for (const [key, raw] of Object.entries(sent)) {
    const value = raw === null || raw === undefined ? "" : String(raw);
    checkPair(key, value);
    if (value === "") delete merged[key];
    else setOwn(merged, key, value);
  }
  if (Object.keys(merged).length > keysMax) {
    throw refusal(common.metadataTooLong, { limit: keysMax });
  }
  return merged;
}

function checkPair(key: string, value: string): void {
  if (key.length > keyLengthMax) {
    throw refusal(common.metadataKeyTooLong, { limit: keyLengthMax, length: key.length, key });
  }
  if (/[[\]]/.test(key)) {
    throw refusal(common.metadataKeyBracketed, { key });
  }
  if (value.length > valueLengthMax) {
    throw refusal(common.metadataValueTooLong, { limit: valueLengthMax, length: value.length, value });
  }
}

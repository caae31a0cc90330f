import type { Params } from "../state/resource.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal } from "../words/errors.ts";
import type { VersionChange } from "./change.ts";

/** 2026-09-30. https://docs.stripe.com/changelog/endive */
export const endive: VersionChange = {
  family: "endive",
  added: {
    charge: ["payment_method_details.card.electronic_commerce_indicator"],
    payment_intent: ["payment_record"],
  },
  up: [
    {
      since: "2026-09-30",
      operations: /^POST \/v1\/(?:payment_intents(?:\/:id(?:\/confirm)?)?|setup_intents(?:\/:id)?)$/,
      lift: refuseTypesInPreview,
    },
  ],
};

/** The preview of the month before had it already; its schema is dahlia's. https://docs.stripe.com/changelog/dahlia */
function refuseTypesInPreview(params: Params, version: string): Params {
  if (!version.startsWith("2026-08-26.preview") || params.payment_method_types === undefined) return params;
  throw refusal(common.methodTypesRetired, {}, beforeWork);
}

// Takes a tax id away at Stripe, whoever has given it.
import { record, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../../kernel/contract/verb.ts";
import { userOfTaxId } from "../wishes.ts";
import { lockCustomer } from "../write.ts";
import { takeAway } from "./rows.ts";

/** The subject is `<id>/<id of the tax id>`: it is taken away once. */
export const removeTaxId = defineVerb({
  name: "customers.removeTaxId",
  params: record({ stripeTaxId: text }),
  outcome: record({ stripeTaxId: text }),
  lane: ({ subject }) => `customer:${userOfTaxId(subject)}`,
  about: ({ subject }) => ({ customerId: userOfTaxId(subject) }),
  steps: [
    {
      name: "remove",
      answer: itsId,
      touches: ({ params }) => params.stripeTaxId,
      embeds: ({ params }) => [{ kind: "tax_id", id: params.stripeTaxId }],
      request: ({ params }) => ({ method: "DELETE", path: `/v1/tax_ids/${params.stripeTaxId}`, params: {} }),
      holds: (remote) => remote.deleted === true,
      gone: ({ params }) => ({ id: params.stripeTaxId, object: "tax_id", deleted: true }),
    },
  ],
  async answered({ tx, now }, { subject, params: { stripeTaxId } }) {
    await lockCustomer(tx, userOfTaxId(subject));
    await takeAway(tx, [stripeTaxId], now);
    return { stripeTaxId };
  },
  refused: flagPromised("customers.removeTaxId"),
});

// Makes an invoice of the host's lines: the draft first, then all its lines with one call, then it is made final. A
// refusal on the way takes the draft back, so that nothing half-made is asked of anybody. What follows, a mail or a
// charge, is filed by the transaction in which it became final: a crash loses neither.
import type { FiledOperation, News, Reacting, Remote } from "../../../kernel/contract/reacting.ts";
import { oneOf, record, text } from "../../../kernel/contract/shape.ts";
import {
  defineVerb,
  type Finder,
  filed,
  itsId,
  type OperationView,
  type Refusal,
  type StepRequest,
} from "../../../kernel/contract/verb.ts";
import { mark, marksOf } from "../../marks.ts";
import { fieldsOf } from "../../remote_fields.ts";
import { whyNot } from "../moves/not_done.ts";
import { send } from "../moves/send_verb.ts";
import { discard } from "../moves/verbs.ts";
import { pay } from "../pay/verb.ts";
import { wishIn } from "../pay/wish.ts";
import { bindMade, letMadeGo, reserveMade } from "./made.ts";
import { draftParams, type FollowUp, followUps, lineMark, lineParams, type MadeWish, madeWish } from "./wish.ts";

type Making = OperationView<MadeWish>;
interface Drafted {
  readonly draft: { readonly id: string };
}

const draftStep = {
  name: "draft",
  answer: itsId,
  embeds: ({ params: { stripeCustomerId, method } }: Making) => [
    { kind: "customer", id: stripeCustomerId },
    ...(method === null ? [] : [{ kind: "payment_method", id: method }]),
  ],
  request: (operation: Making): StepRequest => ({
    method: "POST",
    path: "/v1/invoices",
    params: draftParams(operation),
  }),
  // By customer: of one that hangs on a test clock no window of Stripe's time would hold it.
  async find({ id, params }: Making, { list }: Finder): Promise<Remote | null> {
    const made = await list(`/v1/invoices?limit=100&customer=${params.stripeCustomerId}`);
    return made.find((invoice) => marksOf(invoice).operation === id) ?? null;
  },
} as const;

/** https://docs.stripe.com/api/invoice-line-item/bulk */
const linesStep = {
  name: "lines",
  answer: itsId,
  touches: (_operation: Making, { draft }: Drafted) => draft.id,
  embeds: ({ params: { prices } }: Making) => Object.values(prices).map((id) => ({ kind: "price", id })),
  request: (operation: Making, { draft }: Drafted): StepRequest => ({
    method: "POST",
    path: `/v1/invoices/${draft.id}/add_lines`,
    params: lineParams(operation),
  }),
  holds(invoice: Remote, { id }: Making): boolean {
    const { data } = fieldsOf(invoice.lines);
    return Array.isArray(data) && data.some((line) => mark(fieldsOf(line), lineMark) === id);
  },
} as const;

/** The draft, and with it its lines. */
function takeBack(_operation: Making, { draft }: Drafted): FiledOperation {
  return filed(discard, { subject: draft.id, attempt: 1, params: { invoiceId: draft.id } });
}

const ofMade = {
  params: madeWish,
  lane: ({ subject }: Pick<Making, "subject">) => `invoice_made:${subject}`,
  about: ({ subject }: Pick<Making, "subject">) => ({ ownId: subject }),
  validForMs: ({ params }: Making) => params.validForMs,
};

export const draft = defineVerb({
  name: "invoices.draft",
  ...ofMade,
  outcome: record({ invoiceId: text }),
  reserve: (reacting, operation) => reserveMade(reacting, operation, "invoices.draft"),
  steps: [{ ...draftStep, undo: takeBack }, linesStep],
  async answered(reacting, { subject }, { draft: made }) {
    await bindMade(reacting, { id: subject, invoiceId: made.id });
    return { invoiceId: made.id };
  },
  refused: notMade,
});

export const create = defineVerb({
  name: "invoices.create",
  ...ofMade,
  outcome: record({ invoiceId: text, next: oneOf(followUps) }),
  reserve: (reacting, operation) => reserveMade(reacting, operation, "invoices.create"),
  steps: [
    { ...draftStep, undo: takeBack },
    { ...linesStep, undo: takeBack },
    {
      name: "finalize",
      answer: record({ id: text, status: text }),
      touches: (_operation, { draft: made }) => made.id,
      request: (_operation, { draft: made }) => ({
        method: "POST",
        path: `/v1/invoices/${made.id}/finalize`,
        params: { auto_advance: false },
      }),
      holds: ({ status }) => status !== "draft",
    },
  ],
  async answered(reacting, operation, { finalize }) {
    await bindMade(reacting, { id: operation.subject, invoiceId: finalize.id });
    // What asks for nothing is paid at once, and there is nothing to mail or to charge.
    const next = finalize.status === "open" ? operation.params.next : "nothing";
    const followUp = followUpOf(finalize.id, { next, operation });
    if (followUp) await reacting.fileOperation(followUp);
    return { invoiceId: finalize.id, next };
  },
  refused: notMade,
});

/** No host can give such an id: it is the wish of the one command that made the invoice. */
export const followUpSubject = (invoiceId: string) => `${invoiceId}/create/`;

function followUpOf(
  invoiceId: string,
  { next, operation }: { readonly next: FollowUp; readonly operation: Making },
): FiledOperation | undefined {
  const wish = { subject: followUpSubject(invoiceId), attempt: 1, isAwaited: !operation.isPromised };
  if (next === "send") return filed(send, { ...wish, params: { invoiceId } });
  if (next === "nothing") return undefined;
  return filed(pay, { ...wish, wishedAt: operation.createdAt, params: payOf(invoiceId, operation.params) });
}

export function payOf(invoiceId: string, { method, validForMs }: MadeWish) {
  return wishIn(invoiceId, { method: method ?? undefined, validForMs });
}

async function notMade(reacting: Reacting, operation: Making, refusal: Refusal): Promise<readonly News[]> {
  const { subject, attempt, params } = operation;
  await letMadeGo(reacting, subject);
  const why = whyNot(operation, refusal);
  if (!why) return [];
  const data = { ownId: subject, customerId: params.customerId, attempt, ...why };
  return [{ type: "invoice.not_made", subject, transition: operation.id, data }];
}

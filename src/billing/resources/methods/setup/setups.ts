// READ FIRST: a setup is a customer's wish to save a way to pay, without paying now. At Stripe it has one SetupIntent,
// which lives until a method was saved or somebody cancels it. Everything here is pure.
// https://docs.stripe.com/payments/setupintents/lifecycle
import type { CollectionStatus } from "../../../api/index.ts";
import { idOf } from "../../../kernel/contract/context.ts";
import { type Belonging, type MirroredRow, mirrorKind } from "../../../kernel/contract/manifest.ts";
import type { Fields, News, RaisedFlag, Remote } from "../../../kernel/contract/reacting.ts";
import { marksOf } from "../../marks.ts";
import { fieldsOf } from "../../remote_fields.ts";
import type { SetupRow } from "../tables.ts";

declare module "../../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** Something that we live by is different. */
    "setup.changed": SetupMirror;
  }
}

export interface SetupMirror extends MirroredRow {
  readonly status: CollectionStatus;
  /** What was saved, once it was. */
  readonly method: string | null;
  readonly failure: SetupFailure | null;
}

/** Why the last attempt failed. */
export interface SetupFailure {
  readonly code: string;
  readonly declineCode: string | null;
}

const statuses: Readonly<Record<string, CollectionStatus>> = {
  requires_action: "action_required",
  processing: "processing",
  succeeded: "succeeded",
  canceled: "canceled",
};

const belongsTo = (remote: Fields): Belonging => ({ customer: idOf(remote.customer), parent: null });

function setupRow(remote: Remote): SetupMirror | undefined {
  const status = statuses[String(remote.status)] ?? "open";
  const isSaved = status === "succeeded";
  // What was saved is told by the attempt, which is shown to who asks for it.
  if (isSaved && typeof remote.latest_attempt === "string") return undefined;
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    isFinal: status === "succeeded" || status === "canceled",
    status,
    method: isSaved ? (generatedBy(fieldsOf(remote.latest_attempt)) ?? idOf(remote.payment_method)) : null,
    failure: failureOf(remote.last_setup_error as Fields | null | undefined),
  };
}

/**
 * A redirect is used up, and leaves a bank account behind.
 * https://docs.stripe.com/api/setup_attempts/object#setup_attempt_object-payment_method_details
 */
function generatedBy({ payment_method_details }: Fields): string | null {
  const details = fieldsOf(payment_method_details);
  return idOf(fieldsOf(details[String(details.type)]).generated_sepa_debit);
}

function failureOf(error: Fields | null | undefined): SetupFailure | null {
  if (!error) return null;
  const { code, decline_code } = error;
  return { code: String(code ?? "unknown"), declineCode: typeof decline_code === "string" ? decline_code : null };
}

function setupNews(before: SetupMirror | null, after: SetupMirror, version: number): News<"setup.changed">[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ type: "setup.changed", subject: after.id, transition: `${after.id}@${version}`, data: after }];
}

export const setupKind = mirrorKind<SetupMirror>({
  kind: "setup_intent",
  path: (id) => `/v1/setup_intents/${id}?expand[]=latest_attempt`,
  list: { path: "/v1/setup_intents", byCustomer: true, showing: "expand[]=data.latest_attempt" },
  belongsTo,
  row: setupRow,
  facts: setupNews,
});

/** Nobody is shown it, and what is saved by it is the customer's all the same. */
export function secondSetup({ id, setup_intent }: SetupRow, second: { readonly id: string }): RaisedFlag {
  return { kind: "second_setup_intent", subject: id, detail: `${second.id} bears the marks of ${setup_intent}` };
}

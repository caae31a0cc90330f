// Links to hosted pages. A link is 256 random bits; only their SHA-256 is stored, with purpose, subject and expiry. The
// first GET exchanges them for an HttpOnly cookie that is good for one page's path and redirects to a clean URL, so the
// secret stays out of histories, Referer headers and screenshots. An order id or a page id in a URL grants nothing.
import type { Ports } from "#kit/ports.ts";
import { execute } from "#kit/sql/statement.ts";
import type { BillingSql, BillingTx } from "../kernel/store/tables.ts";
import { hashOf, secretTextLength } from "./keys/keys.ts";
import { type LinkRow, type PagePurpose, pagePurposes } from "./tables.ts";

/** A payer opens the page now or finds the mail tomorrow; a day later the shop makes a new link. */
export const pageLinkMs = 24 * 3_600_000;
/** Time to fetch the card, the phone and the bank's app. Opening the link again starts a new session. */
export const pageSessionMs = 2 * 3_600_000;

export interface LinkContext {
  readonly sql: BillingSql;
  readonly ports: Pick<Ports, "clock" | "ids">;
  readonly options: { readonly publicUrl: string; readonly returnOrigins?: readonly string[] };
}

/** What an opened session allows: one page for one subject. */
export interface PageSession {
  readonly pageId: string;
  readonly purpose: PagePurpose;
  readonly subject: string;
  readonly returnUrl: string | null;
  /** Whether the host has said that the payer may see the customer's cards. */
  readonly savedMethods: boolean;
}

/**
 * A new link to a hosted page: of an order's checkout, of an invoice, or of a card that is to be saved.
 * @example const { url, expiresAt } = await openPageLink(core, { purpose: "checkout", subject: "order_9001" });
 */
export async function openPageLink(
  context: LinkContext,
  input: { purpose: PagePurpose; subject: string; returnUrl?: string | undefined; savedMethods?: boolean },
): Promise<{ url: string; expiresAt: Date }> {
  const secret = context.ports.ids.text(secretTextLength);
  const now = context.ports.clock.now();
  const row: LinkRow = {
    hash: hashOf(secret),
    page_id: context.ports.ids.next("page"),
    purpose: input.purpose,
    subject: input.subject,
    return_url: input.returnUrl ?? null,
    saved_methods: input.savedMethods ? 1 : 0,
    created_at: now,
    expires_at: now + pageLinkMs,
  };
  await context.sql.write("links.create", async (tx) => {
    await execute(tx, inserting, row);
  });
  const base = context.options.publicUrl.replace(/\/+$/, "");
  return { url: `${base}/pay/open/${secret}`, expiresAt: new Date(row.expires_at) };
}

function inserting(tx: BillingTx, row: LinkRow) {
  return tx.insertInto("links").values(row);
}

/** Undefined when the link is unknown or over. The answer's secret is the cookie. */
export async function exchangeLink(
  context: LinkContext,
  secret: string,
): Promise<{ pageId: string; cookie: string; maxAgeMs: number } | undefined> {
  const link = await findLink(context, secret);
  const purpose = pagePurposes.find((one) => one === link?.purpose);
  if (!link || !purpose) return undefined;
  const cookie = context.ports.ids.text(secretTextLength);
  const now = context.ports.clock.now();
  await context.sql.write("links.exchange", async (tx) => {
    // What is over helps nobody; cleaning where rows are made keeps the table as small as its traffic.
    await tx.deleteFrom("links").where("expires_at", "<=", now).execute();
    const session: LinkRow = { ...link, hash: hashOf(cookie), purpose: `${purpose}_session`, created_at: now };
    await tx
      .insertInto("links")
      .values({ ...session, expires_at: now + pageSessionMs })
      .execute();
  });
  return { pageId: link.page_id, cookie, maxAgeMs: pageSessionMs };
}

export async function findSession(
  context: LinkContext,
  input: { pageId: string; cookie: string | undefined },
): Promise<PageSession | undefined> {
  if (!input.cookie) return undefined;
  const row = await findLink(context, input.cookie);
  const purpose = pagePurposes.find((one) => `${one}_session` === row?.purpose);
  if (row?.page_id !== input.pageId || !purpose) return undefined;
  const { page_id: pageId, subject, return_url: returnUrl, saved_methods } = row;
  return { pageId, purpose, subject, returnUrl, savedMethods: saved_methods === 1 };
}

async function findLink(context: LinkContext, secret: string) {
  const row = await context.sql.read("links.find", (reader) =>
    reader.selectFrom("links").selectAll().where("hash", "=", hashOf(secret)).executeTakeFirst(),
  );
  return row && row.expires_at > context.ports.clock.now() ? row : undefined;
}

/** Whether a return URL leads to billing's own origin or to one that the configuration names. */
export function isReturnUrlAllowed(context: Pick<LinkContext, "options">, returnUrl: string): boolean {
  const url = URL.parse(returnUrl);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) return false;
  const origins = [context.options.publicUrl, ...(context.options.returnOrigins ?? [])];
  return origins.some((origin) => URL.parse(origin)?.origin === url.origin);
}

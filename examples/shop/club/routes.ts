// The club's routes. Whatever a form wishes is done under the wish's id, and answered by a page that shows how it
// stands.
import { randomUUID } from "node:crypto";
import { planNamed } from "./catalog.ts";
import { type ClubDesk, type ClubState, type Next, type Saying, sayings, type Wish } from "./club.ts";
import { clubPage, upgradePage } from "./pages.ts";

export interface ClubVisit {
  readonly desk: ClubDesk;
  /** null: nobody that the shop knows yet. */
  readonly customer: string | null;
  /** Makes one of them. */
  newCustomer(): string;
  readonly cart: readonly { readonly quantity: number }[];
  /** Of the club, as browsers reach it. */
  readonly url: string;
  readonly method: string;
  /** Below `/club`: `/upgrade`. */
  readonly path: string;
  readonly query: URLSearchParams;
  form(): Promise<URLSearchParams>;
}

type Answer = { readonly status: 200; readonly html: string } | { readonly status: 303; readonly location: string };

const nobody: ClubState = { membership: null, pro: { allowed: false, until: null, isGrace: false } };

/** Undefined where there is no such page. */
export async function answerClub(visit: ClubVisit): Promise<Answer | undefined> {
  const { desk, customer, cart, method, path, query } = visit;
  const [, first = "", id = ""] = path.split("/");
  if (method === "POST") return post(visit, first);
  if (method !== "GET") return undefined;
  if (first === "") {
    const state = customer === null ? nobody : await desk.state(customer);
    const said = sayings.find((one) => one === query.get("said")) ?? null;
    return { status: 200, html: clubPage({ cart, state, said, wish: randomUUID() }) };
  }
  if (customer === null) return toClub(null);
  if (first === "upgrade") {
    const bill = await desk.preview(customer, "pro");
    return bill ? { status: 200, html: upgradePage({ cart, plan: "pro", bill }) } : toClub("stale");
  }
  if (first === "card" && isWish(id)) return follow(await desk.takeCard({ customer, id }));
  return undefined;
}

async function post(visit: ClubVisit, action: string): Promise<Answer | undefined> {
  const { desk, url } = visit;
  const form = await visit.form();
  const given = form.get("wish") ?? "";
  const id = isWish(given) ? given : randomUUID();
  if (action === "join") {
    const plan = planNamed(form.get("plan") ?? "");
    if (!plan) return undefined;
    return follow(await desk.join({ customer: visit.customer ?? visit.newCustomer(), id }, plan, url));
  }
  const { customer } = visit;
  if (customer === null) return toClub("stale");
  const wish: Wish = { customer, id };
  const actions: Readonly<Record<string, () => Promise<Next>>> = {
    upgrade: () => desk.upgrade(customer, form.get("token") ?? "", url),
    drop: () => desk.dropUpgrade(wish),
    pay: () => desk.pay(customer, url),
    card: () => desk.askCard(wish, `${url}/card/${id}`),
    leave: () => desk.leave(wish, form.get("when") === "now" ? "now" : "period_end"),
    stay: () => desk.stay(wish),
  };
  const work = Object.hasOwn(actions, action) ? actions[action] : undefined;
  return work && follow(await work());
}

const isWish = (text: string): boolean => /^[0-9a-f-]{36}$/.test(text);

function follow(step: Next): Answer {
  return "url" in step ? { status: 303, location: step.url } : toClub(step.say);
}

function toClub(say: Saying | null): Answer {
  return { status: 303, location: say ? `/club?said=${say}` : "/club" };
}

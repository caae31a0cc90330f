// What the club's pages offer as a membership stands, and what its routes refuse. The compiler reads the names.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccessApi, StartSubscription, SubscriptionChange } from "bursar";
import { type ClubFeature, type ClubPlan, catalog, planNamed } from "./catalog.ts";
import type { ClubDesk, ClubState, Membership, Saying, Standing } from "./club.ts";
import { clubPage } from "./pages.ts";
import { answerClub, type ClubVisit } from "./routes.ts";

const wish = "00000000-0000-4000-8000-000000000001";

test("a misspelt plan, interval or feature does not compile", () => {
  const whose = { id: "signup_1", customerId: "visitor_1" } as const;
  const starts: readonly StartSubscription<typeof catalog>[] = [
    { ...whose, plan: "pro", every: "month" },
    // @ts-expect-error the catalog has no such plan
    { ...whose, plan: "por", every: "month" },
    // @ts-expect-error it is not sold by the year
    { ...whose, plan: "pro", every: "year" },
  ];
  const changes: readonly SubscriptionChange<typeof catalog>[] = [
    { plan: "pro", every: "month" },
    // @ts-expect-error the catalog has no such plan
    { plan: "por" },
    // @ts-expect-error nothing of it is sold by the year
    { every: "year" },
  ];
  // @ts-expect-error the catalog has no such feature
  const ask = (access: AccessApi<ClubFeature>) => access.check("visitor_1", "recipe");
  // @ts-expect-error the catalog has no such plan
  const plan: ClubPlan = "gold";
  assert.deepEqual([starts.length, changes.length, typeof ask, planNamed(plan)], [3, 3, "function", undefined]);
  assert.deepEqual(Object.keys(catalog.plans).map(planNamed), ["basic", "pro"]);
});

const periodEnd = new Date("2027-01-31T09:00:00Z");
const member: Omit<Membership, "standing"> = { plan: "basic", periodEnd, endsAt: null, card: "Visa ending in 4242" };
const none = { allowed: false, until: null, isGrace: false };
const granted = { allowed: true, until: periodEnd, isGrace: true };

const offers: Readonly<Record<Standing, string>> = {
  unpaid: "Pay now, Give it up",
  runs: "Use another card, Cancel at the end of the month, Cancel now",
  late: "Pay now, Use another card, Cancel now",
  upgrading: "Pay now, Stay as it was",
  ending: "Stay a member, Cancel now",
};

for (const [standing, expected] of Object.entries(offers) as [Standing, string][]) {
  test(`a membership that is ${standing} offers what fits it, under one wish`, () => {
    const membership = { ...member, standing, endsAt: standing === "ending" ? periodEnd : null };
    const html = clubPage({ cart: [], state: { membership, pro: none }, said: null, wish });
    assert.equal(Array.from(html.matchAll(/<button[^>]*>([^<]+)/g), ([, name]) => name).join(", "), expected);
    assert.equal(html.split(`value="${wish}"`).length - 1, expected.split(", ").length);
    assert.equal(html.includes("/club/upgrade"), standing === "runs");
    assert.equal(html.includes("<script>"), ["unpaid", "late", "upgrading"].includes(standing));
    assert.match(html, /<dt>Pro features<\/dt><dd>No</);
    assert.ok(!html.includes("recipe:"), "what is not paid for is not shown");
  });
}

test("what is paid for is shown, also to whoever has left", () => {
  const html = clubPage({ cart: [], state: { membership: null, pro: granted }, said: null, wish });
  assert.match(html, /Pro features: Yes, until 31 January 2027, while we wait for your payment\./);
  assert.match(html, /recipe: 18 g/);
});

const nothing = () => Promise.reject(new Error("not asked for"));
const state: ClubState = { membership: { ...member, standing: "runs" }, pro: none };
const desk: ClubDesk = {
  ...{ state: async () => state, join: async () => ({ url: "http://pay.test/1" }), preview: async () => undefined },
  ...{ upgrade: async () => ({ say: "declined" }), dropUpgrade: nothing, pay: async () => ({ say: "stale" }) },
  ...{ askCard: nothing, takeCard: async () => ({ say: "card" }), leave: nothing, stay: async () => ({ say: null }) },
};

async function visit(request: string, form: Record<string, string> = {}, more: Partial<ClubVisit> = {}) {
  const [method = "", target = ""] = request.split(" ");
  const { pathname: path, searchParams: query } = new URL(target, "http://shop.test");
  const known = { desk, customer: "visitor_1", newCustomer: () => "visitor_2", cart: [], url: "http://shop.test/club" };
  const answer = await answerClub({
    ...{ ...known, method, path, query, form: async () => new URLSearchParams(form) },
    ...more,
  });
  return answer && ("location" in answer ? answer.location : answer.html);
}

test("each wish leads on, and what nobody knows is not there", async () => {
  const table: readonly (readonly [request: string, leads: string | undefined, form?: Record<string, string>])[] = [
    ["POST /join", "http://pay.test/1", { plan: "pro", wish }],
    ["POST /join", undefined, { plan: "gold", wish }],
    ["POST /upgrade", "/club?said=declined", { token: "preview_1" }],
    ["POST /pay", "/club?said=stale", { wish: "not one of ours" }],
    ["POST /stay", "/club", { wish }],
    [`GET /card/${wish}`, "/club?said=card"],
    ["GET /card/1", undefined],
    ["GET /upgrade", "/club?said=stale"],
    ["GET /other", undefined],
    ["POST /constructor", undefined],
    ["PUT /", undefined],
  ];
  for (const [request, leads, form] of table) assert.equal(await visit(request, form), leads, request);
  const sayings: readonly (readonly [Saying, RegExp])[] = [
    ["declined", /declined the card/],
    ["stale", /changed meanwhile/],
  ];
  for (const [said, text] of sayings) assert.match((await visit(`GET /?said=${said}`)) ?? "", text);
  assert.ok(!(await visit("GET /?said=<b>"))?.includes('message"'));
});

test("whoever the shop does not know sees the plans, and is known once they join", async () => {
  const asked: string[] = [];
  const joining: ClubDesk = {
    ...desk,
    state: nothing,
    join: async ({ customer }, plan, returnUrl) => {
      asked.push(customer, plan, returnUrl);
      return { say: null };
    },
  };
  const stranger = { desk: joining, customer: null };
  assert.match((await visit("GET /", {}, stranger)) ?? "", /Join Basic for €\u00a09\.00 a month/);
  assert.equal(await visit("GET /upgrade", {}, stranger), "/club");
  assert.equal(await visit("POST /pay", { wish }, stranger), "/club?said=stale");
  assert.equal(await visit("POST /join", { plan: "basic", wish }, stranger), "/club");
  assert.deepEqual(asked, ["visitor_2", "basic", "http://shop.test/club"]);
});

// The hosted page on which a customer saves a card or an account for later. Nothing is paid here.
import assert from "node:assert/strict";
import type { PageSetup } from "../core.ts";
import { noticePage } from "./layout.ts";
import { formOf, type HostedPage, type Pages, stateUrlOf } from "./page.ts";
import { savedPage, setupFormPage, setupWaitingPage } from "./views/setup_view.ts";

export const setupPage: HostedPage = {
  async show(pages, c, session) {
    const setup = await askSetup(pages, session.subject);
    const view = { ...pages.view, shopUrl: session.returnUrl };
    switch (setup.status) {
      case "succeeded":
        return c.html(savedPage(view));
      case "processing":
        return c.html(setupWaitingPage({ ...view, stateUrl: stateUrlOf(pages, session) }));
      case "canceled":
        return c.html(noticePage({ ...view, ...canceledNotice }));
      default:
        return c.html(setupFormPage({ ...view, ...formOf(pages, session), setup }));
    }
  },
  isDone: async (pages, { subject }) => (await askSetup(pages, subject)).status === "succeeded",
  status: async (pages, { subject }) => (await askSetup(pages, subject)).status,
};

const canceledNotice = {
  title: "There is nothing to save here any more",
  text: "This was canceled, and nothing was saved or charged. The shop gives you a new link.",
} as const;

async function askSetup({ core }: Pages, subject: string): Promise<PageSetup> {
  assert.ok(core.askSetup, "billing knows its setups");
  return core.askSetup(subject);
}

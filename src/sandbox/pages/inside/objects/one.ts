// One object as it is now, and how it came to be so.
import { html } from "hono/html";
import type { Account } from "../../../kernel/state/accounts.ts";
import type { StripeObject } from "../../../kernel/state/noun.ts";
import { type Capture, captured, objectOf } from "../../../kernel/store/shown.ts";
import { living } from "../../../kernel/store/store.ts";
import type { Inside } from "../inside.ts";
import { addressOf, badge, type Html, jsonHtml, linkedText, table, timeHtml, type View } from "../layout.ts";
import { findAnywhere, isKnownTo, shownTo } from "./accounts.ts";
import { chapterHtml, chaptersJson, dueHtml, lifeOf } from "./life.ts";

/** What is gone is shown by what is remembered of it: events still lead here. */
export function showObject(inside: Inside, id: string): View | undefined {
  const found = findAnywhere(inside, id);
  const lines = inside.history.of(id);
  const account = found?.account.id ?? lines[0]?.account;
  if (account === undefined) return undefined;
  const isKnown = isKnownTo(inside, id);
  const object = found ? shownTo(inside, found.account, found.object) : null;
  const events = eventsAbout(inside, inside.world.accounts.byId.get(account), id);
  // The newest with the newest: the oldest of either may be forgotten.
  const history = lines.toReversed().map(({ at, kind, text }) => {
    const event = kind === "event" ? (events.get(text)?.pop()?.id ?? null) : null;
    return { at, kind, text, event };
  });
  history.reverse();
  const rows = history.map(({ at, kind, text, event }) => [timeHtml(at), badge(kind), howHtml(text, event, isKnown)]);
  const kind = found?.object.object;
  const { chapters, due } = lifeOf(inside, id, found);
  return {
    title: id,
    json: { account, object, ...chaptersJson(chapters), due, history },
    body: html`<p class="soft">${kind ?? "Something that is not there any more,"} of
<a href="/-/objects?account=${account}${kind ? `&object=${kind}` : ""}">${account}</a></p>
${chapters.map((chapter) => chapterHtml(chapter, isKnown))}${dueHtml(due, isKnown)}
<h2>History</h2>${table(["When (UTC)", "What", "How"], rows, "It came before what this sandbox remembers.")}
${object ? html`<h2>Now</h2>${jsonHtml(object, isKnown)}` : ""}`,
  };
}

function howHtml(text: string, event: string | null, isKnown: (id: string) => boolean): Html {
  return event === null ? linkedText(text, isKnown) : html`<a href="${addressOf(event)}">${text}</a>`;
}

interface EventObject extends StripeObject {
  readonly type: string;
  readonly [captured]: Capture;
}

/** By type, oldest first: as the lines of the object's history stand. */
function eventsAbout(inside: Inside, account: Account | undefined, id: string): ReadonlyMap<string, EventObject[]> {
  const all = living(account?.collections.get(inside.events.object)) as EventObject[]; // Of that collection.
  return Map.groupBy(
    all.filter((event) => objectOf(event[captured].after).id === id),
    ({ type }) => type,
  );
}

// The inside of the sandbox, for the people who develop against it. The folder's only door. Reading is open to whoever
// reaches the port; writing needs the token that only these pages show, and nothing here sends CORS headers.
import type { PageRequest, PageRoute } from "../../kernel/wire/pages.ts";
import { coveragePages } from "./coverage.ts";
import { endpointPages, rollEndpoint } from "./endpoints.ts";
import { eventPages, replayEvent } from "./events.ts";
import { evidencePages } from "./evidence.ts";
import { addFault, faultPages, removeFault } from "./faults.ts";
import type { Inside } from "./inside.ts";
import { keyPages, revokeKey } from "./keys.ts";
import { twins } from "./layout.ts";
import { machinePages } from "./machines.ts";
import { methodPages, switchMethod } from "./objects/methods.ts";
import { objectPages } from "./objects/objects.ts";
import { advanceTime, timePages } from "./time.ts";
import { answerWrite, type Fields, type Outcome } from "./write.ts";

export type { Inside } from "./inside.ts";

export function insideRoutes(inside: Inside): PageRoute[] {
  return [
    { method: "GET", path: "/-", handle: toObjects },
    { method: "GET", path: "/-/", handle: toObjects },
    { method: "GET", path: "/-/token", handle: async () => showToken(inside) },
    ...objectPages(inside),
    ...eventPages(inside),
    ...endpointPages(inside),
    ...machinePages(inside),
    ...timePages(inside),
    ...faultPages(inside),
    ...methodPages(inside),
    ...keyPages(inside),
    ...coveragePages(inside),
    ...evidencePages(inside),
    write(inside, "/-/faults", (_page, fields) => addFault(inside, fields)),
    write(inside, "/-/faults/remove", (_page, fields) => removeFault(inside, fields)),
    write(inside, "/-/time/advance", (_page, fields) => advanceTime(inside, fields)),
    write(inside, "/-/events/:id/replay", (page, fields) => replayEvent(inside, page, fields.webhook_endpoint ?? "")),
    write(inside, "/-/endpoints/:id/roll", (page, fields) => rollEndpoint(inside, page.params.id ?? "", fields)),
    write(inside, "/-/methods", (page, fields) => switchMethod(inside, page, fields)),
    write(inside, "/-/keys/revoke", (_page, fields) => revokeKey(inside, fields)),
    ...twins("/-/:id", () => undefined),
  ];
}

function write(
  inside: Inside,
  path: string,
  work: (page: PageRequest, fields: Fields) => Promise<Outcome> | Outcome,
): PageRoute {
  return { method: "POST", path, handle: (page) => answerWrite(inside, page, (fields) => work(page, fields)) };
}

async function toObjects(): Promise<Response> {
  return new Response(null, { status: 303, headers: { Location: "/-/objects" } });
}

/** Pages of other origins cannot read it: no CORS headers. */
function showToken({ token }: Inside): Response {
  return new Response(`${token}\n`, { headers: { "Content-Type": "text/plain", "Cache-Control": "no-store" } });
}

// /v1/openapi.json and /v1/docs: made from the same schemas that check the requests, so they cannot say anything else.
import { facts, factTypes } from "../../../resources/index.ts";
import { basePath, type HttpCore, publicUrl } from "../../core.ts";
import { pageHeaders } from "../../pages/headers.ts";
import type { RestApp } from "../context.ts";
import { described } from "./described.ts";
import { type Described, docsPage } from "./docs_page.ts";
import { describeFacts, schemaName } from "./facts.ts";

export function mountDocs(app: RestApp, core: HttpCore): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "An API key: bk_test_… or bk_live_…. Scopes: read, write, refund, admin.",
  });
  describeFacts(app);
  const document = () =>
    described(
      app.getOpenAPI31Document({
        openapi: "3.1.0",
        info: {
          title: "Bursar",
          version: "1",
          description:
            "Orders, payments and refunds through Stripe. Amounts are integers in minor units beside their currency; " +
            "times are ISO 8601, UTC. Commands answer with an outcome: done, processing, action_required or " +
            "declined. Every error has one shape (schema Error). Send Idempotency-Key with commands: the same key " +
            "with other content is refused with 409.",
          license: { name: "MIT", url: "https://spdx.org/licenses/MIT" },
        },
        servers: [{ url: publicUrl(core) }],
        security: [{ key: [] }],
      }),
    );
  app.get("/v1/openapi.json", (c) => c.json(document(), 200));
  app.get("/v1/docs", (c) => {
    const { paths = {}, components, tags = [] } = document();
    pageHeaders(c);
    return c.html(
      docsPage(
        { base: basePath(core), url: publicUrl(core) },
        {
          paths: paths as Described["paths"],
          tags: tags as Described["tags"],
          schemas: (components?.schemas ?? {}) as Described["schemas"],
          facts: factTypes.map((type) => ({ type, summary: facts[type].doc, schema: schemaName(type) })),
        },
      ),
    );
  });
}

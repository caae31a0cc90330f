// Hosts that read a body before we see it, or that hand over something which is not a Request: how each is known by
// what it leaves on its request, and what to do there. What they keep of the bytes by themselves is taken
// (host_body.ts).

export type Given = Readonly<Record<string, unknown>>;

export interface Host {
  readonly isHere: (given: Given) => boolean;
  readonly hint: string;
}

const has = (given: Given, ...names: readonly string[]) => names.every((name) => name in given);

/** Those whose body somebody has read. One that leaves no trace is never recognised; then the ways of all are named. */
export const readers: readonly Host[] = [
  {
    // https://nextjs.org/docs/pages/building-your-application/routing/api-routes#custom-config
    isHere: (given) => has(given, "previewData") || has(given, "draftMode"),
    hint: "Next, under pages/api: export const config = { api: { bodyParser: false } }.",
  },
  {
    // https://nextjs.org/docs/app/api-reference/functions/next-request
    isHere: (given) => has(given, "nextUrl"),
    hint: "Next, under app/: billing.fetch(request) before request.text() or request.json(), or give it request.clone().",
  },
  {
    // https://expressjs.com/en/api.html#express.json, https://docs.nestjs.com/faq/raw-body
    isHere: (given) => typeof given.app === "function" && has(given, "baseUrl"),
    hint:
      "Express: mount nodeListener(billing) before express.json(), or keep the bytes: " +
      "express.json({ verify: (req, _res, bytes) => { req.rawBody = bytes } }). " +
      "Nest: NestFactory.create(AppModule, { rawBody: true }).",
  },
  {
    // https://fastify.dev/docs/latest/Reference/ContentTypeParser/
    isHere: () => false,
    hint:
      "Fastify: in a scope of its own, removeAllContentTypeParsers() and " +
      'addContentTypeParser("*", (_request, payload, done) => done(null, payload)).',
  },
  {
    isHere: () => false,
    hint: "Koa: mount Bursar before the body parser: ctx.respond = false, then nodeListener(billing)(ctx.req, ctx.res).",
  },
  {
    // https://learn.microsoft.com/azure/azure-functions/functions-reference-node: its body is read once.
    isHere: (given) => has(given, "params", "user") && typeof given.arrayBuffer === "function",
    hint: "Azure Functions: billing.fetch(request) before request.text() or request.json().",
  },
  {
    isHere: () => false,
    hint: "Elsewhere: billing.fetch(new Request(url, { method, headers, body: theRawBytes })).",
  },
];

/** Those that hand over what is not a Request. */
export const strangers: readonly Host[] = [
  {
    // https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html, and the REST API's events of before
    isHere: (given) => has(given, "requestContext", "isBase64Encoded"),
    hint:
      "AWS Lambda: billing.fetch(new Request(url, { method, headers: event.headers, body: event.body && " +
      'Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8") })).',
  },
  {
    // https://fastify.dev/docs/latest/Reference/Request/
    isHere: (given) => has(given, "raw", "routeOptions"),
    hint:
      'Fastify: addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => ' +
      "done(null, body)), then billing.fetch(new Request(url, { method: request.method, headers: request.headers, " +
      "body: request.body })).",
  },
  {
    // https://github.com/koajs/koa/blob/master/docs/api/context.md
    isHere: (given) => has(given, "req", "res", "app"),
    hint: "Koa: ctx.respond = false, then nodeListener(billing)(ctx.req, ctx.res).",
  },
  {
    isHere: (given) => typeof given.pipe === "function",
    hint: "Express, Nest, Next's pages and node:http: nodeListener(billing)(request, response), of bursar/node.",
  },
  {
    // https://learn.microsoft.com/azure/azure-functions/functions-reference-node?pivots=nodejs-model-v3
    isHere: (given) => has(given, "rawBody", "headers", "method"),
    hint:
      "Azure Functions, model 3: billing.fetch(new Request(req.url, { method: req.method, headers: req.headers, " +
      "body: req.rawBody })).",
  },
];

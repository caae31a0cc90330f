// A page as a response: nothing from elsewhere, and a policy that says so.
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

type Html = ReturnType<typeof html>;

export interface HtmlPage {
  readonly title: string;
  readonly styles: string;
  /** Runs after the body is there. Constant text: its hash is what the policy allows. */
  readonly script: string;
  readonly body: Html;
  readonly status: number;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

const picture =
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='#4b45d6'/>" +
  "<path d='M9 11h14M9 16h14M9 21h8' stroke='#fff' stroke-width='3' stroke-linecap='round'/></svg>";
/** What a browser asks for that shows no page of ours: a JSON twin, an answer of the API. */
export async function serveIcon(): Promise<Response> {
  return new Response(picture, {
    headers: { "Content-Type": "image/svg+xml", "X-Content-Type-Options": "nosniff" },
  });
}

/** In the page itself, so that nothing more is asked for. */
const icon = `data:image/svg+xml,${encodeURIComponent(picture)}`;

/** A page without anything from elsewhere. It may be framed by any page: that is how a challenge is shown. */
export async function htmlResponse(page: HtmlPage): Promise<Response> {
  const document = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<link rel="icon" href="${icon}">
<style>${raw(page.styles)}</style>
</head>
<body>
${page.body}
<script>${raw(page.script)}</script>
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    "img-src data:",
    `style-src ${hashOf(page.styles)}`,
    `script-src ${hashOf(page.script)}`,
    "base-uri 'none'",
  ];
  return new Response(String(document), {
    status: page.status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      // No form-action: browsers apply it to redirects, and the way back leads to the shop.
      "Content-Security-Policy": policy.join("; "),
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

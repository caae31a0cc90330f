// What all of the shop's pages look like: light or dark as the browser has it.

export function page(title: string, cart: readonly { readonly quantity: number }[], main: string): string {
  const pieces = cart.reduce((sum, { quantity }) => sum + quantity, 0);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)} · Corner Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>${style}</style></head>
<body><header><a class="brand" href="/">Corner Shop</a>
<nav><a href="/club">Club</a> <a href="/orders">Orders</a>
<a href="/cart">Cart${pieces ? ` <b>${pieces}</b>` : ""}</a></nav></header>
<main>${main}</main>
<footer>An example shop. No real money moves here, and nothing is sent.</footer></body></html>`;
}

export function price(cents: number): string {
  const whole = Math.abs(cents);
  return `${cents < 0 ? "−" : ""}€\u00a0${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, "0")}`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Every two seconds for a minute, until it stands otherwise. Some payments take days: no page waits for those. */
export const lookAgain = (late: string): string => `<script>
  const state = (text) => (/data-status="(\\w+)"/.exec(text) || [])[1];
  const shown = state(document.body.innerHTML);
  const look = async (left) => {
    const answer = await fetch(location.pathname).catch(() => undefined);
    const now = answer && answer.ok ? state(await answer.text()) : undefined;
    if (now && now !== shown) return location.replace(location.pathname);
    if (left > 0) return setTimeout(look, 2000, left - 1);
    document.getElementById("next").textContent =
      ${JSON.stringify(`${late} Load this page again to see how it stands.`)};
  };
  setTimeout(look, 2000, 30);
</script>`;

const style = `
:root{color-scheme:light;--ink:#26231f;--soft:#6a6459;--line:#e3ddd1;--paper:#fbf8f2;--card:#fff;--accent:#1f5f4a;
  --on-accent:#fff;--edge:#8b8578;--focus:#b9770e;--wait:#fbeecb;--good:#d7efe2;--bad:#f8dcd6}
@media(prefers-color-scheme:dark){
  :root{color-scheme:dark;--ink:#ece7dd;--soft:#b3ab9d;--line:#3d3932;--paper:#1b1916;--card:#252320;--accent:#8fd3b6;
    --on-accent:#12251d;--edge:#8b8578;--focus:#e0a93b;--wait:#4a3c12;--good:#1c4331;--bad:#552a22}
}
*{box-sizing:border-box}
body{margin:0;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header,main,footer{max-width:60rem;margin:0 auto;padding:1rem 1.25rem}
header{display:flex;justify-content:space-between;align-items:baseline;border-bottom:1px solid var(--line)}
.brand{font:600 1.35rem Georgia,serif;color:var(--ink);text-decoration:none}
nav a{margin-left:1rem;padding:.5rem 0}
nav b{background:var(--accent);color:var(--on-accent);border-radius:1rem;padding:0 .5rem;font-size:.8rem}
h1{font:600 1.9rem/1.2 Georgia,serif;margin:1.5rem 0 1rem}
h2{font-size:1.1rem;margin:.75rem 0 .25rem}
a{color:var(--accent)}
footer{color:var(--soft);font-size:.875rem;margin-top:2rem;border-top:1px solid var(--line)}
.cards{list-style:none;margin:0;padding:0;display:grid;gap:1rem;
  grid-template-columns:repeat(auto-fit,minmax(15rem,1fr))}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem;display:flex;
  flex-direction:column}
.card p{margin:0 0 1rem;color:var(--soft);flex:1}
.picture{background:#f3ede1;border-radius:.5rem;padding:1rem}
.picture svg{display:block;height:6rem;margin:0 auto}
.message{margin:0 0 1rem;padding:.75rem 1rem;border-left:4px solid var(--accent);background:var(--card)}
.row{display:flex;gap:.5rem;align-items:center;justify-content:space-between}
button,.button{font:inherit;border:1px solid var(--accent);background:var(--accent);color:var(--on-accent);
  border-radius:.5rem;padding:.5rem 1rem;min-height:2.75rem;cursor:pointer}
button.quiet{background:none;color:var(--accent)}
button.main{margin-top:1rem;padding:.75rem 1.5rem;font-weight:600}
.button{display:inline-flex;align-items:center;text-decoration:none}
button:focus-visible,a:focus-visible,input:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
input{font:inherit;padding:.5rem;width:4.5rem;border:1px solid var(--edge);border-radius:.5rem;min-height:2.75rem;
  color:var(--ink);background:var(--card)}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line)}
td,th{padding:.6rem .75rem;text-align:left;border-bottom:1px solid var(--line)}
td .row{justify-content:flex-start}
td .row button{padding:.5rem .75rem}
.money{text-align:right;white-space:nowrap}
.number{font-family:ui-monospace,monospace;font-size:1.5rem}
.state{display:inline-block;margin:0;padding:.5rem 1rem;border-radius:.5rem;background:var(--wait);font-weight:600}
.state.paid{background:var(--good)}
.state.late{background:var(--bad)}
.state+p{margin:.75rem 0 0}
.state+p:empty{display:none}
main table{margin-top:1rem}
.facts{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.5rem 1.5rem;margin:1.25rem 0;padding:1rem;
  background:var(--card);border:1px solid var(--line);border-radius:.75rem}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
.members{margin:1.25rem 0;padding:1rem;border:1px dashed var(--edge);border-radius:.75rem}
.members h2,.members p{margin:0 0 .25rem}
.doing{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center}
@media(max-width:30rem){
  td,th{padding:.5rem}
  td .row{flex-wrap:wrap}
  button.main{width:100%}
  .doing,.doing form,.doing button,.doing .button{width:100%;justify-content:center}
  .facts{grid-template-columns:minmax(0,1fr);gap:0}
  .facts dd{margin-bottom:.5rem}
}`;

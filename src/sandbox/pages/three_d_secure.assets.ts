// Styles and script of the 3-D Secure page: constant texts, because the page's policy allows them by their hash.

export const challengeStyles = `
:root { color-scheme: light; --ink: #1f2330; --soft: #565b6b; --line: #e3e6ec; --accent: #4b45d6; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; align-items: center; justify-content: center; padding: 20px;
  background: #ffffff; color: var(--ink);
  font: 16px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { width: 100%; max-width: 420px; }
header { display: flex; align-items: center; gap: 10px; font-weight: 600; margin-bottom: 24px; }
.bank { display: grid; place-items: center; width: 36px; height: 36px; border-radius: 9px; color: #fff;
  background: linear-gradient(135deg, #4b45d6, #2f6fd0); font-size: 14px; letter-spacing: 0.02em; }
.badge { margin-inline-start: auto; padding: 2px 10px; border-radius: 999px; background: #fff1d6; color: #7a4b00;
  font-size: 12px; font-weight: 600; }
h1 { margin: 0 0 6px; font-size: 22px; line-height: 1.25; letter-spacing: -0.01em; }
.lead { margin: 0; color: var(--soft); font-size: 15px; }
dl { margin: 20px 0 24px; border-block: 1px solid var(--line); }
dl div { display: flex; justify-content: space-between; gap: 16px; padding: 10px 0; }
dl div + div { border-top: 1px solid var(--line); }
dt { color: var(--soft); }
dd { margin: 0; text-align: end; overflow-wrap: anywhere; }
.amount { font-weight: 700; font-variant-numeric: tabular-nums; }
form { display: grid; gap: 10px; }
button { min-height: 46px; padding: 10px 16px; border: 1px solid #8b90a0; border-radius: 8px; background: #fff;
  color: var(--ink); font: inherit; font-weight: 600; cursor: pointer; }
button:hover { background: #f4f5f8; }
button.primary { border-color: var(--accent); background: var(--accent); color: #fff; }
button.primary:hover { background: #3d37bd; }
@media (max-width: 500px) { body { align-items: flex-start; } }
button:focus-visible { outline: 3px solid #9bb8ff; outline-offset: 2px; }
`;

export const challengeScript = `
const around = window.parent === window ? null : window.parent;
// The status is neither a secret nor a proof: whoever hears it asks the API what is true.
const tell = (status) => around && around.postMessage({ type: "3ds", status }, "*");
document.addEventListener("keydown", (event) => { if (event.key === "Escape") tell("abandoned"); });
const done = document.querySelector("main[data-status]");
if (done) tell(done.dataset.status);
`;

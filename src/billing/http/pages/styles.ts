// One style sheet for billing's own pages. System fonts, no image, no foreign origin; every pair of colours is at least
// 4.5 : 1 (WCAG AA), every control at least 44 px high.
export const pageStyles = `
:root { --ink: #1c2333; --soft: #55607a; --line: #dde2ec; --ground: #f4f6fa; --card: #ffffff; --accent: #1f4fd8;
  --accent-dark: #173da8; --on-accent: #ffffff; --idle: #5b6684; --good: #0b6b3f; --good-ground: #e6f5ed;
  --bad: #a3142f; --bad-ground: #fdecef; --calm: #1b3a8c; --calm-ground: #eaf0ff; --test: #6b4500;
  --test-ground: #fff1cc;
  --radius: 12px; }
* { box-sizing: border-box; }
html { color-scheme: light; }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 1.0625rem; margin: 0 0 16px; }
.number { margin: -12px 0 12px; color: var(--soft); font-size: 0.875rem; overflow-wrap: anywhere; }
p { margin: 0; }
a { color: var(--accent); }
.top { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; margin-bottom: 24px; }
.badge { font-size: 0.8125rem; font-weight: 600; padding: 2px 10px; border-radius: 999px;
  background: var(--test-ground); color: var(--test); }
.columns { display: grid; gap: 20px; grid-template-columns: minmax(0, 1fr); align-items: start; }
.panel { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 20px; }
.lines { list-style: none; margin: 0; padding: 0; }
.lines li { display: flex; justify-content: space-between; gap: 16px; padding: 10px 0;
  border-bottom: 1px solid var(--line); }
.lines .name { min-width: 0; overflow-wrap: anywhere; }
.lines small { display: block; color: var(--soft); font-size: 0.875rem; }
.amount { font-variant-numeric: tabular-nums; white-space: nowrap; }
.total { display: flex; justify-content: space-between; align-items: baseline; gap: 16px; padding-top: 16px;
  font-weight: 600; }
.total .amount { font-size: 1.375rem; }
.more { display: flex; justify-content: space-between; gap: 16px; padding-top: 8px; color: var(--soft); }
.message { border-radius: 10px; padding: 14px 16px; margin: 0 0 16px; background: var(--bad-ground);
  color: var(--bad); }
.message strong { display: block; }
.message:focus { outline: 3px solid var(--bad); outline-offset: 2px; }
.message.calm { background: var(--calm-ground); color: var(--calm); }
.message[hidden] { display: none; }
/* A frame of another scheme than its page's would be drawn on white. */
#payment-element { min-height: 180px; margin-bottom: 20px; color-scheme: light; }
[hidden] { display: none !important; }
.choices { border: 0; margin: 0 0 20px; padding: 0; min-width: 0; }
.choices legend { padding: 0; margin-bottom: 8px; font-weight: 600; }
.choice { display: flex; align-items: center; gap: 12px; min-height: 44px; padding: 10px 14px; cursor: pointer; }
.choices .choice { border: 1px solid var(--line); margin-top: -1px; }
.choices .choice:first-of-type { border-radius: 10px 10px 0 0; }
.choices .choice:last-of-type { border-radius: 0 0 10px 10px; }
.choice input { flex: none; width: 20px; height: 20px; margin: 0; accent-color: var(--accent); }
.choice span { min-width: 0; overflow-wrap: anywhere; }
.choice small { display: block; color: var(--soft); font-size: 0.875rem; }
.choice:focus-within { outline: 3px solid var(--accent-dark); outline-offset: -3px; }
#save-row { padding: 8px 6px; margin: 0 -6px 20px; }
.button { display: flex; align-items: center; justify-content: center; gap: 10px; width: 100%; min-height: 48px;
  padding: 10px 20px; border: 0; border-radius: 10px; background: var(--accent); color: var(--on-accent);
  font: inherit;
  font-weight: 600; text-decoration: none; cursor: pointer; }
.button:hover { background: var(--accent-dark); }
.button:focus-visible, a:focus-visible { outline: 3px solid var(--accent-dark); outline-offset: 3px; }
.button:disabled { background: var(--idle); cursor: progress; }
.spinner { width: 18px; height: 18px; border: 3px solid rgba(128,128,128,.5); border-top-color: currentColor;
  border-radius: 50%;
  animation: turn .9s linear infinite; }
.spinner[hidden] { display: none; }
@keyframes turn { to { transform: rotate(1turn); } }
.note { margin-top: 16px; color: var(--soft); font-size: 0.875rem; }
.seal { width: 56px; height: 56px; border-radius: 50%; display: grid; place-items: center;
  background: var(--good-ground);
  color: var(--good); font-size: 28px; font-weight: 700; margin-bottom: 16px; }
.seal.wait { background: var(--calm-ground); color: var(--calm); }
.seal.no { background: var(--bad-ground); color: var(--bad); }
.facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 6px 20px; margin: 16px 0 24px; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.note.end { margin-bottom: 24px; }
.single { max-width: 560px; margin: 0 auto; }
.docs h1 { margin-bottom: 16px; }
.docs h2 { margin: 40px 0 8px; font-size: 1.25rem; }
.docs h3 { margin: 0 0 8px; font-size: 1rem; overflow-wrap: anywhere; }
.docs nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-top: 16px; }
.docs nav a { min-height: 44px; display: inline-flex; align-items: center; }
.docs section pre { background: var(--ground); margin-bottom: 0; }
.docs section, .docs pre { border: 1px solid var(--line); background: var(--card); border-radius: var(--radius);
  padding: 16px; margin: 16px 0; overflow: auto; }
@media (min-width: 860px) {
  main { padding: 56px 32px 72px; }
  h1 { font-size: 1.875rem; }
  .columns { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 32px; }
  .panel { padding: 28px; }
}
@media (prefers-reduced-motion: reduce) { .spinner { animation: none; border-top-color: rgba(128,128,128,.5); } }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e9edf6; --soft: #aab4ca; --line: #3a4358; --ground: #12161f; --card: #1b212d; --accent: #9db8ff;
    --accent-dark: #c3d3ff; --on-accent: #0d1830; --idle: #8e99b3; --good: #7fdcae; --good-ground: #123524;
    --bad: #ffb0bc; --bad-ground: #43161f; --calm: #bccdff; --calm-ground: #1d2a4d; --test: #ffdf94;
    --test-ground: #45330a; }
  html { color-scheme: dark; }
}
`;

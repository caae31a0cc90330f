// The look of the /-/ pages: constant text, because their policy allows it by its hash.

export const insideStyles = `
:root { color-scheme: light dark; --ink: #1f2330; --soft: #565b6b; --line: #e3e6ec; --ground: #f7f8fb; --card: #fff;
  --accent: #4b45d6; --good: #0b6b3a; --bad: #a3201d; --wait: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf1; --soft: #a5abbd; --line: #333848; --ground: #14161d;
  --card: #1c1f29; --accent: #a9a5ff; --good: #6fd6a0; --bad: #ff9a94; --wait: #ffcf7d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: center; padding: 12px 24px;
  background: var(--card); border-bottom: 1px solid var(--line); }
.brand { font-weight: 700; color: var(--ink); text-decoration: none; }
nav { display: flex; flex-wrap: wrap; gap: 4px; margin-inline-start: -10px; }
nav a { padding: 4px 10px; border-radius: 6px; color: var(--soft); text-decoration: none; }
nav a:hover, nav a[aria-current] { background: var(--ground); color: var(--ink); }
main { max-width: 1100px; margin: 0 auto; padding: 24px; }
.title { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; justify-content: space-between;
  margin: 0 0 16px; }
.title a { font-size: 13px; }
h1 { margin: 0; font-size: 24px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 28px 0 10px; font-size: 17px; }
a { color: var(--accent); }
.id, code, .json { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; }
.soft { color: var(--soft); }
.note { padding: 10px 16px; background: var(--card); border: 1px solid var(--accent); border-radius: 8px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 12px; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--soft); font-size: 13px; font-weight: 600; overflow-wrap: normal; }
tbody tr > * { border-top: 1px solid var(--line); }
td .id, time, .whole { white-space: nowrap; }
details .rows { margin-top: 8px; }
summary { cursor: pointer; color: var(--accent); padding: 6px 0; width: fit-content; }
td summary { padding: 0; }
.lines { margin: 4px 0; padding: 0; list-style: none; overflow-wrap: anywhere; }
.json { margin: 0; padding: 14px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: 1px 9px; border: 1px solid currentColor; border-radius: 999px; font-size: 12px;
  font-weight: 600; color: var(--soft); white-space: nowrap; }
.succeeded, .delivered, .available, .enabled, .active, .paid, .all { color: var(--good); }
.failed, .canceled, .uncollectible, .dropped, .none { color: var(--bad); }
.pending, .held, .processing, .open, .past_due, .requires_action, .memory, .some { color: var(--wait); }
.chips { display: flex; flex-wrap: wrap; gap: 8px; margin: 16px 0; padding: 0; list-style: none; }
.chips a { display: block; padding: 4px 12px; border: 1px solid var(--line); border-radius: 999px;
  background: var(--card); color: inherit; text-decoration: none; }
.chips a:hover { border-color: var(--soft); }
.chips a[aria-current] { border-color: var(--accent); color: var(--accent); font-weight: 600; }
.form { display: flex; flex-wrap: wrap; gap: 10px; align-items: end; padding: 14px 16px; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; }
.steps { display: flex; flex-wrap: wrap; gap: 10px; margin: 16px 0 10px; }
.steps .form { padding: 0; border: 0; background: none; }
label { display: grid; gap: 3px; min-width: 0; color: var(--soft); font-size: 13px; }
input, select { min-height: 36px; max-width: 100%; padding: 4px 9px; border: 1px solid #8b90a0; border-radius: 6px;
  background: var(--card); color: var(--ink); font: inherit; font-size: 15px; }
::placeholder { color: var(--soft); opacity: 1; }
.long { width: 320px; }
.short { width: 110px; }
button { min-height: 36px; padding: 4px 14px; border: 1px solid var(--accent); border-radius: 6px;
  background: var(--card); color: var(--accent); font: inherit; font-weight: 600; cursor: pointer; }
button:hover { background: var(--accent); color: var(--card); }
:focus-visible { outline: 3px solid #7aa2ff; outline-offset: 2px; }
.big { font-size: 30px; font-weight: 700; font-variant-numeric: tabular-nums; margin: 0 0 4px; }
.wires { table-layout: fixed; }
.wires th { vertical-align: middle; overflow-wrap: anywhere; }
.wires thead th { padding: 8px 2px; text-align: center; vertical-align: bottom; }
.wires th:first-child { width: 30%; max-width: 260px; padding-inline-start: 12px; text-align: start; }
.wires tbody th { color: var(--ink); font-size: 15px; font-weight: 400; overflow-wrap: normal; }
.wires .count { display: inline-block; min-width: 1.5em; }
.wires td { height: 40px; padding: 0; text-align: center; vertical-align: middle;
  background: linear-gradient(var(--soft), var(--soft)) no-repeat center top / 0 0; }
.wires .above { background-size: 2px 50%; }
.wires .below { background-size: 2px 50%; background-position: center bottom; }
.wires .above.below { background-size: 2px 100%; }
.wires svg { display: block; width: 24px; height: 24px; margin: auto; overflow: visible; }
.wires circle { fill: var(--card); stroke: var(--accent); stroke-width: 2.5; }
.wires .line { fill: none; stroke: var(--soft); stroke-width: 2; }
.wires .tip { fill: var(--soft); }
.wires tbody tr:hover > * { background-color: var(--ground); }
@media (max-width: 640px) {
  header { padding: 10px 16px; }
  main { padding: 20px 16px; }
  .big { font-size: 22px; }
  .long { width: 100%; }
  .form label:has(.long) { flex: 1 1 100%; }
  .rows, .rows tbody, .rows tr, .rows td { display: block; }
  .rows thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .rows tr { padding: 8px 12px; }
  .rows tr + tr { border-top: 1px solid var(--line); }
  .rows td { position: relative; min-height: 24px; padding: 2px 0 2px 104px; border: 0; }
  .rows td:empty { display: none; }
  .rows td::before { content: attr(data-label); position: absolute; inset-inline-start: 0; width: 98px;
    color: var(--soft); font-size: 13px; line-height: 22px; }
  .rows td .id, .whole { white-space: normal; }
  .wires th:first-child { width: 128px; }
  .wires thead span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); }
  .wires tbody th { font-size: 13px; }
  .wires svg { width: 20px; height: 20px; }
}
`;

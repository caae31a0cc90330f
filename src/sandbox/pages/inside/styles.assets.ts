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
  background: var(--card);
  border-bottom: 1px solid var(--line); }
.brand { font-weight: 700; color: var(--ink); text-decoration: none; }
nav { display: flex; flex-wrap: wrap; gap: 4px; }
nav a { padding: 4px 10px; border-radius: 6px; color: var(--soft); text-decoration: none; }
nav a:hover, nav a[aria-current] { background: var(--ground); color: var(--ink); }
main { max-width: 1100px; margin: 0 auto; padding: 24px; }
h1 { margin: 0 0 16px; font-size: 24px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 28px 0 10px; font-size: 17px; }
a { color: var(--accent); }
.id, code, .json { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; }
.soft { color: var(--soft); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 12px; text-align: start; vertical-align: top; white-space: nowrap; }
th { color: var(--soft); font-size: 13px; font-weight: 600; }
tbody tr { border-top: 1px solid var(--line); }
td form { display: inline; }
.json { margin: 0; padding: 14px 16px; overflow-x: auto; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; line-height: 1.45; }
.badge { display: inline-block; padding: 1px 9px; border: 1px solid currentColor; border-radius: 999px; font-size: 12px;
  font-weight: 600; color: var(--soft); }
.succeeded, .delivered, .available, .enabled, .active, .yes { color: var(--good); }
.failed, .canceled, .dropped, .no { color: var(--bad); }
.pending, .held, .processing, .requires_action, .memory { color: var(--wait); }
.chips { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 16px; padding: 0; list-style: none; }
.chips a { display: block; padding: 4px 12px; border: 1px solid var(--line); border-radius: 999px;
  background: var(--card);
  color: inherit; text-decoration: none; }
.chips a[aria-current] { border-color: var(--accent); color: var(--accent); }
.form { display: flex; flex-wrap: wrap; gap: 10px; align-items: end; padding: 14px 16px; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; }
label { display: grid; gap: 3px; color: var(--soft); font-size: 13px; }
input, select { min-height: 36px; padding: 4px 9px; border: 1px solid #8b90a0; border-radius: 6px;
  background: var(--card);
  color: var(--ink); font: inherit; }
button { min-height: 36px; padding: 4px 14px; border: 1px solid var(--accent); border-radius: 6px;
  background: var(--card);
  color: var(--accent); font: inherit; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid #7aa2ff; outline-offset: 2px; }
.big { font-size: 30px; font-weight: 700; font-variant-numeric: tabular-nums; margin: 0 0 4px; }
svg { display: block; max-width: 100%; height: auto; }
svg text { fill: var(--ink); font: 13px sans-serif; text-anchor: middle; }
svg .count { font-weight: 700; }
svg .action { fill: var(--soft); font-size: 11px; paint-order: stroke; stroke: var(--card); stroke-width: 5px; }
svg rect { fill: var(--card); stroke: var(--accent); stroke-width: 1.5; }
svg path { fill: none; stroke: var(--soft); }
svg .tip { fill: var(--soft); stroke: none; }
`;

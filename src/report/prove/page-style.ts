/** The page's style: system fonts, light and dark, nothing from the network. */
export const PAGE_STYLE = `
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2330; --faint: #5b6577; --line: #dfe3ea; --panel: #f6f7f9;
  --good: #1a7f4b; --warn: #9a6200; --bad: #c0322b;
  --none: #8793a5; --weak: #5b8def; --writes: #e0902b; --reads: #cf3f3a; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #12161d; --ink: #e6e9ef; --faint: #9aa4b5; --line: #2a313d; --panel: #1a2029;
  --good: #4cc38a; --warn: #e3a94a; --bad: #ff7b72;
  --none: #66738a; --weak: #5b8def; --writes: #e0a24a; --reads: #f0625b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 36px 0 8px; }
p { margin: 6px 0; } .faint { color: var(--faint); }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px;
  overflow-x: auto; margin: 8px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: 10px; margin: 14px 0 4px; padding: 0; list-style: none; }
.counts li { border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; background: var(--panel); }
.counts b { display: block; font-size: 22px; line-height: 1.2; }
.verdict { display: inline-block; border-radius: 999px; padding: 1px 10px; font-size: 13px; font-weight: 600;
  border: 1px solid currentColor; white-space: nowrap; }
.proven { color: var(--good); } .unproven { color: var(--warn); } .broken { color: var(--bad); }
details.migration { border: 1px solid var(--line); border-radius: 8px; margin: 10px 0; }
details.migration > summary { padding: 10px 14px; cursor: pointer; display: flex; gap: 12px; align-items: baseline;
  list-style: none; }
details.migration > summary::-webkit-details-marker { display: none; }
details.migration > summary::before { content: "▸"; color: var(--faint); }
details.migration[open] > summary::before { content: "▾"; }
summary .name { flex: 1; overflow-wrap: anywhere; }
summary .took { color: var(--faint); font-variant-numeric: tabular-nums; min-width: 4.2em; text-align: right; }
.body { padding: 0 14px 14px; border-top: 1px solid var(--line); }
.reason { border-left: 3px solid var(--warn); padding: 2px 0 2px 12px; margin: 12px 0; }
.reason.breaks { border-color: var(--bad); }
h3 { font-size: 14px; margin: 18px 0 4px; display: flex; gap: 10px; align-items: baseline; } h3 .faint { font-weight: 400; }
.timeline { width: 100%; height: auto; display: block; min-width: 880px; }
.scroll { overflow-x: auto; }
.timeline text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--ink); dominant-baseline: central; }
.timeline .tick { fill: var(--faint); text-anchor: middle; font-size: 11px; } .timeline .time { text-anchor: end; fill: var(--faint); }
.timeline .grid { stroke: var(--line); } .timeline .row { fill: transparent; } .timeline g:hover .row { fill: var(--panel); }
.bar.none { fill: var(--none); } .bar.weak { fill: var(--weak); } .bar.writes { fill: var(--writes); } .bar.reads { fill: var(--reads); }
.held { stroke-width: 2; opacity: .45; } .held.writes { stroke: var(--writes); } .held.reads { stroke: var(--reads); }
.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; color: var(--faint); font-size: 13px; margin: 10px 0 0; padding: 0; list-style: none; }
.legend i { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 6px; vertical-align: -1px; }
.legend i.line { height: 2px; background: var(--reads); opacity: .45; vertical-align: 4px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; } th { text-align: left; color: var(--faint); font-weight: 500; }
td:nth-child(1) { width: 28px; color: var(--faint); } td:nth-child(2), td:nth-child(4) { white-space: nowrap; }
th, td { padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.note { color: var(--warn); white-space: normal; }
@media (max-width: 600px) { main { padding: 20px 14px 48px; }
  details.migration > summary { flex-wrap: wrap; row-gap: 4px; }
  summary .name { flex: 1 0 calc(100% - 30px); } summary .verdict { margin-left: 20px; } summary .took { margin-left: auto; } }
@media print { details.migration { break-inside: avoid; } }
`.trim();

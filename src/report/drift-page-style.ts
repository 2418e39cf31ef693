// The style of the drift page: light and dark, readable on a phone, printable.

export const driftPageStyle = `
:root{color-scheme:light dark;--text:#1f2328;--quiet:#59636e;--line:#d1d9e0;--back:#fff;--drift:#cf222e;--stable:#1a7f37;--unsure:#9a6700;--reference:#b6c2cf;--current:#0969da}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--quiet:#9198a1;--line:#3d444d;--back:#0d1117;--drift:#f85149;--stable:#3fb950;--unsure:#d29922;--reference:#4a5562;--current:#58a6ff}}
body{margin:0;background:var(--back);color:var(--text);font:15px/1.45 system-ui,sans-serif}
main{max-width:1250px;margin:0 auto;padding:1.5rem}
h1{margin:0 0 .3rem;font-size:1.7rem}h2{margin-top:2.5rem}h3{margin:1.2rem 0 .2rem;font-size:1rem}
h1.drift,.drift .outcome,label.drift{color:var(--drift)}h1.stable,.stable .outcome,label.stable{color:var(--stable)}
h1.inconclusive,.inconclusive .outcome,label.inconclusive{color:var(--unsure)}h1.insufficient,.insufficient .outcome,label.insufficient{color:var(--quiet)}
.reason{max-width:75ch;font-size:1.05rem}a{color:inherit;text-decoration-color:var(--quiet)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0;max-width:90ch}dt{color:var(--quiet)}dd{margin:0}
h2~p{max-width:85ch;margin:.2rem 0}
.filter label{margin-right:1.2rem;white-space:nowrap}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
thead th{font-size:.85rem;color:var(--quiet);border-bottom:2px solid var(--line);position:sticky;top:0;background:var(--back)}
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--line)}
tbody th{font-weight:600;overflow-wrap:anywhere;min-width:9rem}
td small,th small{display:block;color:var(--quiet);font-weight:400;font-size:.8rem}
.outcome{white-space:nowrap}.number{font-variant-numeric:tabular-nums;white-space:nowrap}.why{min-width:18rem;font-size:.9rem}
td svg{display:block;width:160px;height:36px}
td svg.scale{width:100px;height:8px;margin-top:3px}
.names{max-width:160px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.words{max-width:100ch}
details table{width:auto;margin:.2rem 0}details td,details th{padding:.1rem .6rem .1rem 0;border:0;font-weight:400;position:static;background:none}
.axis{display:flex!important;justify-content:space-between;width:160px}
path.r{fill:var(--reference)}path.k{fill:var(--current)}path.c{fill:none;stroke:var(--current);stroke-width:1.6}
span.r{border-bottom:5px solid var(--reference)}span.c{border-bottom:2px solid var(--current)}
path.t{stroke:var(--drift);stroke-width:1;stroke-dasharray:2 1}path.i{stroke:var(--quiet);stroke-width:3}path.e{stroke:var(--text);stroke-width:2}
details{margin-top:.2rem;color:var(--quiet);font-size:.85rem}
body:has(#show-drift:not(:checked)) tr.drift,body:has(#show-stable:not(:checked)) tr.stable,body:has(#show-inconclusive:not(:checked)) tr.inconclusive,body:has(#show-insufficient:not(:checked)) tr.insufficient{display:none}
@media print{.filter{display:none}}
@media(max-width:640px){main{padding:1rem}.wide>table,.wide>table>thead,.wide>table>tbody{display:block}
.wide>table>thead th{display:none;position:static}.wide>table>thead th:nth-child(3){display:block;border:0;padding:.3rem 0}.wide>table>thead tr{display:block}
.wide>table>tbody>tr{display:grid;grid-template-columns:1fr max-content;gap:.3rem 1rem;padding:.7rem 0;border-top:1px solid var(--line)}
.wide>table>tbody>tr>*{border:0;padding:0;min-width:0}.wide>table>tbody>tr>:empty{display:none}.wide>table>tbody>tr>.why{grid-column:1/-1}
.wide>table>tbody>tr>.number::before{display:block;color:var(--quiet);font-size:.8rem;content:"points moved"}
.wide>table>tbody>tr>.number:nth-child(5)::before{content:"adjusted p"}.wide>table>tbody>tr>.number:nth-child(6)::before{content:"missing"}}
`;

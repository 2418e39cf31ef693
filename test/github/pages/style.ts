// The look of the pages: one sheet, light and dark.

export const style = `
:root{color-scheme:light dark;--bg:#fff;--soft:#f6f8fa;--line:#d1d9e0;--text:#1f2328;--dim:#59636e;--link:#0969da;--green:#1a7f37;--red:#cf222e;--amber:#9a6700;--purple:#8250df;--grey:#59636e;--bar:#54aeff;--now:#0969da;--ok-bg:#dafbe1;--bad-bg:#ffebe9;--wait-bg:#fff8c5}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--soft:#151b23;--line:#3d444d;--text:#f0f6fc;--dim:#9198a1;--link:#4493f8;--green:#3fb950;--red:#f85149;--amber:#d29922;--purple:#ab7df8;--grey:#9198a1;--bar:#1f6feb;--now:#58a6ff;--ok-bg:#12261e;--bad-bg:#25171c;--wait-bg:#272115}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:14px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:12px}
.top{background:var(--soft);border-bottom:1px solid var(--line)}
.top .in{max-width:1240px;margin:0 auto;padding:14px 24px 0}
.crumb{font-size:18px;margin-bottom:12px}.crumb b{font-weight:600}
.crumb .kind{font-size:12px;border:1px solid var(--line);border-radius:999px;padding:1px 8px;color:var(--dim);margin-left:8px;vertical-align:2px}
nav{display:flex;gap:4px;overflow-x:auto}
nav a{color:var(--text);padding:8px 12px;border-bottom:2px solid transparent;white-space:nowrap}
nav a:hover{text-decoration:none;background:var(--line);border-radius:6px 6px 0 0}
nav a.on{border-color:#fd8c73;font-weight:600}
.count{background:color-mix(in srgb,var(--dim) 20%,transparent);border-radius:999px;padding:0 7px;font-size:12px;margin-left:4px;font-weight:500}
main{max-width:1240px;margin:0 auto;padding:24px}
h1.title{font-size:26px;font-weight:400;margin:0 0 8px;line-height:1.25}h1.title .n{color:var(--dim);font-weight:300}
.meta{color:var(--dim);margin:0 0 20px;display:flex;gap:8px;align-items:center;flex-wrap:wrap}
.state{display:inline-flex;gap:6px;align-items:center;border-radius:999px;padding:4px 12px;color:#fff;font-weight:500}
.state.open,.state.success{background:#1f883d}.state.closed,.state.failure{background:#cf222e}.state.merged,.state.done{background:#8250df}
.state.draft,.state.cancelled,.state.skipped,.state.neutral{background:#59636e}.state.running,.state.queued,.state.in_progress{background:#9a6700}
.cols{display:grid;grid-template-columns:minmax(0,1fr) 280px;gap:24px}@media(max-width:860px){.cols{grid-template-columns:minmax(0,1fr)}}
.box{border:1px solid var(--line);border-radius:6px;margin-bottom:16px;background:var(--bg)}
.box>header{background:var(--soft);border-bottom:1px solid var(--line);padding:8px 16px;border-radius:6px 6px 0 0;display:flex;gap:8px;align-items:center;flex-wrap:wrap;color:var(--dim)}
.box>header b{color:var(--text)}.box>header:last-child{border-bottom:0;border-radius:6px}
.box>.pad{padding:16px}
.row{display:flex;gap:10px;padding:8px 16px;border-top:1px solid var(--line);align-items:center}.row:first-child{border-top:0}
.grow{flex:1}.row .grow{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis}.row .dim,.dim{color:var(--dim)}
.row.tall{padding:12px 16px;align-items:flex-start}.row .head{font-size:16px;font-weight:600;color:var(--text)}
.comment{display:grid;grid-template-columns:40px minmax(0,1fr);gap:14px;margin-bottom:16px}
.avatar{width:40px;height:40px;border-radius:50%}.avatar.small{width:20px;height:20px}.avatar.app{border-radius:8px}.avatar.small.app{border-radius:4px}
.event{color:var(--dim);margin:0 0 16px 54px;display:flex;gap:8px;align-items:center}
.tag{border:1px solid var(--line);border-radius:999px;padding:0 8px;font-size:12px;color:var(--dim);white-space:nowrap}
.tag.green{color:var(--green);border-color:var(--green)}.tag.amber{color:var(--amber);border-color:var(--amber)}
.label{border-radius:999px;padding:1px 9px;font-size:12px;font-weight:500;border:1px solid rgba(0,0,0,.15)}
.mark{display:inline-grid;place-items:center;width:16px;height:16px;border-radius:50%;font-size:10px;font-weight:700;color:#fff;flex:none;background:var(--grey)}
.mark.success{background:var(--green)}.mark.failure,.mark.timed_out,.mark.action_required,.mark.startup_failure{background:var(--red)}.mark.pending{background:transparent;border:3px solid var(--amber)}
.merge{border-left:4px solid var(--grey)}.merge.ok{border-left-color:var(--green)}.merge.bad{border-left-color:var(--red)}.merge.wait{border-left-color:var(--amber)}.merge.done{border-left-color:var(--purple)}
.side h3{font-size:12px;color:var(--dim);margin:0 0 8px;font-weight:600}.side section{border-bottom:1px solid var(--line);padding-bottom:14px;margin-bottom:14px}
.markdown{overflow-wrap:break-word}.markdown>:first-child{margin-top:0}.markdown>:last-child{margin-bottom:0}
.markdown h1,.markdown h2{border-bottom:1px solid var(--line);padding-bottom:.3em}.markdown h1{font-size:24px}.markdown h2{font-size:20px}.markdown h3{font-size:17px}.markdown h4{font-size:14px}
.markdown .scroll{overflow-x:auto;margin-bottom:16px}.markdown table{border-collapse:collapse}.markdown th,.markdown td{border:1px solid var(--line);padding:6px 13px}.markdown th{background:var(--soft);font-weight:600}
.markdown tr:nth-child(2n) td{background:color-mix(in srgb,var(--soft) 60%,transparent)}
.markdown code{background:color-mix(in srgb,var(--dim) 16%,transparent);padding:.2em .4em;border-radius:6px}
.markdown pre,.code{background:var(--soft);padding:14px;border-radius:6px;overflow:auto;margin:0 0 16px}.markdown pre code{background:none;padding:0}
.markdown blockquote{border-left:4px solid var(--line);color:var(--dim);margin:0 0 16px;padding:0 1em}.markdown blockquote strong{color:var(--text)}
.markdown details{margin-bottom:16px}.markdown summary,summary{cursor:pointer}.markdown sub{color:var(--dim)}
.fold{max-height:360px;overflow:auto}.fold .markdown h1,.fold .markdown h2{font-size:17px}
.markdown img{max-width:100%}
.chart{margin:0 0 16px;max-width:720px}.chart svg{width:100%;height:auto;border:1px solid var(--line);border-radius:6px;background:var(--bg)}
.chart text{fill:var(--dim);font-size:12px;font-family:inherit}.chart .title{fill:var(--text);font-size:14px;font-weight:600}.chart .value{fill:var(--text)}
.chart .grid{stroke:var(--line);stroke-width:1}.chart .bar{fill:var(--bar)}.chart .bar.last{fill:var(--now)}.chart .line{fill:none;stroke:var(--now);stroke-width:2.5}
.log{background:#0d1117;color:#e6edf3;border-radius:0 0 6px 6px;padding:10px 0;margin:0;overflow:auto;max-height:70vh;counter-reset:line}
.log div{padding:0 16px;white-space:pre-wrap;overflow-wrap:anywhere;font:12px/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.log div::before{counter-increment:line;content:counter(line);display:inline-block;width:36px;margin-right:14px;color:#6e7681;text-align:right}
.log .error{color:#ff7b72}.log .warning{color:#d29922}.log .group{color:#79c0ff;font-weight:600}.log .command{color:#a5d6ff}
.step>summary{padding:8px 16px;display:flex;gap:10px;align-items:center;border-top:1px solid var(--line);list-style:none}.step>summary:hover{background:var(--soft)}
.jobs{display:flex;gap:12px;flex-wrap:wrap;align-items:stretch;margin-bottom:16px}.jobs a.job{border:1px solid var(--line);border-radius:6px;padding:10px 14px;color:var(--text);display:flex;gap:8px;align-items:center;min-width:180px;background:var(--bg)}
.alert{border:1px solid var(--line);border-left:4px solid var(--red);border-radius:6px;padding:10px 16px;margin-bottom:16px;background:var(--bad-bg)}
.alert.warning{border-left-color:var(--amber);background:var(--wait-bg)}.alert.notice{border-left-color:var(--link);background:var(--soft)}
.diff{margin:0;overflow:auto;font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;padding:8px 0}.diff div{padding:0 16px;white-space:pre}
.diff .add{background:var(--ok-bg)}.diff .del{background:var(--bad-bg)}.diff .hunk{color:var(--dim);background:var(--soft)}
footer.foot{max-width:1240px;margin:0 auto;padding:0 24px 32px;color:var(--dim);font-size:12px}
.blank{padding:32px;text-align:center;color:var(--dim)}
`;

/* The style sheet of HTML pages. Internal to reports/page.c. */
#ifndef TG_REPORTS_PAGE_STYLE_H
#define TG_REPORTS_PAGE_STYLE_H

/* Colours keep a contrast of 4.5 to 1 and more with what is behind them (WCAG 2.2, 1.4.3), and no
 * meaning rests on them alone. */
static const char page_style[] =
    ":root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--dim:#5b6470;--line:#d5dae0;"
    "--soft:#f4f6f8;--good:#11692f;--warn:#7d4e00;--bad:#b3201f;--link:#0a58ca}\n"
    "@media(prefers-color-scheme:dark){:root{--page:#14171b;--ink:#e3e7ec;--dim:#9aa4b0;"
    "--line:#333a43;--soft:#1d2228;--good:#5cc97b;--warn:#e0a83c;--bad:#ff8078;--link:#7db2ff}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--page);color:var(--ink);"
    "font:1rem/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;"
    "-webkit-text-size-adjust:100%;overflow-wrap:anywhere}\n"
    "main{max-width:68rem;margin:0 auto;padding:1rem clamp(.9rem,3vw,2rem) 4rem}\n"
    "h1{font-size:1.6rem;line-height:1.25;margin:.6rem 0 1rem}\n"
    "h2{font-size:1.25rem;margin:2.4rem 0 .7rem;padding-bottom:.3rem;"
    "border-bottom:1px solid var(--line)}\n"
    "h3{font-size:1.05rem;margin:1.7rem 0 .5rem}h4{font-size:1rem;margin:1.2rem 0 .4rem}\n"
    "p,ul{margin:.6rem 0}ul{padding-left:1.3rem}\n"
    "code,pre{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;"
    "font-size:.86em}\n"
    "pre{background:var(--soft);border:1px solid var(--line);border-radius:.4rem;"
    "padding:.7rem .9rem;overflow-x:auto;line-height:1.4;overflow-wrap:normal}\n"
    ".scroll{overflow-x:auto;margin:.7rem 0}\n"
    "table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums;"
    "overflow-wrap:normal}\n"
    "th,td{padding:.32rem .75rem;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--line)}\n"
    "th{color:var(--dim);font-weight:600;white-space:nowrap}"
    "th:first-child,td:first-child{padding-left:.2rem}\n"
    ".n{text-align:right;white-space:nowrap}\n"
    "tbody tr:hover{background:var(--soft)}\n"
    ".good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}.dim{color:var(--dim)}\n"
    ".good,.warn,.bad{font-weight:600}\n"
    ".banner{border-left:.35rem solid var(--dim);background:var(--soft);border-radius:.3rem;"
    "padding:.7rem 1rem;margin:1rem 0;font-weight:400;color:var(--ink)}\n"
    ".banner strong{font-size:1.15rem;margin-right:.6rem}\n"
    ".banner.good{border-color:var(--good)}.banner.warn{border-color:var(--warn)}"
    ".banner.bad{border-color:var(--bad)}\n"
    ".banner.good strong{color:var(--good)}.banner.warn strong{color:var(--warn)}"
    ".banner.bad strong{color:var(--bad)}\n"
    "details{border:1px solid var(--line);border-radius:.4rem;margin:.8rem 0;padding:0 .9rem}\n"
    "summary{cursor:pointer;padding:.55rem 0;font-weight:600}\n"
    "details[open]{padding-bottom:.4rem}\n"
    "figure{margin:1.1rem 0}\n"
    "figure img{display:block;width:100%;min-width:34rem;max-width:56rem;height:auto}\n"
    "figcaption{color:var(--dim);font-size:.88rem;margin-top:.3rem}\n"
    "footer{margin-top:3rem;color:var(--dim);font-size:.85rem;border-top:1px solid var(--line)}\n"
    "@media print{details{break-inside:avoid}pre{white-space:pre-wrap}}\n";

#endif

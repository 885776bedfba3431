"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const node = (tag, of, ...inside) => {
    const e = Object.assign(document.createElement(tag), of);
    e.append(...inside);
    return e;
  };
  const short = (v) => (typeof v !== "number" ? String(v) : Math.abs(v) >= 1e15 || (v !== 0 && Math.abs(v) < 1e-4) ? v.toExponential(3) : v.toLocaleString("en", { maximumSignificantDigits: Math.abs(v) >= 1e5 ? 15 : 6 }));
  const brief = (v) => (Math.abs(v) >= 1e9 ? +(v / 1e9).toPrecision(4) + " G" : Math.abs(v) >= 1e6 ? +(v / 1e6).toPrecision(4) + " M" : Math.abs(v) >= 1e4 ? +(v / 1e3).toPrecision(4) + " k" : String(+v.toPrecision(6)));
  const escaped = (text) => echarts.format.encodeHTML(String(text));
  const shapes = ["circle", "diamond", "triangle", "rect"];

  // looks are the colours of the page; the palette's black is its ink.
  function looks(paper) {
    const night = dark.matches && !paper;
    const ink = night ? "#e8e8e8" : "#1b1b1b";
    return { ink, soft: night ? "#aeb4bc" : "#55595f", rule: night ? "#444a52" : "#d5d8dc", paper: night ? "#16181b" : "#ffffff", palette: data.palette.map((c) => (c === "#000000" ? ink : c)) };
  }

  // base is what all charts have.
  function base(look, narrow) {
    return {
      animation: false, color: look.palette, backgroundColor: "transparent", textStyle: { color: look.ink, fontFamily: "system-ui, sans-serif", fontSize: 12 },
      aria: { enabled: true }, legend: { type: "scroll", top: 0, textStyle: { color: look.ink }, pageTextStyle: { color: look.ink }, pageIconColor: look.ink },
      grid: { left: 8, right: narrow ? 12 : 28, top: 40, bottom: 30, containLabel: true }, tooltip: { confine: true, backgroundColor: look.paper, textStyle: { color: look.ink } },
    };
  }

  function axis(look, of, more) {
    return {
      type: of.log ? "log" : "value", name: of.name, nameLocation: "middle", nameGap: 26, nameTextStyle: { color: look.ink }, axisLabel: { color: look.ink, formatter: brief, hideOverlap: true },
      axisLine: { show: true, lineStyle: { color: look.soft } }, splitLine: { lineStyle: { color: look.rule } }, minorSplitLine: { show: false }, ...more,
    };
  }

  function names(look, list, narrow) {
    return { type: "category", data: list, inverse: true, axisLabel: { color: look.ink, interval: 0, width: narrow ? 110 : 220, overflow: "truncate" }, axisLine: { lineStyle: { color: look.soft } }, axisTick: { show: false } };
  }

  const builders = {
    scatter(chart, look, narrow) {
      const series = chart.series.map((s) => s.line
        ? { name: s.name, type: "line", showSymbol: false, data: s.points.map((p) => [p.x, p.y]), lineStyle: { color: look.ink, width: 1.5 }, itemStyle: { color: look.ink }, tooltip: { formatter: () => escaped(s.name) },
            endLabel: { show: false } }
        : { name: s.name, type: "scatter", symbol: shapes[(s.shape || 0) % shapes.length], symbolSize: s.shape ? 9 : 8, data: s.points.map((p) => ({ value: [p.x, p.y], name: p.name })),
            itemStyle: { opacity: 0.85, borderColor: look.paper, borderWidth: 0.5 } });
      marked(series.filter((s) => s.type === "scatter"), look);
      return {
        ...base(look, narrow), grid: { left: 30, right: narrow ? 12 : 28, top: 40, bottom: 40, containLabel: true }, series, xAxis: axis(look, chart.x), yAxis: axis(look, chart.y, { nameGap: 44 }),
        tooltip: { ...base(look).tooltip, trigger: "item", formatter: (p) => escaped(p.seriesName) + "<br>" + escaped(p.name) + "<br>" + escaped(chart.x.name) + ": " + short(p.value[0]) + "<br>" + escaped(chart.y.name) + ": " + short(p.value[1]) },
        dataZoom: [{ type: "inside", xAxisIndex: 0, zoomOnMouseWheel: "ctrl" }, { type: "inside", yAxisIndex: 0, zoomOnMouseWheel: "ctrl" }],
      };
    },
    lines(chart, look, narrow) {
      const series = chart.series.map((s, i) => ({ name: s.name, type: "line", symbol: shapes[i % shapes.length], symbolSize: 7, data: s.points.map((p) => [p.x, p.y]), lineStyle: { type: ["solid", "dashed", "dotted"][i % 3] } }));
      return { ...base(look, narrow), grid: { left: 30, right: 28, top: 40, bottom: 40, containLabel: true }, series, xAxis: axis(look, chart.x, { minInterval: 1 }), yAxis: axis(look, chart.y, { nameGap: 44, scale: true }), tooltip: { ...base(look).tooltip, trigger: "axis" } };
    },
    stack(chart, look, narrow) {
      // a colour that comes again is hatched
      const series = chart.series.map((s, i) => ({
        name: s.name, type: "bar", stack: "all", data: s.values, barCategoryGap: "25%",
        itemStyle: i < look.palette.length ? {} : { decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: Math.PI / 4, color: look.paper } },
      }));
      return {
        ...base(look, narrow), series, xAxis: axis(look, chart.x), yAxis: names(look, chart.names, narrow),
        tooltip: { ...base(look).tooltip, trigger: "axis", axisPointer: { type: "shadow" }, formatter: (list) => escaped(list[0].axisValue) + list.filter((p) => p.value).map((p) => "<br>" + p.marker + escaped(p.seriesName) + ": " + short(p.value)).join("") },
      };
    },
    ranges(chart, look, narrow) {
      const series = [];
      chart.series.forEach((s, i) => {
        series.push({ name: s.name, type: "bar", data: s.values, barMaxWidth: 14 });
        series.push({
          name: s.name, type: "custom", silent: true, data: s.bounds.map((b, k) => [b[0], b[1], k]), encode: { x: [0, 1], y: 2 }, z: 5,
          renderItem: (params, api) => {
            const layout = api.barLayout({ barMaxWidth: 14, count: chart.series.length })[i];
            const [x0, y] = api.coord([api.value(0), api.value(2)]), [x1] = api.coord([api.value(1), api.value(2)]);
            const middle = y + layout.offsetCenter, line = (a, b, c, d) => ({ type: "line", shape: { x1: a, y1: b, x2: c, y2: d }, style: { stroke: look.ink, lineWidth: 1.3 } });
            return { type: "group", children: [line(x0, middle, x1, middle), line(x0, middle - 4, x0, middle + 4), line(x1, middle - 4, x1, middle + 4)] };
          },
        });
      });
      (chart.limits || []).forEach((l) => {
        series[0].markLine = { silent: true, symbol: "none", lineStyle: { color: look.ink, type: "dashed" }, label: { color: look.ink, formatter: l.name }, data: [{ xAxis: l.at }] };
      });
      return {
        ...base(look, narrow), series, xAxis: axis(look, chart.x, { max: chart.limits ? (v) => Math.max(v.max, ...chart.limits.map((l) => l.at)) : null }), yAxis: names(look, chart.names, narrow),
        tooltip: { ...base(look).tooltip, trigger: "item", formatter: (p) => { const s = chart.series.find((s) => s.name === p.seriesName); return escaped(p.name) + ", " + escaped(p.seriesName) + ": " + short(p.value) + " (" + short(s.bounds[p.dataIndex][0]) + " to " + short(s.bounds[p.dataIndex][1]) + ")"; } },
      };
    },
  };

  // marked gives the series of one shape colours from the palette's beginning: equal stages have equal colours.
  function marked(series, look) {
    const seen = new Map();
    series.forEach((s) => {
      const n = seen.get(s.symbol) || 0;
      s.itemStyle.color = look.palette[n % look.palette.length];
      seen.set(s.symbol, n + 1);
    });
  }

  const drawn = [];
  function draw(id, build, height) {
    const at = document.getElementById(id);
    if (height) at.style.height = height + "px";
    const chart = echarts.init(at, null, { renderer: "svg" });
    const redraw = (paper) => chart.setOption(build(looks(paper), at.clientWidth < 600), true);
    redraw(false);
    new ResizeObserver(() => { chart.resize(); }).observe(at);
    drawn.push(redraw);
    return chart;
  }
  data.charts.forEach((c) => {
    const rows = c.names ? c.names.length * (c.kind === "ranges" ? Math.max(22, 18 * c.series.length + 8) : 19) + 90 : 0;
    draw(c.id, (look, narrow) => builders[c.kind](c, look, narrow), rows);
  });
  dark.addEventListener("change", () => drawn.forEach((f) => f(false)));
  addEventListener("beforeprint", () => { drawn.forEach((f) => f(true)); document.querySelectorAll("figure details").forEach((d) => { d.open = true; }); });
  addEventListener("afterprint", () => drawn.forEach((f) => f(false)));

  // Tables: rows that have every word, or that are of what is chosen.
  function tools(table, control) {
    const count = node("span", { className: "count", role: "status" });
    table.before(node("p", { className: "tools" }, control, count));
    return (holds) => {
      const rows = [...table.querySelectorAll("tbody tr")];
      rows.forEach((r) => { r.hidden = !holds(r); });
      count.textContent = rows.filter((r) => !r.hidden).length + " of " + rows.length + " rows";
    };
  }
  document.querySelectorAll(".table[data-filter]").forEach((table) => {
    const input = node("input", { type: "search" });
    const show = tools(table, node("label", {}, "Filter by words: ", input));
    const apply = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      show((r) => { const text = r.textContent.toLowerCase(); return words.every((w) => text.includes(w)); });
    };
    input.addEventListener("input", apply);
    apply();
  });
  document.querySelectorAll(".table[data-choice]").forEach((table) => {
    const at = table.dataset.choice - 1, of = (r) => r.cells[at].textContent;
    const layers = [...new Set([...table.querySelectorAll("tbody tr")].map(of))].filter(Boolean);
    const select = node("select", {}, node("option", { value: "", textContent: "all" }), ...layers.map((l) => node("option", { value: l, textContent: l })));
    const show = tools(table, node("label", {}, "Layer: ", select));
    const apply = () => show((r) => select.value === "" || of(r) === select.value);
    select.addEventListener("change", apply);
    apply();
  });
  document.querySelectorAll("button.save").forEach((b) => b.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([b.closest("details").querySelector("pre").textContent], { type: "text/plain" }));
    node("a", { href: url, download: b.dataset.file }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }));
})();

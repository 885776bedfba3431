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
        ? { name: s.name, type: "line", symbol: "none", data: s.points.map((p) => [p.x, p.y]), lineStyle: { color: look.ink, width: 1.5 }, itemStyle: { color: look.ink }, tooltip: { formatter: () => escaped(s.name) } }
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
    tracks(chart, look, narrow) {
      const series = chart.series.map((s) => ({
        name: s.name, type: "custom", data: (s.values || []).map((lane, i) => [s.bounds[i][0], s.bounds[i][1], lane, i]), encode: { x: [0, 1], y: 2 }, clip: true,
        renderItem: (params, api) => {
          const [x0, y] = api.coord([api.value(0), api.value(2)]), [x1] = api.coord([api.value(1), api.value(2)]), h = api.size([0, 1])[1] * 0.7;
          const left = Math.max(x0, params.coordSys.x), right = Math.min(Math.max(x1, x0 + 0.7), params.coordSys.x + params.coordSys.width);
          return right < left ? null : { type: "rect", shape: { x: left, y: y - h / 2, width: right - left, height: h }, style: { fill: api.visual("color"), stroke: look.paper, lineWidth: right - left > 3 ? 0.6 : 0 } };
        },
      }));
      const b = base(look, narrow);
      return {
        ...b, series, xAxis: axis(look, chart.x, { min: 0 }), yAxis: names(look, chart.names, narrow), grid: { ...b.grid, bottom: 92 },
        dataZoom: [{ type: "inside", xAxisIndex: 0, filterMode: "none" }, { type: "slider", xAxisIndex: 0, filterMode: "none", bottom: 12, height: 18, brushSelect: false }],
        tooltip: { ...b.tooltip, trigger: "item", formatter: (p) => { const s = chart.series.find((s) => s.name === p.seriesName), i = p.value[3]; return escaped(chart.names[p.value[2]]) + "<br>" + escaped(s.labels[i]) + "<br>" + short(s.bounds[i][0]) + " to " + short(s.bounds[i][1]) + " cycles"; } },
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
        series[0].markLine = { silent: true, symbol: "none", lineStyle: { color: look.ink, type: "dashed" }, label: { color: look.ink, formatter: l.name, position: "insideMiddleTop" }, data: [{ xAxis: l.at }] };
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
  // Points of a store: a table with filters, parallel axes and a scatter, which all show the same choice.
  function condition(text, number) {
    text = text.trim();
    if (text === "") return () => true;
    const range = /^(-?[\d.e+-]+)\.\.(-?[\d.e+-]+)$/i.exec(text), bound = /^(<=|>=|<|>|=)\s*(-?[\d.e+-]+)$/i.exec(text);
    if (number && range) return (v) => v !== null && v >= +range[1] && v <= +range[2];
    if (number && bound) return (v) => v !== null && { "<": v < +bound[2], ">": v > +bound[2], "<=": v <= +bound[2], ">=": v >= +bound[2], "=": v === +bound[2] }[bound[1]];
    return (v) => v !== null && String(v).toLowerCase().includes(text.toLowerCase());
  }
  const most = 500; // rows that are written into the page at once
  function points(of) {
    const root = document.getElementById(of.id), columns = of.columns;
    const filters = columns.map(() => () => true);
    const brushes = { parallel: null, scatter: null }; // the rows that are brushed; null: none is
    const numbers = columns.map((c, i) => i).filter((i) => columns[i].number);
    const axes = columns.map((c, i) => i).filter((i) => columns[i].varies).slice(0, 12);
    const holds = (r) => filters.every((f, i) => f(of.rows[r][i]));
    const brushed = (r) => Object.values(brushes).every((b) => b === null || b.has(r));

    const part = (id, title, caption) => {
      const chart = node("div", { className: "chart", id: of.id + "-" + id });
      chart.setAttribute("role", "img");
      chart.setAttribute("aria-label", title + ": the table below has its numbers");
      const figure = node("figure", {}, node("h3", { textContent: title }), chart, node("figcaption", { textContent: caption }));
      root.append(figure);
      return figure;
    };
    const choose = (label, at) => {
      const select = node("select", {}, ...numbers.map((i) => node("option", { value: i, textContent: columns[i].name, selected: i === at })));
      return [select, node("label", {}, label + ": ", select)];
    };
    let [x, y] = of.front;
    if (x < 0) x = numbers.find((i) => columns[i].varies) ?? numbers[0];
    if (y < 0) y = numbers.find((i) => columns[i].varies && i !== x) ?? x;
    let redraw = () => {};
    if (numbers.length > 0) {
      const figure = part("scatter", "Scatter and front", "Filled marks are points that no other one beats in what is shown; the boxes say whether large values are better or small ones. Drag over marks to choose them.");
      const [sx, lx] = choose("Across", x), [sy, ly] = choose("Up", y);
      const clear = node("button", { type: "button", textContent: "Clear what is brushed" });
      const [mx, my] = ["across", "up"].map((way) => node("input", { type: "checkbox", onchange: () => redraw(), id: of.id + "-more-" + way }));
      const better = () => { mx.checked = columns[x].more; my.checked = columns[y].more; };
      better();
      figure.querySelector("h3").after(node("p", { className: "tools" }, ...[[lx, mx], [ly, my]].map(([label, box]) => node("span", { className: "pair" }, label, node("label", {}, box, " large is better"))), clear));
      const build = (look, narrow) => {
        const rows = of.rows.map((v, r) => r).filter((r) => holds(r) && of.rows[r][x] !== null && of.rows[r][y] !== null);
        const cost = (r) => [mx.checked ? -of.rows[r][x] : of.rows[r][x], my.checked ? -of.rows[r][y] : of.rows[r][y]];
        const costs = new Map(rows.map((r) => [r, cost(r)]));
        const beats = ([a, b], [c, d]) => a <= c && b <= d && (a < c || b < d);
        const front = rows.filter((r) => !rows.some((o) => beats(costs.get(o), costs.get(r))));
        const of2 = (list) => list.map((r) => ({ value: [of.rows[r][x], of.rows[r][y], r], name: String(r) }));
        return {
          ...base(look, narrow), grid: { left: 30, right: 28, top: 40, bottom: 40, containLabel: true }, xAxis: axis(look, { name: columns[x].name }, { scale: true }), yAxis: axis(look, { name: columns[y].name }, { scale: true, nameGap: 48 }),
          brush: { xAxisIndex: 0, brushLink: null, throttleType: "debounce", throttleDelay: 100, outOfBrush: { colorAlpha: 0.25 } }, toolbox: { show: false },
          tooltip: { ...base(look).tooltip, formatter: (p) => axes.map((i) => escaped(columns[i].name) + ": " + escaped(short(of.rows[p.value[2]][i] ?? ""))).join("<br>") },
          series: [
            { name: "beaten", type: "scatter", symbolSize: 8, data: of2(rows.filter((r) => !front.includes(r))), itemStyle: { color: "transparent", borderColor: look.palette[0], borderWidth: 1.5 } },
            { name: "front", type: "scatter", symbol: "diamond", symbolSize: 12, data: of2(front), itemStyle: { color: look.palette[1] } },
          ],
        };
      };
      const chart = draw(of.id + "-scatter", build);
      const arm = () => chart.dispatchAction({ type: "takeGlobalCursor", key: "brush", brushOption: { brushType: "rect", brushMode: "single" } });
      arm();
      chart.on("brushselected", (e) => {
        const batch = e.batch[0];
        const data = chart.getOption().series;
        brushes.scatter = batch.areas.length === 0 ? null : new Set(batch.selected.flatMap((s) => s.dataIndex.map((i) => data[s.seriesIndex].data[i].value[2])));
        list();
      });
      chart.on("click", (e) => open(e.value[2]));
      clear.addEventListener("click", () => { chart.dispatchAction({ type: "brush", areas: [] }); brushes.scatter = null; list(); });
      redraw = () => { chart.setOption(build(looks(false), root.clientWidth < 600), true); arm(); };
      sx.addEventListener("change", () => { x = +sx.value; better(); redraw(); });
      sy.addEventListener("change", () => { y = +sy.value; better(); redraw(); });
    }
    if (axes.length > 1) {
      part("parallel", "Parallel axes", "A line is a point; drag along an axis to choose a range of it.");
      const chart = draw(of.id + "-parallel", (look, narrow) => ({
        ...base(look, narrow), tooltip: { show: false }, parallel: { left: 40, right: 50, top: 50, bottom: 20, parallelAxisDefault: { nameTextStyle: { color: look.ink }, nameTruncate: { maxWidth: narrow ? 40 : 90 }, axisLabel: { color: look.ink, formatter: (v) => (typeof v === "number" ? brief(v) : v) }, axisLine: { lineStyle: { color: look.soft } } } },
        parallelAxis: axes.map((i, k) => (columns[i].number ? { id: String(k), dim: k, name: columns[i].name, scale: true } : { id: String(k), dim: k, name: columns[i].name, type: "category", data: [...new Set(of.rows.map((r) => String(r[i] ?? "")))], axisLabel: { color: look.ink, width: 70, overflow: "truncate" } })),
        series: [{ type: "parallel", inactiveOpacity: 0.08, activeOpacity: 0.9, lineStyle: { color: look.palette[0], width: 1.2, opacity: 0.6 }, data: of.rows.map((r) => axes.map((i) => (columns[i].number ? r[i] ?? "-" : String(r[i] ?? "")))) }],
      }));
      const chosen = axes.map(() => []); // intervals of each axis; of words by their places
      chart.on("axisareaselected", (e) => {
        chosen[+e.parallelAxisId] = e.intervals;
        const places = axes.map((i) => [...new Set(of.rows.map((r) => String(r[i] ?? "")))]);
        const inside = (r) => axes.every((i, k) => {
          const v = columns[i].number ? of.rows[r][i] : places[k].indexOf(String(of.rows[r][i] ?? ""));
          return chosen[k].length === 0 || (v !== null && chosen[k].some(([from, to]) => v >= from && v <= to));
        });
        brushes.parallel = chosen.every((c) => c.length === 0) ? null : new Set(of.rows.map((v, r) => r).filter(inside));
        list();
      });
    }

    const heads = columns.map((c, i) => {
      const input = node("input", { type: "search", placeholder: c.number ? "<5, 2..4" : "words" });
      input.setAttribute("aria-label", "filter " + c.name);
      input.addEventListener("input", () => { filters[i] = condition(input.value, c.number); list(); redraw(); });
      return node("th", { scope: "col", className: c.number ? "n" : "" }, c.name, input);
    });
    const body = node("tbody", {}), count = node("p", { className: "count" }), opened = node("dl", { className: "facts", tabIndex: -1 });
    count.setAttribute("role", "status");
    opened.setAttribute("aria-label", "the point that is open");
    const frame = node("div", { className: "table", tabIndex: 0 }, node("table", {}, node("thead", {}, node("tr", {}, node("th", { scope: "col", textContent: "open" }), ...heads)), body));
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", "points");
    root.append(node("h3", { textContent: "Table" }), count, frame, opened);
    function open(r) {
      opened.replaceChildren(...columns.map((c, i) => node("div", {}, node("dt", { textContent: c.name }), node("dd", {}, node("strong", { textContent: of.rows[r][i] === null ? "none" : short(of.rows[r][i]) })))));
      opened.dataset.row = r;
      body.querySelectorAll("tr").forEach((t) => t.classList.toggle("picked", +t.dataset.row === r));
      opened.focus();
    }
    function list() {
      const rows = of.rows.map((v, r) => r).filter((r) => holds(r) && brushed(r));
      count.textContent = rows.length + " of " + of.rows.length + " points" + (rows.length > most ? "; the first " + most + " are shown" : "");
      body.replaceChildren(...rows.slice(0, most).map((r) => {
        const button = node("button", { type: "button", textContent: String(r + 1), onclick: () => open(r) });
        button.setAttribute("aria-label", "open point " + (r + 1));
        const row = node("tr", {}, node("td", {}, button), ...columns.map((c, i) => node("td", { className: c.number ? "n" : "", textContent: of.rows[r][i] === null ? "" : short(of.rows[r][i]) })));
        row.dataset.row = r;
        return row;
      }));
    }
    list();
  }
  data.points.forEach(points);

  document.querySelectorAll("button.save").forEach((b) => b.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([b.closest("details").querySelector("pre").textContent], { type: "text/plain" }));
    node("a", { href: url, download: b.dataset.file }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }));
})();

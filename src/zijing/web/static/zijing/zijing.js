// What every page has besides links and forms: theme, rail, menus, sending once, charts. Pages work without it.
(() => {
  const root = document.documentElement;
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } };

  const switchTheme = () => {
    const theme = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", theme);
    keep("theme", theme);
    document.dispatchEvent(new CustomEvent("zijing:theme"));
  };
  const foldRail = () => keep("rail", root.classList.toggle("rail-folded") ? "folded" : "wide");
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-switch]")) switchTheme();
    if (event.target.closest("[data-rail-fold]")) foldRail();
    if (event.target.closest("[data-print]")) window.print();
    closeMenus(event.target.closest("details[data-menu]"));
  });
  // "/" goes to the search box; the arrows walk its suggestions, Escape leaves it.
  const typing = (place) => place.closest("input, textarea, select, [contenteditable]");
  const toSearch = () => {
    const box = document.getElementById("asked") || document.querySelector("[data-search]");
    if (box && box.offsetParent) box.focus(); else document.querySelector(".search-phone")?.click();
  };
  const walk = (event) => {
    const form = event.target.closest(".search-box");
    if (!form || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return false;
    const stops = [form.querySelector("input"), ...form.querySelectorAll(".suggestions a")];
    const next = stops.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    if (event.key === "Escape") document.activeElement.blur();
    else stops[(next + stops.length) % stops.length].focus();
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
      event.preventDefault();
      toSearch();
    }
    if (walk(event) || event.key !== "Escape") return;
    const open = document.querySelector("details[data-menu][open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // A second press while the first is under way sends nothing; the server would answer it the same anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-busy", "true"));
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    }
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form) form.requestSubmit();
  });

  const release = (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (form) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    }
  };
  document.addEventListener("htmx:afterRequest", release);
  const tell = (text) => {
    const line = document.createElement("p");
    line.className = "notice notice-error";
    line.setAttribute("role", "alert");
    line.dataset.told = "";
    line.textContent = text;
    document.getElementById("notices").replaceChildren(line);
  };
  const notices = document.getElementById("notices");
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) notices.querySelector("[data-told]")?.remove();
  });
  document.addEventListener("htmx:sendError", () => tell(notices.dataset.offline));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) tell(notices.dataset.failed);
  });

  // Charts: <div data-chart="line|bar" data-source="id of the JSON" data-library="address of ECharts">.
  // The JSON: {"x": [...], "series": [{"name", "values", "dashed"?, "type"?, "tone"?}], "unit"?}
  const token = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const tones = () => ({ accent: token("--accent"), quiet: token("--ink-3"), green: token("--green"), red: token("--red"), yellow: token("--yellow") });
  const option = (kind, data) => {
    const colours = tones(), ink = token("--ink-2"), line = token("--line");
    const order = [colours.quiet, colours.accent, colours.green, colours.yellow, colours.red];
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 },
      color: order,
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, textStyle: { color: ink }, itemWidth: 22 },
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("--surface"), borderColor: line, textStyle: { color: token("--ink") },
        valueFormatter: (v) => (v === null || v === undefined ? "—" : `${v}${data.unit || ""}`) },
      xAxis: { type: "category", data: data.x, boundaryGap: kind === "bar", axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: ink, hideOverlap: true } },
      yAxis: { type: "value", max: data.max, axisLabel: { color: ink, formatter: `{value}${data.unit || ""}` }, splitLine: { lineStyle: { color: line } } },
      series: data.series.map((s, i) => ({
        name: s.name, type: s.type || kind, data: s.values, showSymbol: false, connectNulls: false, barMaxWidth: 28,
        itemStyle: { color: colours[s.tone] || order[i % order.length] },
        lineStyle: { width: s.dashed ? 1.5 : 2.5, type: s.dashed ? [5, 4] : "solid", color: colours[s.tone] || order[i % order.length] },
      })),
    };
  };
  const drawn = [];
  const draw = (place) => {
    const data = JSON.parse(document.getElementById(place.dataset.source).textContent);
    const chart = window.echarts.getInstanceByDom(place) || window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(option(place.dataset.chart, data), true);
    if (!drawn.includes(place)) drawn.push(place);
  };
  let library;
  const load = (address) => {
    library = library || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address; script.onload = done; script.onerror = failed;
      document.head.append(script);
    });
    return library;
  };
  const charts = (within) => {
    for (const place of within.querySelectorAll("[data-chart]")) load(place.dataset.library).then(() => draw(place));
  };
  charts(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) charts(event.target); });
  document.addEventListener("zijing:theme", () => drawn.forEach(draw));
  addEventListener("resize", () => drawn.forEach((place) => window.echarts.getInstanceByDom(place).resize()));
})();

// The curve of a project: planned dashed, done solid, a stroke at today. The same numbers stand in the table below it.
(() => {
  const place = document.querySelector("[data-curve]");
  if (!place || !window.echarts) return;
  const data = JSON.parse(document.getElementById(place.dataset.curve).textContent);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const short = (day) => `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}`;
  const pairs = (values) => data.days.map((day, i) => [day, values[i]]).filter(([, value]) => value !== null);
  const line = (name, values, colour, more) => ({ name, type: "line", data: pairs(values), showSymbol: false, symbolSize: 7, color: colour, ...more });
  const chart = window.echarts.init(place, null, { renderer: "svg" });

  const draw = () => {
    const ink = token("--ink"), quiet = token("--ink-2"), rule = token("--line"), accent = token("--accent");
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 },
      grid: { left: 4, right: 20, top: 44, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 18, itemHeight: 3, textStyle: { color: quiet, fontSize: 14 } },
      tooltip: {
        trigger: "axis", renderMode: "richText", backgroundColor: token("--surface"), borderColor: token("--line-2"), textStyle: { color: ink },
        valueFormatter: (value) => (value === undefined || value === null ? "—" : `${Number(value).toFixed(1)}%`),
        axisPointer: { lineStyle: { color: token("--line-2") }, label: { show: false } },
      },
      xAxis: { type: "time", axisLine: { lineStyle: { color: token("--line-2") } }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { color: quiet, hideOverlap: true, formatter: (at) => short(new Date(at + 8 * 3600e3).toISOString()) } },
      yAxis: { type: "value", min: 0, max: 100, interval: 25, axisLabel: { color: quiet, formatter: "{value}%" }, splitLine: { lineStyle: { color: rule } } },
      series: [
        line(data.names.planned, data.planned, quiet, { lineStyle: { width: 1.75, type: [6, 4] } }),
        line(data.names.actual, data.actual, accent, {
          lineStyle: { width: 3 }, areaStyle: { opacity: 0.08 },
          markLine: { silent: true, symbol: "none", data: [{ xAxis: data.today }], lineStyle: { color: ink, width: 1, type: "solid" }, label: { formatter: data.names.today, color: ink, position: "end" } },
        }),
      ],
    }, true);
  };
  draw();
  document.addEventListener("zijing:theme", draw);
  addEventListener("resize", () => chart.resize());
})();

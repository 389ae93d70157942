// Draws the office's own boundaries; no tiles, no fonts, nothing from elsewhere. Labels are elements of the page.
// With data-points it draws cases in clusters instead of the numbers of places: each cluster is a link to its list.
const box = document.getElementById("map");
const clustered = Boolean(box.dataset.points);
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const fail = () => { box.replaceChildren(Object.assign(document.createElement("p"), { className: "map-failed", textContent: box.dataset.failed })); };

const paints = () => ({
  "community-fill": { "fill-color": token("--surface"), "fill-opacity": 1 },
  "chosen-fill": { "fill-color": token("--accent-soft"), "fill-opacity": 1 },
  "grid-line": { "line-color": token("--line-2"), "line-width": 1, "line-dasharray": [3, 2] },
  "community-line": { "line-color": token("--accent"), "line-width": 1.75, "line-opacity": 0.75 },
});
const NONE = ["==", ["get", "id"], -1];
const COMMUNITY = ["in", ["get", "level"], ["literal", ["community", "village"]]];
const GRID = ["==", ["get", "level"], "grid"];

const style = (places) => {
  const paint = paints();
  const layer = (id, type, filter, more) => ({ id, type, source: "places", filter, paint: paint[id], ...more });
  return {
    version: 8,
    sources: { places: { type: "geojson", data: places } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": token("--sunken") } },
      layer("community-fill", "fill", COMMUNITY),
      layer("chosen-fill", "fill", NONE),
      layer("grid-line", "line", GRID, { minzoom: 12 }),
      layer("community-line", "line", COMMUNITY),
    ],
  };
};

const bounds = (features) => {
  const all = features.flatMap((f) => f.geometry.coordinates.flat(Infinity));
  const lon = all.filter((_v, i) => i % 2 === 0), lat = all.filter((_v, i) => i % 2 === 1);
  return [[Math.min(...lon), Math.min(...lat)], [Math.max(...lon), Math.max(...lat)]];
};

const mark = (tally) => {
  const element = document.createElement("span");
  element.className = `map-mark map-mark-${tally.key}`;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${box.dataset.icons}#${tally.icon}`);
  svg.append(use);
  element.append(svg, String(tally.n));
  element.title = `${tally.label} ${tally.n}`;
  return element;
};
const label = (facts) => {
  const element = Object.assign(document.createElement("button"), { type: "button", className: `map-label map-label-${facts.level}` });
  element.append(facts.name);
  const found = clustered ? [] : facts.tallies.filter((t) => t.n);
  if (found.length) {
    const row = document.createElement("span");
    row.className = "map-marks";
    row.append(...found.map(mark));
    const total = found.reduce((sum, t) => sum + t.n, 0);
    const whole = Object.assign(document.createElement("span"), { className: "map-mark map-total", textContent: total });
    const name = document.createElement("span");
    name.className = "map-name";
    name.textContent = facts.name;
    element.replaceChildren(name, row, whole);
  }
  return element;
};
const card = (facts) => {
  const element = document.createElement("div");
  element.append(Object.assign(document.createElement("h3"), { textContent: facts.name }));
  for (const tally of facts.tallies) {
    const link = Object.assign(document.createElement("a"), { href: tally.href });
    link.append(Object.assign(document.createElement("span"), { textContent: tally.label }), Object.assign(document.createElement("b"), { textContent: tally.n }));
    element.append(link);
  }
  return element;
};

const cluster = (facts) => {
  const element = document.createElement("a");
  element.className = `map-cluster${facts.late ? " is-late" : ""}${facts.n > 1 ? "" : " is-one"}`;
  element.href = facts.href;
  const said = facts.title || box.dataset.several.replace("{n}", facts.n).replace("{late}", facts.late);
  element.setAttribute("aria-label", said);
  element.title = said;
  element.textContent = facts.n > 1 ? facts.n : "";
  if (facts.n > 1) element.style.setProperty("--wide", `${Math.min(64, 30 + 8 * Math.log2(facts.n))}px`);
  return element;
};
const drawClusters = (map, library) => {
  let drawn = [], asked = 0;
  const draw = async () => {
    const turn = ++asked, b = map.getBounds();
    const part = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((v) => v.toFixed(6)).join(",");
    const answer = await fetch(`${box.dataset.points}&box=${part}&zoom=${Math.round(map.getZoom())}`, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok || turn !== asked) return;
    const found = await answer.json();
    for (const marker of drawn) marker.remove();
    drawn = found.features.map((f) => new library.Marker({ element: cluster(f.properties) }).setLngLat(f.geometry.coordinates).addTo(map));
    box.dataset.clusters = String(drawn.length);
  };
  map.on("moveend", draw);
  draw();
};

const start = async () => {
  const [library, answer] = await Promise.all([import(box.dataset.library), fetch(box.dataset.places, { headers: { Accept: "application/geo+json" } })]);
  const places = await answer.json();
  if (!places.features.length) return;
  const own = places.features.filter((f) => String(f.properties.id) === box.dataset.focus);
  const map = new library.Map({
    container: box, style: style(places), bounds: bounds(own.length ? own : places.features), fitBoundsOptions: { padding: 40, maxZoom: 15 },
    attributionControl: false, dragRotate: false, pitchWithRotate: false, cooperativeGestures: false,
    locale: { "NavigationControl.ZoomIn": box.dataset.zoomIn, "NavigationControl.ZoomOut": box.dataset.zoomOut, "Popup.Close": box.dataset.close },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");

  let popup;
  const choose = (feature) => {
    const facts = feature.properties;
    popup?.remove();
    if (clustered) map.fitBounds(bounds([feature]), { padding: 40, maxZoom: 16 });
    map.setFilter("chosen-fill", ["==", ["get", "id"], facts.id]);
    for (const row of document.querySelectorAll("[data-place]")) row.classList.toggle("is-chosen", row.dataset.place === String(facts.id));
    if (clustered) return;
    popup = new library.Popup({ maxWidth: "320px", offset: 12 }).setLngLat(facts.centre).setDOMContent(card(facts)).addTo(map);
    popup.on("close", () => map.setFilter("chosen-fill", NONE));
  };
  const labels = [];
  for (const feature of places.features) {
    const facts = feature.properties;
    if (!facts.centre || facts.level === "office") continue;
    const element = label(facts);
    element.addEventListener("click", (event) => { event.stopPropagation(); choose(feature); });
    new library.Marker({ element }).setLngLat(facts.centre).addTo(map);
    labels.push(element);
  }
  // Where labels would overlap, the later one is told more shortly: numbers without pictures, their sum, the sum alone.
  const SHORTER = ["is-tight", "is-total", "is-bare", "is-hidden"];
  const broad = (element) => element.matches(".map-label-community, .map-label-village");
  labels.sort((a, b) => broad(b) - broad(a));
  const arrange = () => {
    const taken = [];
    const free = (element) => {
      const r = element.getBoundingClientRect();
      const clash = taken.some((t) => r.left < t.right && t.left < r.right && r.top < t.bottom && t.top < r.bottom);
      if (!clash) taken.push(r);
      return !clash;
    };
    box.classList.toggle("hide-grids", map.getZoom() < 13.5);
    for (const element of labels) {
      element.classList.remove(...SHORTER);
      for (const shorter of SHORTER) {
        if (free(element)) break;
        element.classList.remove(...SHORTER);
        element.classList.add(shorter);
      }
    }
  };
  map.on("moveend", arrange);
  if (clustered) drawClusters(map, library);
  requestAnimationFrame(arrange);
  const byId = new Map(places.features.map((f) => [f.properties.id, f]));
  map.on("click", (event) => {
    const [hit] = map.queryRenderedFeatures(event.point, { layers: ["community-fill"] });
    if (hit) choose(byId.get(hit.properties.id));
  });
  document.addEventListener("zijing:theme", () => {
    map.setPaintProperty("ground", "background-color", token("--sunken"));
    for (const [id, values] of Object.entries(paints())) for (const [name, value] of Object.entries(values)) map.setPaintProperty(id, name, value);
  });
  for (const row of document.querySelectorAll("[data-place]")) {
    const feature = byId.get(Number(row.dataset.place));
    if (feature && feature.properties.level !== "office") row.addEventListener("click", (event) => { if (!event.target.closest("a")) choose(feature); });
  }
  map.on("load", () => { box.dataset.ready = "yes"; });
};
start().catch(fail);

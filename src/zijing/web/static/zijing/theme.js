// Runs before the first paint: the chosen theme, the folded rail, and the sign that scripts run.
(() => {
  const root = document.documentElement;
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => root.setAttribute("data-bs-theme", read("theme") || (dark.matches ? "dark" : "light"));
  apply();
  dark.addEventListener("change", apply);
  root.classList.add("js");
  root.classList.toggle("rail-folded", read("rail") === "folded");
})();

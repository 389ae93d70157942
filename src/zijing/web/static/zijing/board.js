// The clock of the wall runs on from the office's time, and says so when no new page has come for three minutes.
(() => {
  const LATE = 3 * 60 * 1000;
  let shown = null;
  const begin = () => {
    const clock = document.querySelector("[data-clock]");
    shown = clock && { office: Date.parse(clock.dateTime), here: Date.now() };
  };
  const tick = () => {
    const clock = document.querySelector("[data-clock]");
    if (!clock || !shown) return;
    const past = Date.now() - shown.here;
    const text = new Date(shown.office + past).toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
    if (clock.textContent !== text) clock.textContent = text;
    clock.classList.toggle("late", past > LATE);
  };
  begin();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSwap", begin);
})();

// The − and + of the daily report, held down they go on; and the name of the chosen photo.
(() => {
  const places = (text) => (text.split(".")[1] || "").length;
  const change = (box, by) => {
    const input = box.querySelector("input");
    const now = Number(input.value.replace(/[,，\s%]/g, "")) || 0;
    const low = Number(box.dataset.min), high = Number(box.dataset.max.replace(/,/g, ""));
    const next = Math.min(high, Math.max(low, now + by * Number(box.dataset.step)));
    input.value = next.toFixed(Number.isInteger(next) ? 0 : Math.min(2, places(String(now))));
  };
  const LONG = 450, AGAIN = 110;
  let waiting, going;
  const stop = () => { clearTimeout(waiting); clearInterval(going); };
  for (const box of document.querySelectorAll("[data-stepper]")) {
    for (const button of box.querySelectorAll("[data-by]")) {
      const by = Number(button.dataset.by);
      button.addEventListener("click", () => change(box, by));
      button.addEventListener("pointerdown", () => {
        stop();
        waiting = setTimeout(() => { going = setInterval(() => change(box, by), AGAIN); }, LONG);
      });
      for (const end of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(end, stop);
    }
  }
  const wrong = document.querySelector(".ask.has-error");
  if (wrong) wrong.scrollIntoView({ block: "center" });
  const photo = document.getElementById("photo"), name = document.querySelector("[data-photo-name]");
  if (photo && name) photo.addEventListener("change", () => { if (photo.files[0]) name.textContent = photo.files[0].name; });
})();

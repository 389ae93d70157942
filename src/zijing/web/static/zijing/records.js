// A phone shows the list first: its filter is folded until asked for.
for (const filters of document.querySelectorAll("details[data-filters]")) {
  if (window.matchMedia("(max-width: 767px)").matches) filters.open = false;
}

// "Here": fills a position from the device, only when the person presses the button.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-locate]");
  if (!button || !navigator.geolocation) return;
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      document.getElementById(button.dataset.locate).value = `${coords.longitude.toFixed(6)}, ${coords.latitude.toFixed(6)}`;
      button.removeAttribute("aria-busy");
    },
    () => button.removeAttribute("aria-busy"),
    { enableHighAccuracy: true, timeout: 10000 },
  );
});

// "All shown": ticks every row of the list that can be chosen.
document.addEventListener("change", (event) => {
  const whole = event.target.closest("[data-choose-all]");
  if (!whole) return;
  for (const box of document.querySelectorAll(`input[name=case][form="${whole.dataset.chooseAll}"]`)) box.checked = whole.checked;
});

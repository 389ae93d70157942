// The page of what waits: each with what it is, since when, why it has not gone out, and what can be done.
import { clock, make, whose, words } from "./page.js";
import { again, announce, listen } from "./sending.js";
import { heldBack, remove, waitingOf } from "./store.js";

const place = document.getElementById("queue");
const list = place?.querySelector(".phone-items");
let sending = "";

let held = new Set();
const can = (item) => {
  if (item.whose !== whose) return place.dataset.other;
  if (held.has(item.id)) return place.dataset.before;
  if (item.id === sending) return place.dataset.sending;
  if (item.state !== "refused") return place.dataset[item.why] || place.dataset.waiting;
  return place.dataset[item.status] || place.dataset[400];
};
const pictures = (item) => item.files.filter((f) => f.type.startsWith("image/")).map((f) => {
  const picture = make("img", "", { alt: f.file, src: URL.createObjectURL(new Blob([f.bytes], { type: f.type })) });
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  return picture;
});
const row = (item) => {
  const made = document.getElementById("waiting-item").content.cloneNode(true).firstElementChild;
  const at = (selector) => made.querySelector(selector);
  made.dataset.id = item.id;
  made.classList.toggle("is-refused", item.state === "refused");
  at("h2").textContent = item.title;
  const photos = item.files.length ? words(place, "photos", { n: item.files.length }) : "";
  at(".phone-since").textContent = [words(place, "since", { time: clock(item.at) }), photos].filter(Boolean).join(" · ");
  at(".phone-why").textContent = item.state === "refused" && item.why ? `${place.dataset.says} ${item.why}` : "";
  at(".phone-can").textContent = can(item);
  at(".phone-photos").append(...pictures(item));
  for (const [label, value] of item.said) at("dl").append(make("dt", "", { textContent: label }), make("dd", "", { textContent: value }));
  const open = at("[data-do=open]"), isForm = item.form === item.action;
  open.hidden = item.state !== "refused" && isForm;
  open.href = isForm ? `${item.form}${item.form.includes("?") ? "&" : "?"}queued=${item.id}` : item.form;
  at(`[data-for=${isForm ? "case" : "form"}]`).remove();
  const likely = item.state === "refused" ? open : at("[data-do=again]");
  for (const button of [open, at("[data-do=again]")]) button.classList.toggle("btn-primary", button === likely);
  if (likely === open) open.after(at("[data-do=again]"));
  at("[data-do=again]").hidden = item.whose !== whose || held.has(item.id);
  return made;
};
const render = async () => {
  const opened = new Set([...list.querySelectorAll("details[open]")].map((d) => `${d.closest("[data-id]").dataset.id} ${d.className}`));
  const items = await waitingOf(whose);
  held = heldBack(items);
  const rows = items.map(row);
  for (const made of rows) for (const d of made.querySelectorAll("details")) d.open = opened.has(`${made.dataset.id} ${d.className}`);
  list.querySelectorAll("[data-id]").forEach((old) => old.remove());
  list.append(...rows);
  list.dataset.ready = "yes";
};
const sent = (news) => {
  const made = document.getElementById("sent-item").content.cloneNode(true).firstElementChild;
  Object.assign(made.querySelector("a"), { href: news.at, textContent: news.title });
  made.querySelector("span").textContent = news.said;
  list.prepend(made);
};

export const showQueue = async () => {
  if (!list) return;
  listen((news) => {
    sending = news.sending || "";
    if (news.sent) sent(news);
    render();
  });
  list.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-do]"), id = event.target.closest("[data-id]")?.dataset.id;
    if (!button || !id) return;
    if (button.dataset.do === "again") await again(id);
    if (button.dataset.do === "drop") { await remove(id); announce(); }
  });
  await render();
};

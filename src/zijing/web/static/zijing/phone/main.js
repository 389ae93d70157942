// The phone of whoever works on the ground: keeps its pages, shows whether there is a network, sends what waits.
import { clock, keptAt, line, tell, whose, words } from "./page.js";
import { drain, listen } from "./sending.js";
import { dropOldDrafts, waitingOf } from "./store.js";
import { watchForms } from "./forms.js";
import { showQueue } from "./waiting.js";

const EVERY = 30_000;
const keep = (force = false) => navigator.serviceWorker?.controller?.postMessage({ keep: whose, lang: document.documentElement.lang, force });

const show = async () => {
  const items = await waitingOf(whose).catch(() => []);
  const refused = items.filter((item) => item.state === "refused").length, waits = items.length - refused;
  const offline = !navigator.onLine || keptAt > 0;
  const parts = [
    offline && words(line, "offline"), offline && keptAt && words(line, "asOf", { time: clock(keptAt) }),
    waits && words(line, "waits", { n: waits }), refused && words(line, "refused", { n: refused }),
    items.some((item) => item.why === "signedOut") && words(line, "signedOut"),
  ].filter(Boolean);
  line.querySelector("span").textContent = parts.join(" · ");
  line.classList.toggle("is-offline", offline);
  line.classList.toggle("is-refused", refused > 0);
  line.hidden = !parts.length;
};
const sendWhatWaits = async () => {
  if (navigator.onLine) await drain().catch(() => {});
  await show();
};

const begin = async () => {
  document.documentElement.classList.toggle("is-kept", keptAt > 0);
  const said = sessionStorage.getItem("said");
  if (said) { sessionStorage.removeItem("said"); tell(said, "success"); }
  listen((news) => { if (news.sent) keep(true); show(); });
  addEventListener("online", sendWhatWaits);
  addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sendWhatWaits(); });
  setInterval(sendWhatWaits, EVERY);
  await show();
  await Promise.all([watchForms(), showQueue(), dropOldDrafts()]).catch(() => {});
  line.dataset.ready = "yes";
  await sendWhatWaits();
};
const register = async () => {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  workers.addEventListener("controllerchange", () => keep());
  workers.addEventListener("message", ({ data }) => { if (data.kept === whose) line.dataset.keeps = "yes"; });
  await workers.register(line.dataset.worker, { updateViaCache: "none" });
  keep();
};
begin();
register().catch(() => {});

// Sends what waits, one after the other, each exactly once: it is kept until the server has answered for it, and the
// server knows its id. Only one tab sends at a time, and only as whoever wrote it.
import { whose } from "./page.js";
import { behind, change, find, heldBack, remove, waitingOf } from "./store.js";

const PATIENCE = 90_000;
const heard = new EventTarget();
const others = "BroadcastChannel" in self ? new BroadcastChannel("zijing") : null;
export const listen = (hear) => heard.addEventListener("change", (event) => hear(event.detail));
export const announce = (news = {}) => {
  heard.dispatchEvent(new CustomEvent("change", { detail: news }));
  others?.postMessage(news);
};
if (others) others.onmessage = ({ data }) => heard.dispatchEvent(new CustomEvent("change", { detail: data }));

const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] || "";
const bodyOf = (item) => {
  const body = new FormData();
  for (const [name, value] of item.fields) body.append(name, value);
  for (const { name, file, type, bytes } of item.files) body.append(name, new File([bytes], file, { type }));
  return body;
};
// Asks the server; {status: 0} when no answer came, {said, at} when it was taken, {status, why} when it was not.
const ask = async (item) => {
  const headers = { Accept: "application/json", "X-CSRFToken": token(), "X-Whose": item.whose };
  const signal = AbortSignal.timeout?.(PATIENCE);
  let answer, told = null;
  try {
    answer = await fetch(item.action, { method: "POST", body: bodyOf(item), headers, signal });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) told = await answer.json();
  } catch {
    return { status: 0 };
  }
  if (answer.ok && told?.at) return told;
  return { status: answer.status, why: told?.error?.message || "", plain: !told };
};
const LATER = new Set([0, 200, 408, 425, 429, 500, 502, 503, 504, 507]);
const UNHEARD = 3;

// Sends one; true when the next may follow.
const send = async (item, outcomes) => {
  announce({ sending: item.id });
  const answer = await ask(item);
  outcomes.set(item.id, answer);
  if (answer.at) {
    await behind(item, answer.seen);
    announce({ sent: item.id, title: item.title, ...answer });
    return true;
  }
  const tried = (item.tried || 0) + 1;
  // A page instead of an answer: a form that is too old, or somebody between us and the server. It is asked for anew.
  const unheard = answer.plain && tried < UNHEARD;
  if (answer.status === 403 && answer.plain) await fetch("/waiting/").catch(() => {});
  const waits = answer.status === 401 || LATER.has(answer.status) || unheard;
  const why = answer.status === 401 ? "signedOut" : answer.status ? "busy" : "waiting";
  await change(item.id, waits ? { tried, why } : { tried, state: "refused", status: answer.status, why: answer.why });
  announce();
  return !waits;
};

const alone = (work, wait) => (navigator.locks ? navigator.locks.request("zijing-queue", { ifAvailable: !wait }, (lock) => lock && work()) : work());
// Sends all that waits of this account and post; what came of each, by id. `wait`: until no other tab is sending.
export const drain = async ({ wait = false } = {}) => {
  const outcomes = new Map();
  await alone(async () => {
    for (;;) {
      const all = await waitingOf(whose), held = heldBack(all);
      const next = all.find((item) => item.state === "waiting" && item.whose === whose && !held.has(item.id) && !outcomes.has(item.id));
      if (!next || !(await send(next, outcomes))) return;
    }
  }, wait);
  return outcomes;
};
export const again = async (id) => {
  if (await find(id)) await change(id, { state: "waiting", why: "waiting", status: 0, tried: 0 });
  announce();
  return drain({ wait: true });
};

// Forms that may be filled in without a network: written into the queue before anything is sent, then sent if it goes.
import { addressOf, isHere, keptAt, line, make, tell, whose, words } from "./page.js";
import { isPhoto, positionOf, smaller } from "./photos.js";
import { drain } from "./sending.js";
import { add, find, keepDraft, remove, waitingOf } from "./store.js";
import { inWords, keyOf, read, watch } from "./drafts.js";

const PATIENCE = 15_000, DAY = 24 * 3600e3;
const working = new WeakMap();

const show = (input) => {
  const beside = input.closest(".with-unit") || input;
  beside.parentElement.querySelector(".phone-photo")?.remove();
  const [file] = input.files;
  if (!file || !isPhoto(file)) return;
  const note = make("p", "phone-photo"), picture = make("img", "", { alt: "", src: URL.createObjectURL(file) });
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  note.append(picture, words(line, "photo", { size: Math.ceil(file.size / 1024) }));
  beside.after(note);
};
const place = async (input, file) => {
  const point = document.getElementById(input.dataset.position || "");
  const taken = point && !point.value && (await positionOf(file));
  if (!taken) return;
  point.value = taken.map((part) => part.toFixed(6)).join(", ");
  if (!point.closest(".field").querySelector(".phone-taken")) point.closest(".field").append(make("p", "help phone-taken", { textContent: line.dataset.taken }));
};
const shrink = async (input) => {
  const chosen = new DataTransfer();
  for (const file of input.files) {
    if (isPhoto(file)) await place(input, file);
    chosen.items.add(await smaller(file));
  }
  input.files = chosen.files;
  show(input);
};

// A form sent as forms are: the server shows what is wrong in its page.
const plainly = (form, submitter) => {
  if (submitter?.name) form.append(make("input", "", { type: "hidden", name: submitter.name, value: submitter.value }));
  HTMLFormElement.prototype.submit.call(form);
};
const release = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
};
const titleOf = (form, fields) => {
  const text = form.querySelector("input[type=text], textarea");
  const [, said] = fields.find(([name]) => name === text?.name) || [];
  return [form.dataset.queue, said].filter(Boolean).join(" · ");
};
const leave = (address) => location.assign(address);

// One that is in the queue: send it and go where it leads, or to what waits.
const goOn = async (item, form, submitter) => {
  if (!navigator.onLine) return leave("/waiting/");
  const slow = new Promise((done) => { setTimeout(() => done(new Map()), PATIENCE); });
  const outcome = (await Promise.race([drain({ wait: true }), slow])).get(item.id);
  if (outcome?.at) {
    sessionStorage.setItem("said", outcome.said);
    return leave(outcome.at);
  }
  if (outcome?.status === 422) {
    // The page that says what is wrong has lost the photos: the draft puts them back.
    await keepDraft({ key: keyOf(form), at: item.at, fields: item.fields, files: item.files });
    // A step before it may have gone out meanwhile: the case was seen as it is since then.
    const [, seen] = ((await find(item.id)) || item).fields.find(([name]) => name === "seen") || [];
    if (seen) form.elements.seen.value = seen;
    await remove(item.id);
    return plainly(form, submitter);
  }
  return leave((await find(item.id)) ? "/waiting/" : "/today/");
};
const queue = async (form, submitter) => {
  await working.get(form);
  if (!form.checkValidity()) {
    if (navigator.onLine) return plainly(form, submitter);
    release(form);
    return form.reportValidity();
  }
  const held = await read(form, submitter), action = addressOf(form);
  const item = {
    id: form.elements.client_id.value, whose, at: Date.now(), title: titleOf(form, held.fields), state: "waiting", why: "waiting",
    action, form: isHere(action) ? action : location.pathname, said: inWords(form), ...held,
  };
  try {
    await add(item, keyOf(form), form.dataset.replaces);
  } catch {
    if (navigator.onLine) return plainly(form, submitter);
    release(form);
    return tell(line.dataset.noRoom, "error");
  }
  form.dispatchEvent(new CustomEvent("zijing:done"));
  navigator.storage?.persist?.();
  return goOn(item, form, submitter);
};

// A copy kept yesterday begins with today: only days that the server had filled in with its own.
const renewDays = (form) => {
  if (!keptAt) return;
  const then = line.dataset.today, past = Math.floor((Date.now() + 8 * 3600e3) / DAY) - Math.floor((keptAt + 8 * 3600e3) / DAY);
  const now = new Date(Date.parse(`${then}T00:00:00Z`) + past * DAY).toISOString().slice(0, 10);
  for (const input of form.querySelectorAll("input[type=date]")) {
    if (input.max === then) input.max = now;
    if (input.value === then) input.value = now;
  }
  for (const button of past ? form.querySelectorAll("[data-renewed]") : []) button.textContent = button.dataset.renewed;
};

// What can be done once a step has been taken stands ready in the page: while that step waits, it takes its place.
const unfold = (mine) => {
  for (const ready of document.querySelectorAll("template[data-after]")) {
    if (!mine.some((item) => item.whose === whose && item.state === "waiting" && item.action === ready.dataset.after)) continue;
    const step = document.querySelector(`form[action="${ready.dataset.after}"]`);
    (step.closest("details") || step).replaceWith(ready.content);
  }
};
// What is sent only with a network; what is written is kept like any draft.
const watchOthers = async () => {
  for (const form of document.querySelectorAll("form[data-online]")) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      release(form);
      tell(line.dataset.online, "error");
    });
    await watch(form);
  }
};

export const watchForms = async () => {
  const mine = await waitingOf(whose);
  unfold(mine);
  await watchOthers();
  const forms = [...document.querySelectorAll("form[data-queue]")];
  for (const form of forms) {
    renewDays(form);
    form.addEventListener("change", (event) => {
      if (event.target.type === "file") working.set(form, Promise.resolve(working.get(form)).then(() => shrink(event.target)));
    });
    form.addEventListener("zijing:files", (event) => show(event.target));
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-queue]")) return;
    event.preventDefault();
    queue(form, event.submitter);
  });
  for (const form of forms) await watch(form);
  if (!forms.length) return;
  const single = forms.some((form) => "single" in form.dataset);
  for (const item of mine) if (isHere(item.form) && (single || !isHere(item.action))) tell(words(line, "already", { title: item.title }));
};

// What is half written survives: a closed page, a dead battery, a page that is not there when one comes back.
import { addressOf, clock, keptAt, line, make, newId, whose, words } from "./page.js";
import { dropDraft, draftOf, find, keepDraft } from "./store.js";

const PAUSE = 400;
// A correction is of the record as it was read: what was written upon an older one is not put into a newer.
export const keyOf = (form) => [whose, addressOf(form), ...("online" in form.dataset ? [form.elements.seen.value] : [])].join(" ");
const OWN = new Set(["csrfmiddlewaretoken", "client_id"]);

// What a form holds: its values, and its files as bytes.
export const read = async (form, submitter) => {
  const fields = [], files = [];
  for (const [name, value] of new FormData(form)) {
    if (name === "csrfmiddlewaretoken") continue;
    if (typeof value === "string") fields.push([name, value]);
    else if (value.size) files.push({ name, file: value.name, type: value.type, bytes: await value.arrayBuffer() });
  }
  if (submitter?.name) fields.push([submitter.name, submitter.value]);
  return { fields, files };
};
const written = (form) => [...form.elements].filter((e) => e.name && e.type !== "hidden" && e.type !== "submit" && !OWN.has(e.name));

const labelOf = (e) => (e.type === "radio" ? e.closest("fieldset")?.querySelector("legend") : e.labels?.[0])?.firstChild?.textContent.trim() || "";
const shown = (e) => (e.tagName === "SELECT" ? e.selectedOptions[0]?.text : /radio|checkbox/.test(e.type) ? e.labels[0]?.textContent : e.value);
// What was written, as its reader sees it: [label, value].
export const inWords = (form) => written(form)
  .filter((e) => e.value && e.type !== "file" && (!/radio|checkbox/.test(e.type) || e.checked))
  .map((e) => [labelOf(e), shown(e)]);

// Puts values and files into a form; what the server has just given back with its faults is left as it is.
export const fill = (form, { fields, files }) => {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) || []), value]);
  const judged = form.querySelector(".has-error") !== null;
  for (const element of written(form)) {
    const told = values.get(element.name) || [];
    if (element.type === "file") {
      const chosen = new DataTransfer();
      for (const f of files) if (f.name === element.name) chosen.items.add(new File([f.bytes], f.file, { type: f.type }));
      element.files = chosen.files;
      element.dispatchEvent(new CustomEvent("zijing:files", { bubbles: true }));
    } else if (judged) continue;
    else if (element.type === "radio" || element.type === "checkbox") element.checked = told.includes(element.value);
    else if (values.has(element.name)) element.value = told[0];
    if (element.tagName === "SELECT") element.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const fold = form.closest("details");
  if (fold) fold.open = true;
};

const offer = (form, draft) => {
  const note = make("p", "notice phone-draft", { textContent: words(line, "draft", { time: clock(draft.at) }) });
  const drop = make("button", "btn", { type: "button", textContent: line.dataset.discard });
  drop.addEventListener("click", async () => { await dropDraft(draft.key); location.replace(location.pathname); });
  note.append(drop);
  form.prepend(note);
};

// Watches a form: keeps what is written into it, and puts back what was.
export const watch = async (form) => {
  if (keptAt) form.elements.client_id.value = newId();
  let timer = 0;
  const keep = async () => { timer = 0; await keepDraft({ key: keyOf(form), at: Date.now(), ...(await read(form)) }).catch(() => {}); };
  const soon = () => { clearTimeout(timer); timer = setTimeout(keep, PAUSE); };
  form.addEventListener("zijing:done", () => { clearTimeout(timer); timer = 0; });
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) { clearTimeout(timer); keep(); } });

  const queued = new URLSearchParams(location.search).get("queued");
  const item = queued && (await find(queued).catch(() => null));
  const again = item && item.whose === whose && item.action === addressOf(form);
  const draft = again ? null : await draftOf(keyOf(form)).catch(() => null);
  if (again) { fill(form, item); form.dataset.replaces = item.id; }
  else if (draft) { fill(form, draft); offer(form, draft); }
  for (const event of ["input", "change"]) form.addEventListener(event, soon);
};

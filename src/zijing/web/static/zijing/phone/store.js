// What waits to be sent and what is half written, in the browser's own database; each belongs to an account and post.
let opened;
const open = () => {
  opened ||= new Promise((done, failed) => {
    const asked = indexedDB.open("zijing", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("queue", { keyPath: "id" });
      asked.result.createObjectStore("drafts", { keyPath: "key" });
    };
    asked.onsuccess = () => { asked.result.onversionchange = () => asked.result.close(); done(asked.result); };
    asked.onerror = () => failed(asked.error);
  });
  return opened;
};
// Runs `work` in one transaction; resolves with the result of the request it returns, once everything is on the disk.
const within = async (stores, mode, work) => {
  const database = await open();
  return new Promise((done, failed) => {
    const act = database.transaction(stores, mode, { durability: "strict" });
    const asked = work((name) => act.objectStore(name));
    act.oncomplete = () => done(asked?.result);
    act.onerror = act.onabort = () => failed(act.error || new Error("aborted"));
  });
};

export const account = (whose) => whose.split(".")[0];
// Everything that waits of an account, in any of its posts, the oldest first.
export const waitingOf = async (whose) => {
  const all = await within(["queue"], "readonly", (store) => store("queue").getAll());
  return all.filter((item) => account(item.whose) === account(whose)).sort((one, other) => one.at - other.at);
};
export const find = (id) => within(["queue"], "readonly", (store) => store("queue").get(id));
// Kept whole before anything is sent: what it was half written as, and what it replaces, go in the same moment.
export const add = (item, draft, replaced) => within(["queue", "drafts"], "readwrite", (store) => {
  if (draft) store("drafts").delete(draft);
  if (replaced) store("queue").delete(replaced);
  return store("queue").put(item);
});
export const change = (id, facts) => within(["queue"], "readwrite", (store) => {
  const asked = store("queue").get(id);
  asked.onsuccess = () => { if (asked.result) store("queue").put({ ...asked.result, ...facts }); };
  return asked;
});

// Steps of one case follow each other: each was written upon what the one before it makes of the case.
const caseOf = (item) => item.action.match(/^\/cases\/\d+\//)?.[0];
const after = (one, item) => caseOf(item) && caseOf(one) === caseOf(item) && one.whose === item.whose && one.at > item.at;
const seenOf = (item) => item.fields.find(([name]) => name === "seen")?.[1];
// The ids of what waits behind a step of the same case that was refused.
export const heldBack = (items) => {
  const refused = items.filter((item) => item.state === "refused");
  return new Set(items.filter((one) => refused.some((item) => after(one, item))).map((one) => one.id));
};
// Takes out what was sent; what was written upon it has then seen the case as it became by it.
export const behind = (sent, seen) => within(["queue"], "readwrite", (store) => {
  store("queue").delete(sent.id);
  const asked = store("queue").getAll();
  asked.onsuccess = () => {
    for (const one of asked.result) {
      if (seen === undefined || !after(one, sent) || seenOf(one) !== seenOf(sent)) continue;
      store("queue").put({ ...one, fields: one.fields.map(([name, value]) => [name, name === "seen" ? String(seen) : value]) });
    }
  };
  return asked;
});
export const remove = (id) => within(["queue"], "readwrite", (store) => store("queue").delete(id));

const DRAFTS_FOR = 30 * 24 * 3600e3;
export const draftOf = (key) => within(["drafts"], "readonly", (store) => store("drafts").get(key));
export const keepDraft = (draft) => within(["drafts"], "readwrite", (store) => store("drafts").put(draft));
export const dropDraft = (key) => within(["drafts"], "readwrite", (store) => store("drafts").delete(key));
export const dropOldDrafts = () => within(["drafts"], "readwrite", (store) => {
  const asked = store("drafts").openCursor();
  asked.onsuccess = () => {
    const at = asked.result;
    if (!at) return;
    if (at.value.at < Date.now() - DRAFTS_FOR) at.delete();
    at.continue();
  };
  return asked;
});

// The service worker: the files of this release, and the pages kept for one account and post. `self.zijing` names them.
const { release, shell } = self.zijing;
const ASSETS = `assets-${release}`, OFFLINE = "/offline/", LIST = "/waiting/", RECORD = "/kept";
const PATIENCE = 6000, FETCHING = 30_000, EVERY = 10 * 60_000, LONGEST = 3 * 24 * 3600e3;
const LEAVING = /^\/(?:sign-out|act-as|demo\/as)\//, HASHED = /\.[0-9a-f]{12}\.\w+$/;
const nameOf = (whose) => `pages-${release}-${whose}`;
const pageCaches = async () => (await caches.keys()).filter((name) => name.startsWith("pages-"));

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(shell)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Whoever signs out or changes the post takes all pages along: what is still being fetched is not kept either.
let owner = null;
const owns = (whose) => owner === null || owner === whose;
const forget = async (except = "") => {
  owner = except;
  const gone = (await pageCaches()).filter((name) => !except || !name.endsWith(`-${except}`));
  await Promise.all(gone.map((name) => caches.delete(name)));
};
const copyOf = async (request) => {
  for (const name of (await pageCaches()).sort((one) => (one.startsWith(`pages-${release}-`) ? -1 : 1))) {
    const cache = await caches.open(name), { pathname } = new URL(request.url), exactly = { ignoreVary: true };
    const found = (await cache.match(request, exactly)) || (request.mode === "navigate" && (await cache.match(pathname, exactly)));
    if (found && Date.now() - Number(found.headers.get("X-Kept")) < LONGEST) return found;
  }
  return null;
};
const put = async (cache, address, answer, stamp) => {
  const headers = new Headers(answer.headers), now = Date.now();
  headers.set("X-Kept", now);
  headers.set("X-Stamp", stamp);
  const isPage = headers.get("Content-Type")?.startsWith("text/html");
  const body = isPage ? (await answer.text()).replace('data-kept=""', `data-kept="${now}"`) : await answer.blob();
  await cache.put(address, new Response(body, { headers }));
};

// Learns from every page that came: whose it is; and keeps the newest copy of those that are kept.
const learn = async (request, answer) => {
  if (!answer.ok || answer.type !== "basic") return;
  const whose = answer.headers.get("X-Whose");
  await forget(whose || "");
  if (!whose || !(await caches.has(nameOf(whose)))) return;
  const cache = await caches.open(nameOf(whose)), { pathname, search } = new URL(request.url);
  const kept = search ? null : await cache.match(pathname);
  if (kept && owns(whose)) await put(cache, pathname, answer, kept.headers.get("X-Stamp"));
};
const page = async (event) => {
  const { request } = event, copy = await copyOf(request);
  const coming = fetch(request).then((answer) => { event.waitUntil(learn(request, answer.clone())); return answer; });
  const instead = async () => copy || (await caches.match(OFFLINE)) || Response.error();
  if (!copy) return coming.catch(instead);
  coming.catch(() => {});
  return Promise.race([coming, new Promise((done) => { setTimeout(() => done(copy), PATIENCE); })]).catch(instead);
};
const asset = async (request) => {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept && HASHED.test(request.url) ? kept : fetch(request).catch(() => kept || Response.error());
};
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method !== "GET") { if (LEAVING.test(url.pathname)) event.waitUntil(forget()); return; }
  if (url.pathname.startsWith("/static/") || request.destination === "manifest") event.respondWith(asset(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/files/")) event.respondWith(fetch(request).catch(async () => (await copyOf(request)) || Response.error()));
});

// Fetches what is to be kept and is not yet, or has changed; then lets go of what belongs to others and older releases.
const keepPages = async (whose, lang, force) => {
  const name = nameOf(whose), record = (await caches.has(name)) && (await (await caches.open(name)).match(RECORD));
  const before = record && (await record.json());
  if (before && !force && before.lang === lang && Date.now() - before.at < EVERY) return true;
  const within = () => ({ signal: AbortSignal.timeout?.(FETCHING) });
  const answer = await fetch(LIST, { headers: { Accept: "application/json" }, ...within() });
  const isMine = (found) => found.ok && !found.redirected && found.headers.get("X-Whose") === whose;
  if (!isMine(answer)) return false;
  await forget(whose);
  const { pages } = await answer.json(), cache = await caches.open(name), wanted = new Set([RECORD]);
  for (const [address, stamp] of pages) {
    wanted.add(address);
    const kept = await cache.match(address);
    if (kept && kept.headers.get("X-Stamp") === stamp) continue;
    const found = await fetch(address, { headers: { Accept: "text/html, image/*" }, ...within() });
    if (!owns(whose)) return false;
    if (isMine(found)) await put(cache, address, found, stamp);
  }
  for (const old of await cache.keys()) {
    const { pathname, search } = new URL(old.url);
    if (!wanted.has(pathname + search)) await cache.delete(old);
  }
  if (!owns(whose)) return false;
  await cache.put(RECORD, new Response(JSON.stringify({ at: Date.now(), lang })));
  const stale = (await caches.keys()).filter((one) => one !== name && one !== ASSETS);
  await Promise.all(stale.map((one) => caches.delete(one)));
  return true;
};
let running = Promise.resolve();
self.addEventListener("message", (event) => {
  const { keep, lang, force } = event.data;
  if (!keep) return;
  running = running.then(() => keepPages(keep, lang, force)).catch(() => false);
  event.waitUntil(running.then((done) => done && event.source?.postMessage({ kept: keep })));
});

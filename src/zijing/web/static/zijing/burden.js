// How long a form takes: from its first input to its sending, not while the page is hidden. Told on the next page, so that
// sending never waits for it; a form that came back with errors goes on counting. Kind, seconds, number of fields: no more.
(() => {
  const KEY = "zijing-filling";
  const kept = () => { try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; } };
  const keep = (said) => { try { said ? sessionStorage.setItem(KEY, JSON.stringify(said)) : sessionStorage.removeItem(KEY); } catch { /* private window */ } };
  const form = document.querySelector("form[data-timed]");
  const again = form && (form.querySelector("[aria-invalid=true]") || document.querySelector(".notice-error[role=alert]"));
  const before = kept();
  let spent = 0, since = 0;

  if (before && again && before.kind === form.dataset.timed) {
    spent = before.seconds * 1000;
    since = performance.now();
  } else if (before) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    const body = new URLSearchParams({ ...before, csrfmiddlewaretoken: token || "" });
    if (token && navigator.onLine) fetch("/burden/note/", { method: "POST", body, keepalive: true }).catch(() => {});
  }
  keep(null);
  if (!form) return;

  const pause = () => { if (since) { spent += performance.now() - since; since = 0; } };
  form.addEventListener("input", () => { if (!since && !document.hidden) since = performance.now(); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) pause(); else if (spent) since = performance.now();
  });
  form.addEventListener("submit", () => {
    pause();
    const filled = [...form.elements].filter((e) => e.name && e.type !== "hidden" && (["radio", "checkbox"].includes(e.type) ? e.checked : e.value));
    if (spent) keep({ kind: form.dataset.timed, seconds: Math.max(1, Math.round(spent / 1000)), fields: filled.length });
  }, true);
})();

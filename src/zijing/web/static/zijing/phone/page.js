// What every page of a phone says of itself: whose it is, since when it has been kept, and its words.
export const line = document.getElementById("phone-line");
export const whose = line.dataset.whose;
// When this copy was kept on the phone; 0 for a page that has just come from the server.
export const keptAt = Number(line.dataset.kept || 0);

export const words = (place, key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), place.dataset[key] || "");
export const clock = (at) => {
  const when = new Date(at), time = when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return when.toDateString() === new Date().toDateString() ? time : `${when.getMonth() + 1}-${when.getDate()} ${time}`;
};
export const make = (name, className, more = {}) => Object.assign(document.createElement(name), { className, ...more });
export const tell = (text, tone = "") => {
  const notice = make("p", `notice${tone && ` notice-${tone}`}`, { textContent: text });
  notice.setAttribute("role", "status");
  document.getElementById("notices").append(notice);
  return notice;
};
export const addressOf = (form) => {
  const { pathname, search } = new URL(form.getAttribute("action") || location.pathname, location);
  return pathname + search;
};
export const isHere = (address) => address.split("?")[0] === location.pathname;
// An id of its own for what is sent, also where the browser knows no crypto.randomUUID (plain http).
export const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((b, n) => ([4, 6, 8, 10].includes(n) ? "-" : "") + b.toString(16).padStart(2, "0")).join("");
};

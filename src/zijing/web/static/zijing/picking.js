// Choices among many: a few characters or initials bring those that fit. What is sent is the select below, as without this.
(() => {
  const MOST = 8;
  const typed = (letters, term) => letters.split("|").some((name) => {
    const places = name.split(" ");
    return places.some((_, from) => [...term].every((letter, n) => (places[from + n] || "").includes(letter)));
  });
  // How well a term fits: 0 the name begins so, 1 the name has it, 2 another word or the group, 3 the initials; -1 not.
  const fit = (option, term) => {
    const name = option.text.toLowerCase();
    if (name.startsWith(term)) return 0;
    if (name.includes(term)) return 1;
    const group = option.parentElement.label || "";
    if (`${option.dataset.also || ""}|${group}`.toLowerCase().includes(term)) return 2;
    return typed(option.dataset.letters || "", term) ? 3 : -1;
  };
  const fitting = (select, asked) => {
    const terms = asked.toLowerCase().split(/\s+/).filter(Boolean);
    if (!terms.length) return [];
    const ranked = [...select.options].filter((option) => option.value).map((option) => [option, terms.map((term) => fit(option, term))]);
    return ranked
      .filter(([, fits]) => !fits.includes(-1))
      .map(([option, fits]) => [option, Math.max(...fits)])
      .sort((one, other) => one[1] - other[1])
      .slice(0, MOST)
      .map(([option]) => option);
  };
  const make = (name, className, more = {}) => Object.assign(document.createElement(name), { className, ...more });

  const enhance = (select) => {
    const list = make("ul", "pick-list", { id: `${select.id}-fitting`, role: "listbox", hidden: true });
    const box = make("input", "form-control", { type: "search", placeholder: select.dataset.pick, autocomplete: "off", role: "combobox" });
    const hint = make("p", "help pick-hint");
    const say = (name, value) => box.setAttribute(`aria-${name}`, value);
    const label = document.querySelector(`label[for="${select.id}"]`);
    say("label", `${label ? label.firstChild.textContent : ""} ${select.dataset.pick}`.trim());
    say("controls", list.id);
    say("autocomplete", "list");
    let found = [], at = 0;

    const mark = () => [...list.children].forEach((row, n) => {
      row.setAttribute("aria-selected", String(n === at && found.length > 0));
      if (n === at && row.id) { say("activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); }
    });
    const close = () => { list.hidden = true; say("expanded", "false"); box.removeAttribute("aria-activedescendant"); };
    const tell = () => { hint.textContent = select.selectedOptions[0]?.dataset.hint || ""; };
    const choose = (option) => {
      select.value = option.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      box.value = "";
      close();
    };
    const show = () => {
      found = fitting(select, box.value);
      at = 0;
      list.replaceChildren(...found.map((option, n) => {
        const row = make("li", "", { id: `${list.id}-${n}`, role: "option" });
        row.append(make("b", "", { textContent: option.text }));
        const more = [option.parentElement.label, option.dataset.hint].filter((text) => text && text !== option.text).join(" · ");
        if (more) row.append(make("span", "quiet", { textContent: more }));
        row.addEventListener("click", () => choose(option));
        return row;
      }));
      if (!found.length) list.append(make("li", "quiet", { textContent: select.dataset.none }));
      list.hidden = !box.value.trim();
      say("expanded", String(!list.hidden));
      mark();
    };
    box.addEventListener("input", show);
    box.addEventListener("focus", () => { if (box.value.trim()) show(); });
    box.addEventListener("blur", close);
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    box.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") { event.preventDefault(); if (!list.hidden && found[at]) choose(found[at]); }
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
      if (["ArrowDown", "ArrowUp"].includes(event.key) && found.length) {
        event.preventDefault();
        at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
        mark();
      }
    });
    select.addEventListener("change", tell);
    const holder = make("div", "pick");
    holder.append(box, list);
    const row = select.closest(".with-unit") || select;
    row.before(holder);
    row.after(hint);
    close();
    tell();
  };
  document.querySelectorAll("select[data-pick]").forEach(enhance);

  // A suggestion fills its field when it is pressed, never by itself.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    const field = button.closest("form").elements[button.dataset.fill];
    const lists = field instanceof RadioNodeList || field.tagName === "SELECT";
    field.value = lists ? button.dataset.value : button.dataset.text;
    if (field.tagName) field.dispatchEvent(new Event("change", { bubbles: true }));
    for (const other of document.querySelectorAll(`[data-fill="${button.dataset.fill}"]`)) other.setAttribute("aria-pressed", String(other === button));
  });
})();

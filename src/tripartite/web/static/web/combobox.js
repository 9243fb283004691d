/* Search with proposals, after the ARIA combobox pattern. The list is filled by htmx; choosing works by arrow keys,
   Enter, or pointer; Escape or Alt+↑ closes the list, an arrow opens it again. Markup: [data-combobox] holds
   input[role=combobox], [role=listbox] and input[data-chosen]. An option says data-value and data-text, or data-href to go somewhere. */
"use strict";

(() => {
  const parts = (box) => ({
    field: box.querySelector("[role=combobox]"),
    list: box.querySelector("[role=listbox]"),
    chosen: box.querySelector("[data-chosen]"),
  });
  const options = (list) => [...list.querySelectorAll("[role=option]")];

  /* the one option whose name is what was typed, accents and hyphens apart */
  const plain = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
  const named = (list, typed) => {
    const same = options(list).filter((one) => plain(one.dataset.text ?? "") === plain(typed));
    return same.length === 1 && plain(typed) ? same[0] : null;
  };

  /* proposals made for another text than what is typed now: nothing of them is to be chosen */
  const stale = ({ field, list }) => "asked" in list.dataset && list.dataset.asked !== field.value;

  const point = ({ field, list }, option) => {
    for (const one of options(list)) one.setAttribute("aria-selected", String(one === option));
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };

  /* closed, the list keeps its options: an arrow opens it again */
  const close = ({ field, list }) => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    point({ field, list }, null);
  };

  const open = ({ field, list }) => {
    list.hidden = false;
    field.setAttribute("aria-expanded", String(options(list).length > 0));
  };

  const choose = (box, option) => {
    const { field, list, chosen } = parts(box);
    if (option.dataset.href) {
      location.assign(option.dataset.href);
      return;
    }
    field.value = list.dataset.asked = option.dataset.text;
    if (chosen) {
      chosen.value = option.dataset.value;
      chosen.dispatchEvent(new Event("change", { bubbles: true }));
    }
    close({ field, list });
    field.focus();
  };

  const move = (box, step) => {
    const { field, list } = parts(box);
    const all = options(list);
    if (!all.length || stale({ field, list })) return;
    if (list.hidden) open({ field, list });
    const present = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const next = present < 0 ? (step > 0 ? 0 : all.length - 1) : (present + step + all.length) % all.length;
    point({ field, list }, all[next]);
  };

  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("[data-combobox]");
    if (!box || event.target.getAttribute("role") !== "combobox") return;
    const { field, list } = parts(box);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!event.altKey) move(box, event.key === "ArrowDown" ? 1 : -1);
      else if (event.key === "ArrowUp") close({ field, list });
      else if (options(list).length) open({ field, list });
    } else if (event.key === "Enter" && !list.hidden) {
      const pointed = list.querySelector('[aria-selected="true"]') ?? named(list, field.value);
      if (!pointed) return;
      event.preventDefault();
      choose(box, pointed);
    } else if (event.key === "Escape" && options(list).length && !list.hidden) {
      event.preventDefault();
      close({ field, list });
    }
  });

  document.addEventListener("click", (event) => {
    const option = event.target.closest("[data-combobox] [role=option]");
    if (option) choose(option.closest("[data-combobox]"), option);
    for (const box of document.querySelectorAll("[data-combobox]")) {
      if (!box.contains(event.target)) close(parts(box));
    }
  });

  document.addEventListener("focusout", (event) => {
    const box = event.target.closest?.("[data-combobox]");
    if (box && event.relatedTarget && !box.contains(event.relatedTarget)) close(parts(box));
  });

  /* what is typed after a choice undoes it */
  document.addEventListener("input", (event) => {
    const box = event.target.closest?.("[data-combobox]");
    if (!box || event.target.getAttribute("role") !== "combobox") return;
    const { field, list, chosen } = parts(box);
    if (stale({ field, list })) point({ field, list }, null);
    if (chosen?.value) {
      chosen.value = "";
      chosen.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const box = event.target.closest?.("[data-combobox]");
    if (!box || event.target.getAttribute("role") !== "listbox") return;
    const { field, list } = parts(box);
    list.dataset.asked = event.detail.requestConfig.parameters[field.name];
    if (document.activeElement !== field) {
      close({ field, list });
      return;
    }
    const count = options(list).length;
    open({ field, list });
    const live = document.getElementById("live");
    if (!live) return;
    if (count === 0) live.textContent = list.querySelector(".none")?.textContent ?? "Aucune proposition.";
    else live.textContent = `${count} ${count > 1 ? "propositions" : "proposition"}, flèches haut et bas pour choisir.`;
  });
})();

/* What the estimator's live page would otherwise forget. Nothing here computes a price. */
"use strict";

(() => {
  const filled = (form) => {
    const query = new URLSearchParams();
    if (form) {
      for (const [name, value] of new FormData(form)) if (value.trim() !== "") query.set(name, value);
    }
    return query;
  };

  /* searching keeps what is typed in the estimate */
  const search = document.getElementById("recherche");
  search?.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = filled(document.getElementById("estimation"));
    query.set("q", search.querySelector("[name=q]").value);
    location.assign(`${search.action}?${query}`);
  });

  /* answers opened stay open when amounts change */
  let open = [];
  document.addEventListener("htmx:beforeSwap", () => {
    open = [...document.querySelectorAll("details.why[open]")].map((details) => details.id);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const id of open) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    for (const slot of document.querySelectorAll(".field-error.slot")) {
      for (const field of document.querySelectorAll(`[aria-describedby~="${slot.id}"]`)) {
        if (slot.textContent.trim()) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      }
    }
  });
})();

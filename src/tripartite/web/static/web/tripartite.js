/* The small live parts of every page. Each page works without this file; nothing here computes a price. */
"use strict";

(() => {
  const live = () => document.getElementById("live");

  const announce = (text) => {
    const region = live();
    if (region) region.textContent = text;
  };

  /* − and + beside a number field */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const field = button.closest(".stepper").querySelector("input");
    if (button.dataset.step === "up") field.stepUp();
    else field.stepDown();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });

  /* a menu closes on Escape and when the focus or a click goes elsewhere */
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  /* copy the text of a field or an address */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
    announce("Lien copié.");
    button.textContent = "Lien copié";
  });

  /* a form is sent once, even when its button is pressed twice */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  /* what is refused takes the focus, which shows: its summary, the words of the refusal, or the first field at fault */
  const FAULTY = ".field.wrong :is(input, select, textarea)";
  const meetErrors = (root) => {
    const said = root.querySelector(".error-summary, [data-refused]");
    said?.setAttribute("tabindex", "-1");
    said?.focus();
    return said;
  };
  if (!meetErrors(document)) document.querySelector(FAULTY)?.focus();
  document.addEventListener("htmx:afterSettle", (event) => meetErrors(event.target));

  document.addEventListener("htmx:responseError", () =>
    announce("La mise à jour a échoué. Rechargez la page ; si cela continue, réessayez dans quelques minutes."),
  );
  document.addEventListener("htmx:sendError", () =>
    announce("Le serveur ne répond pas. Vérifiez la connexion, puis réessayez."),
  );
})();
